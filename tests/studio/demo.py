"""Opens the studio over made-up films, to look at it: `python -m tests.studio.demo [empty|hostile|many|live]`."""

from __future__ import annotations

import asyncio
import sys
from itertools import cycle

from tests.studio.fake import FakeStudio, opener
from tests.studio.films import HOSTILE, project
from vidpipe_tui.app import VidpipeApp
from vidpipe_tui.door import Door


def films(kind: str) -> FakeStudio:
    if kind == "empty":
        return FakeStudio([])
    if kind == "hostile":
        return FakeStudio([project(number, title=title, prompt=title * 3) for number, title in enumerate(HOSTILE)])
    return FakeStudio([project(number) for number in range(10_000 if kind == "many" else 14)])


async def live(studio: FakeStudio) -> None:
    for number in cycle(range(100)):
        await asyncio.sleep(0.05)
        first = next(iter(studio.projects.values()))
        studio.change(first.id, f"poll {number}, still running", spent=number / 100)


async def main(kind: str) -> None:
    studio = films(kind)
    app = VidpipeApp(Door(opener(studio)))
    changing = asyncio.create_task(live(studio)) if kind == "live" else None
    await app.run_async()
    if changing:
        changing.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else ""))
