"""One progress write of the pipeline over one raw sqlite3 commit: `python -m tests.benchmarks.bench_writes`.

The pipeline writes the progress of all clips that run in one transaction; what is told is the share of each of CLIPS.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

if TYPE_CHECKING:
    from vidpipe_tui.pipeline.context import RunContext

ROUNDS, BATCH, CLIPS = 9, 60, 8
GOAL = 1.6


def raw_commits(path: Path) -> float:
    """Median seconds of a commit that updates one row, with our pragmas."""
    with sqlite3.connect(path, isolation_level=None) as db:
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
            db.execute(f"PRAGMA {pragma}")
        db.execute("CREATE TABLE IF NOT EXISTS polls (id TEXT PRIMARY KEY, poll_count INTEGER)")
        db.execute("INSERT OR IGNORE INTO polls VALUES ('a', 0)")
        taken = []
        for count in range(BATCH):
            begun = time.perf_counter()
            db.execute("BEGIN IMMEDIATE")
            db.execute("UPDATE polls SET poll_count = ? WHERE id = 'a'", (count,))
            db.execute("COMMIT")
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


async def progress_writes(clip_ids: list[UUID], context: RunContext) -> float:
    """Median seconds of writing the progress of one of several clips, fenced by the lease."""
    taken = []
    for count in range(BATCH):
        begun = time.perf_counter()
        for clip_id in clip_ids:
            context.poll_counts.note(context, clip_id, count)
        await context.poll_counts.write_now()
        taken.append((time.perf_counter() - begun) / len(clip_ids))
    return statistics.median(taken)


async def measure(folder: Path) -> list[tuple[float, float]]:
    """Alternating rounds of both, in seconds."""
    from types import SimpleNamespace

    from vidpipe_tui.config import load_settings
    from vidpipe_tui.db.doors import write
    from vidpipe_tui.db.leases import acquire, this_process
    from vidpipe_tui.db.models import Scene, VideoClip
    from vidpipe_tui.domain.commands import NewProject
    from vidpipe_tui.pipeline.bus import EventBus
    from vidpipe_tui.pipeline.poll_counts import PollCounts
    from vidpipe_tui.services.studio import Studio

    async with Studio.open(load_settings()) as studio:
        project = await studio.create(NewProject("A bench in the park."))
        holder, clip_ids = this_process(), [uuid4() for _ in range(CLIPS)]
        async with write() as session:
            texts = dict.fromkeys(
                ("scene_description", "start_frame_prompt", "end_frame_prompt", "video_motion_prompt"), "x"
            )
            scene = Scene(project_id=project, scene_index=0, status="video_generating", **texts)
            session.add(scene)
            await session.flush()
            session.add_all(VideoClip(id=clip_id, scene_id=scene.id, status="polling") for clip_id in clip_ids)
            token = await acquire(session, project, holder)
        missing = SimpleNamespace()
        from vidpipe_tui.pipeline.context import RunContext as Context

        context = Context(
            project_id=project, owner=holder.owner, token=token or 0, settings=studio.settings, bus=EventBus(),
            provider=missing, catalogue=missing, files=missing, pool=missing, lanes=missing, poll_counts=PollCounts(),  # type: ignore[arg-type]
        )  # fmt: skip
        rounds = []
        for _ in range(ROUNDS):
            raw = await asyncio.to_thread(raw_commits, folder / "raw.db")
            rounds.append((await progress_writes(clip_ids, context), raw))
        return rounds


def main() -> None:
    """Prints the median of the ratios."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["VIDPIPE_STORAGE__DATABASE_URL"] = f"sqlite+aiosqlite:///{name}/vidpipe.db"
        os.environ["VIDPIPE_STORAGE__TMP_DIR"] = f"{name}/projects"
        rounds = asyncio.run(measure(Path(name)))
    ours = statistics.median(one for one, _ in rounds) * 1000
    raw = statistics.median(one for _, one in rounds) * 1000
    ratio = statistics.median(one / other for one, other in rounds)
    print(f"progress write / raw sqlite3 commit (goal {GOAL}): {ours:.2f} ms / {raw:.2f} ms = {ratio:.2f}")


if __name__ == "__main__":
    main()
