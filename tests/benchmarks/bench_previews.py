"""Pictures in the terminal: `python -m tests.benchmarks.bench_previews`.

Three figures at 80x24 in 24-bit colour: drawing a keyframe from its small copy (in a thread, off the loop), painting
it again (on the loop), and a clip that plays in place (share of one core, decoding and all).
"""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image
from textual.app import App, ComposeResult
from textual.geometry import Region

from tests.benchmarks.bench_joins import make_clip
from vidpipe_tui.media import jobs
from vidpipe_tui.media.pictures import small_copy
from vidpipe_tui.media.small_clips import keep_small
from vidpipe_tui.pictures.palette import Depth
from vidpipe_tui.widgets.player import Player
from vidpipe_tui.widgets.preview import Preview
from vidpipe_tui.widgets.preview_store import Wanted, draw_picture, store_of

SIZE = (80, 24)
ROUNDS = 200
PLAY_SECONDS = 3.0


class Previews(App[None]):
    """One picture and one clip, each as large as the terminal."""

    CSS = "Preview, Player { width: 80; height: 24; }"

    def compose(self) -> ComposeResult:
        """The two widgets."""
        yield Preview()
        yield Player()

    def on_mount(self) -> None:
        """A terminal in full colour, whatever this one is."""
        store_of(self).depth = Depth.TRUE


def make_keyframe(path: Path) -> Path:
    """A soft landscape of 1280x720 with some grain, as a model would paint it."""
    random = np.random.default_rng(1)
    land = Image.fromarray(random.integers(0, 255, (9, 16, 3)).astype(np.uint8)).resize((1280, 720))
    grain = random.integers(-4, 5, (720, 1280, 3))
    Image.fromarray(np.clip(np.asarray(land) + grain, 0, 255).astype(np.uint8)).save(path)
    return path


def milliseconds(work: Callable[[], object], rounds: int) -> float:
    """Median time of one round."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def draw_times(keyframe: Path) -> tuple[float, float]:
    """Milliseconds to make the small copy, and to draw the keyframe from it."""

    def copy() -> None:
        small_copy(keyframe).unlink()

    made = milliseconds(copy, 20)
    small_copy(keyframe)
    wanted = Wanted.of(keyframe, 80, 22)
    return made, milliseconds(lambda: draw_picture(wanted, Depth.TRUE, False), ROUNDS)


async def repaint_time(app: Previews, keyframe: Path) -> float:
    """Milliseconds for all lines of a picture that has been drawn, down to the text for the terminal."""
    preview = app.query_one(Preview)
    preview.show(keyframe)
    while not preview.ready:
        await asyncio.sleep(0.005)
    everything = Region(0, 0, *SIZE)

    def paint() -> list[str]:
        return [line.render(app.console) for line in preview.render_lines(everything)]

    text = "".join(paint())
    assert "48;2;" in text, "there is no picture in these lines"
    return milliseconds(paint, ROUNDS)


async def playing_share(app: Previews, clip: Path) -> tuple[float, int]:
    """Share of one core while a clip plays for the first time, and the frame it got to in that time."""
    player = app.query_one(Player)
    player.open(clip, 16 / 9)
    while player.index < 5:
        await asyncio.sleep(0.005)
    first, began, used = player.index, time.perf_counter(), time.process_time()
    await asyncio.sleep(PLAY_SECONDS)
    share = (time.process_time() - used) / (time.perf_counter() - began)
    shown = player.index - first
    player.close()
    return share, shown


def checked_clip(folder: Path) -> Path:
    """A clip as the pipeline leaves it: checked, with its small copy beside it."""
    clip, part = make_clip(folder / "clip.mp4", 1), folder / "part.mp4"
    jobs.check(str(clip), str(part))
    keep_small(part, clip)
    return clip


async def run() -> None:
    """Measure everything and print the table."""
    with tempfile.TemporaryDirectory(prefix="bench-previews-") as name:
        keyframe = make_keyframe(Path(name) / "keyframe.png")
        clip = await asyncio.to_thread(checked_clip, Path(name))
        made, drawn = draw_times(keyframe)
        app = Previews()
        async with app.run_test(size=SIZE):
            painted = await repaint_time(app, keyframe)
            share, shown = await playing_share(app, clip)
    print(f"{'previews (80x24, 24-bit colour)':<46}{'measured':>12}{'goal':>12}")
    print(f"{'small copy of a 1280x720 keyframe, made once':<46}{made:9.2f} ms{'-':>12}")
    print(f"{'keyframe drawn from its small copy':<46}{drawn:9.2f} ms{3:9.2f} ms")
    print(f"{'painted again':<46}{painted:9.3f} ms{0.1:9.3f} ms")
    print(f"{f'clip in place, {shown / PLAY_SECONDS:.0f} frames a second':<46}{share:10.0%}  {0.15:10.0%}")


def main() -> None:
    """Entry point."""
    asyncio.run(run())


if __name__ == "__main__":
    main()
