"""Files of a run: what the database is told of them, and whether they still are what it was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from vidpipe_tui.db.takes import NewFile
from vidpipe_tui.durable import sha256_of
from vidpipe_tui.errors import LeaseLostError, VidpipeError
from vidpipe_tui.pipeline.context import RunContext


class FileChangedError(VidpipeError):
    """A file that a row names is gone or is not what it was."""


async def describe(
    context: RunContext,
    path: Path,
    *,
    mime_type: str,
    kind: str,
    size: tuple[int, int] | None = None,
    seconds: float | None = None,
) -> NewFile:
    """What the `files` row of a fresh artefact says."""
    digest = await asyncio.to_thread(sha256_of, path)
    return NewFile(
        path=context.files.relative(path),
        sha256=digest,
        size=path.stat().st_size,
        mime_type=mime_type,
        kind=kind,
        width=size[0] if size else None,
        height=size[1] if size else None,
        duration_seconds=seconds,
    )


@asynccontextmanager
async def withdrawn_if_fenced(path: Path) -> AsyncIterator[None]:
    """Takes a fresh file away again when the lease was lost before a row could name it."""
    try:
        yield
    except LeaseLostError:
        path.unlink(missing_ok=True)
        raise


async def require_unchanged(context: RunContext, stored: str, sha256: str | None, what: str) -> Path:
    """The absolute path of a file that is still what its row says; raises FileChangedError with a sentence."""
    path = context.files.absolute(stored)
    try:
        found = await asyncio.to_thread(sha256_of, path)
    except OSError:
        raise FileChangedError(f"{what} is missing: {path}.", hint="Put the file back, or make a new take.") from None
    if sha256 is not None and found != sha256:
        raise FileChangedError(
            f"{what} is not the file that was made: {path}.", hint="Put the file back, or make a new take."
        )
    return path
