"""The makespan of a film over the lower bound of its graph, with simulated latencies of the local provider."""

from __future__ import annotations

import asyncio
import heapq
import os
import tempfile
import time
from pathlib import Path

CASES = ((15, 4), (50, 10))
STORYBOARD, IMAGE, CLIP = 1.0, 0.8, 8.0
GOAL = 1.03


def lower_bound(scenes: int, lanes: int) -> float:
    """Seconds that no schedule can beat: a chain of scenes + 1 pictures, each clip after its two, `lanes` at a time."""
    free = [0.0] * lanes
    end = 0.0
    for scene in range(scenes):
        ready = STORYBOARD + IMAGE * (scene + 2)
        end = max(ready, heapq.heappop(free)) + CLIP
        heapq.heappush(free, end)
    return end


async def makespan(scenes: int, folder: Path) -> float:
    """Seconds from the start of a run to its finished film."""
    from vidpipe_tui.config import load_settings
    from vidpipe_tui.domain.commands import NewProject
    from vidpipe_tui.services.studio import Studio

    async with Studio.open(load_settings()) as studio:
        project = await studio.create(
            NewProject("A boat leaves the harbour. It meets a whale.", scenes=scenes, clip_seconds=1, seed=1)
        )
        begun = time.perf_counter()
        await studio.start(project)
        outcome = await studio.wait(project)
        taken = time.perf_counter() - begun
        assert outcome.exit_status == 0, outcome
        return taken


def main() -> None:
    """Prints a line per case."""
    print("makespan / lower bound of the graph (goal 1.03)")
    for scenes, lanes in CASES:
        with tempfile.TemporaryDirectory() as name:
            os.environ.update(
                VIDPIPE_STORAGE__DATABASE_URL=f"sqlite+aiosqlite:///{name}/vidpipe.db",
                VIDPIPE_STORAGE__TMP_DIR=f"{name}/projects",
                VIDPIPE_LOCAL__HEIGHT="90",
                VIDPIPE_LOCAL__STORYBOARD_SECONDS=str(STORYBOARD),
                VIDPIPE_LOCAL__IMAGE_SECONDS=str(IMAGE),
                VIDPIPE_LOCAL__CLIP_SECONDS=str(CLIP),
                VIDPIPE_PIPELINE__VIDEO_GEN_CONCURRENCY=str(lanes),
                VIDPIPE_PIPELINE__MAX_SCENES="200",
            )
            taken, bound = asyncio.run(makespan(scenes, Path(name))), lower_bound(scenes, lanes)
        print(f"  {scenes:>3} scenes, {lanes:>2} lanes: {taken:6.1f} s / {bound:6.1f} s = {taken / bound:.3f}")


if __name__ == "__main__":
    main()
