"""The two doors to the database: `read()` for what looks, `write()` for what changes. Nothing else opens a session."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from vidpipe_tui.db.engine import get_engine, is_locked, translate
from vidpipe_tui.errors import DatabaseError

LOCK_PATIENCE_SECONDS = 30.0


@dataclass(slots=True)
class _Doors:
    """Sessions of one engine, and the lock that lets this process's writers queue in memory, not in SQLite."""

    engine: AsyncEngine
    reading: async_sessionmaker[AsyncSession]
    writing: async_sessionmaker[AsyncSession]
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


_doors: _Doors | None = None
_told: Callable[[str], None] | None = None


def on_lock(tell: Callable[[str], None] | None) -> None:
    """Sets who is told when another process holds the database and we wait for it."""
    global _told  # noqa: PLW0603  # one listener per process
    _told = tell


def _current() -> _Doors:
    global _doors  # noqa: PLW0603  # follows the engine
    engine = get_engine()
    if _doors is None or _doors.engine is not engine:
        writing = engine.execution_options(write=True)
        _doors = _Doors(
            engine,
            async_sessionmaker(engine, expire_on_commit=False, class_=AsyncSession),
            async_sessionmaker(writing, expire_on_commit=False, class_=AsyncSession),
        )
    return _doors


@asynccontextmanager
async def read() -> AsyncIterator[AsyncSession]:
    """A session that only looks. What it would change is rolled back."""
    try:
        async with _current().reading() as session:
            yield session
    except DBAPIError as error:
        raise (translate(error) or error) from error


@asynccontextmanager
async def write(*, patience: float = LOCK_PATIENCE_SECONDS) -> AsyncIterator[AsyncSession]:
    """A session in one transaction that begins IMMEDIATE and commits at the end of the block.

    Waits up to `patience` seconds for a database that another process holds, and says so. The commit is never cut by
    a cancellation: it is waited for, then the cancellation goes on. Raises DatabaseError or StorageError.
    """
    doors = _current()
    try:
        async with doors.turn, doors.writing() as session:
            await _begin(session, patience)
            try:
                yield session
            except BaseException:
                await _to_the_end(session.rollback())
                raise
            await _to_the_end(session.commit())
    except DBAPIError as error:
        raise (translate(error) or error) from error


async def _begin(session: AsyncSession, patience: float) -> None:
    deadline = time.monotonic() + patience
    told = False
    while True:
        try:
            await session.connection()
            return
        except DBAPIError as error:
            if not is_locked(error):
                raise
            await session.rollback()
            if time.monotonic() >= deadline:
                raise DatabaseError(
                    "The database is held by another process.",
                    hint="Wait until it is done, or end it, and try again.",
                ) from error
            if _told is not None and not told:
                _told("The database is held by another process; waiting for it.")
                told = True
            await asyncio.sleep(0.05)


async def _to_the_end(ending: Coroutine[Any, Any, None]) -> None:
    task = asyncio.ensure_future(ending)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            try:
                await asyncio.shield(task)
            except asyncio.CancelledError:
                continue
        task.result()
        raise
