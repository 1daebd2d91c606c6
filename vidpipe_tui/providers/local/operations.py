"""Operations of the local provider: folders on the disk, known by name alone, that outlive the process.

`operation.json` holds what was asked and how it will end; the rendering runs in the pool beside the waiting and is
started again, with the same result, by whoever asks after a crash.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from vidpipe_tui.durable import (
    process_part,
    storage_errors,
    sync_file,
    sync_folder,
    write_atomically,
    write_durably,
)
from vidpipe_tui.errors import StorageError, VidpipeError
from vidpipe_tui.media.pool import ProcessPool
from vidpipe_tui.providers.base import OperationState, PollAnswer
from vidpipe_tui.providers.errors import NotSentError

RENDER_JOB = "vidpipe_tui.providers.local.jobs:render"
RENDER_PRIORITY = 10
KEPT_SECONDS = 2 * 86_400
"""How long operations are kept, as remote providers do."""
NEARLY_DONE_SECONDS = 0.03
_NAME = re.compile(r"local/operations/([0-9a-f]{32})")


@dataclass(slots=True)
class Operations:
    """The operations below `folder`. Belongs to one event loop."""

    folder: Path
    pool: ProcessPool
    _renders: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    _progress: dict[str, float] = field(default_factory=dict)

    async def submit(self, start: Path, end: Path, *, seconds: float, outcome: str, terms: dict[str, Any]) -> str:
        """Takes an operation on, durably, and begins to render; returns its name.

        It ends `seconds` from now at the earliest, as `outcome` says: ok, filtered, lost, never, corrupt, truncated
        or empty.
        """
        key = uuid4().hex
        record = {"created": time.time(), "seconds": seconds, "outcome": outcome, "terms": terms}
        await asyncio.to_thread(self._write_down, key, start, end, record)
        if outcome in {"ok", "corrupt", "truncated", "empty"}:
            self._render(key, record)
        return f"local/operations/{key}"

    def _write_down(self, key: str, start: Path, end: Path, record: dict[str, Any]) -> None:
        """Is there whole or not at all: written aside, then renamed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = process_part(self.folder, key)
        try:
            with storage_errors(part):
                part.mkdir()
                for source, name in ((start, "start.png"), (end, "end.png")):
                    shutil.copyfile(source, part / name)
                    sync_file(part / name)
                write_durably(part / "operation.json", json.dumps(record).encode())
                sync_folder(part)
                part.rename(self.folder / key)
                sync_folder(self.folder)
        except StorageError as error:
            shutil.rmtree(part, ignore_errors=True)
            raise NotSentError(error.message, hint=error.hint) from error

    def poll(self, name: str) -> PollAnswer:
        """How the operation stands."""
        key = self._key(name)
        record = self._record(key)
        if key is None or record is None or record["outcome"] == "lost":
            return PollAnswer(OperationState.LOST, reason="The provider does not know this operation any more.")
        left = self._left(key, record)
        if record["outcome"] == "never":
            return PollAnswer(OperationState.RUNNING)
        if left > 0:
            return PollAnswer(
                OperationState.RUNNING,
                progress=min(1.0, 1 - left / record["seconds"]) if record["seconds"] else None,
                next_poll_seconds=left + 0.002,
            )
        if record["outcome"] == "filtered":
            return PollAnswer(OperationState.FILTERED, reason="The clip was held back by the safety filter.")
        if not (self.folder / key / "clip.mp4").exists():
            failed = self._failure(key)
            if failed:
                return PollAnswer(OperationState.TRANSIENT, reason=f"The clip could not be rendered: {failed}")
            self._render(key, record)
            return PollAnswer(
                OperationState.RUNNING, progress=self._progress.get(key), next_poll_seconds=NEARLY_DONE_SECONDS
            )
        return PollAnswer(OperationState.DONE, progress=1.0)

    def fetch(self, name: str, destination: Path) -> bool:
        """Copies the clip; False when there is none any more. Blocks: call it in a thread."""
        key = self._key(name)
        record = self._record(key)
        source = self.folder / (key or "-") / "clip.mp4"
        if record is None or not source.exists():
            return False
        shutil.copyfile(source, destination)
        spoil(destination, record["outcome"])
        return True

    def scene_index(self, name: str) -> int | None:
        """Which scene (from 0) the operation films; None where it is not known any more."""
        record = self._record(self._key(name))
        return None if record is None else record["terms"].get("scene_index")

    def cancel(self, name: str) -> bool:
        """Ends an operation for good."""
        key = self._key(name)
        if key is None or not (self.folder / key).exists():
            return False
        task = self._renders.pop(key, None)
        if task is not None:
            task.cancel()
        shutil.rmtree(self.folder / key, ignore_errors=True)
        return True

    def forget_old(self) -> None:
        """Takes away operations that ended long ago."""
        for record in self.folder.glob("*/operation.json"):
            if time.time() - record.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(record.parent, ignore_errors=True)

    async def aclose(self) -> None:
        """Ends the renderings of this process; whoever polls later begins them again."""
        tasks = list(self._renders.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._renders.clear()

    def _render(self, key: str, record: dict[str, Any]) -> None:
        if key in self._renders and not self._renders[key].done():
            return
        self._renders[key] = asyncio.create_task(self._rendered(key, record), name=f"render {key}")

    async def _rendered(self, key: str, record: dict[str, Any]) -> None:
        folder = self.folder / key

        def note(progress: float) -> None:
            self._progress[key] = progress

        paths = {"start": str(folder / "start.png"), "end": str(folder / "end.png"), "out": str(folder / "clip.mp4")}
        await self.pool.run(RENDER_JOB, {**paths, **record["terms"]}, priority=RENDER_PRIORITY, on_progress=note)

    def _failure(self, key: str) -> str:
        task = self._renders.get(key)
        if task is None or not task.done() or task.cancelled():
            return ""
        error = task.exception()
        if error is None:
            return ""
        del self._renders[key]
        return error.message if isinstance(error, VidpipeError) else repr(error)

    def _left(self, key: str, record: dict[str, Any]) -> float:
        elapsed = time.time() - float(record["created"])
        if elapsed < 0:  # the clock was set back: count from now
            record["created"] = time.time()
            write_atomically(self.folder / key / "operation.json", json.dumps(record).encode())
            elapsed = 0.0
        return max(0.0, float(record["seconds"]) - elapsed)

    def _key(self, name: str) -> str | None:
        match = _NAME.fullmatch(name)
        return match[1] if match else None

    def _record(self, key: str | None) -> dict[str, Any] | None:
        try:
            record: dict[str, Any] = json.loads((self.folder / (key or "-") / "operation.json").read_bytes())
        except (OSError, ValueError):
            return None
        return record


def spoil(path: Path, how: str) -> None:
    """Damages a file as a fault asks: corrupt, truncated, empty, or a notice in its place; anything else leaves it."""
    if how == "empty":
        path.write_bytes(b"")
    elif how in {"not_json", "filtered"}:
        path.write_bytes(b"<html><body>Your clip is not here.</body></html>")
    elif how == "truncated":
        data = path.read_bytes()
        path.write_bytes(data[: len(data) * 2 // 3])
    elif how == "corrupt":
        damaged = bytearray(path.read_bytes())
        middle = len(damaged) // 2
        span = max(16, len(damaged) // 4)
        damaged[middle : middle + span] = b"\x00\xff" * (span // 2)
        path.write_bytes(bytes(damaged))
