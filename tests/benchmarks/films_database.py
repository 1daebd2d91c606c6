"""Fills a database with many projects, fast: plain SQLite below the schema the program made."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

STATUSES = ("complete", "complete", "failed", "stopped", "keyframe_review", "pending", "complete", "storyboard_review")
SCENES = 3
INIT = """
import asyncio, vidpipe_tui.db as db

async def main():
    await db.init_database()
    await db.shutdown()

asyncio.run(main())
"""


def make(folder: Path, projects: int) -> dict[str, str]:
    """A database with that many projects below `folder`; returns the environment that makes the program use it."""
    folder.mkdir(parents=True, exist_ok=True)
    database = folder / "vidpipe.db"
    environment = {
        "VIDPIPE_STORAGE__DATABASE_URL": f"sqlite+aiosqlite:///{database}",
        "VIDPIPE_STORAGE__TMP_DIR": str(folder / "projects"),
        **{f"XDG_{kind}_HOME": str(folder / kind.lower()) for kind in ("STATE", "CONFIG", "DATA", "CACHE")},
    }
    if database.exists():
        return environment
    subprocess.run([sys.executable, "-c", INIT], env={**os.environ, **environment}, check=True)
    connection = sqlite3.connect(database)
    with connection:
        _insert(connection, projects)
    connection.close()
    return environment


def _insert(connection: sqlite3.Connection, projects: int) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    for number in range(projects):
        project = UUID(int=number + 1).hex
        moment = (now - timedelta(minutes=number)).isoformat(sep=" ")
        status = STATUSES[number % len(STATUSES)]
        connection.execute(
            "INSERT INTO projects (id, prompt, style, aspect_ratio, target_clip_duration, status, created_at,"
            " updated_at, title, scene_count) VALUES (?, ?, 'cinematic', '16:9', 4, ?, ?, ?, ?, ?)",
            (
                project,
                f"A cat walks through alley {number} in the rain.",
                status,
                moment,
                moment,
                f"Film {number}",
                SCENES,
            ),
        )
        for index in range(SCENES):
            scene = UUID(int=(number + 1) * 1000 + index).hex
            connection.execute(
                "INSERT INTO scenes (id, project_id, scene_index, scene_description, start_frame_prompt,"
                " end_frame_prompt, video_motion_prompt, status) VALUES (?, ?, ?, 'An alley', 'a', 'b', 'c', ?)",
                (scene, project, index, "video_done" if status == "complete" else "pending"),
            )
        connection.execute(
            "INSERT INTO api_calls (project_id, kind, provider, model, state, request_hash, cost_estimate, created_at)"
            " VALUES (?, 'image', 'local', 'local-image', 'succeeded', 'x', 0.04, ?)",
            (project, moment),
        )
