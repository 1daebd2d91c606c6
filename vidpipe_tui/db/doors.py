"""The two doors to the database: `read()` for what looks, `write()` for what changes. Nothing else opens a session."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker
from sqlalchemy.orm import ORMExecuteState, Session

from vidpipe_tui.db.engine import get_engine, held_elsewhere, is_locked, translate

LOCK_PATIENCE_SECONDS = 30.0
TELL_SECONDS = 1.0
"""How long a lock may last before the person is told."""


class _ReadingSession(Session):
    """A session that refuses to change anything, so that a mistake is found at once and not lost in a rollback."""

    def flush(self, objects: Sequence[Any] | None = None) -> None:
        if not self._is_clean():
            raise _refusal()

    def commit(self) -> None:
        raise _refusal()


@event.listens_for(_ReadingSession, "do_orm_execute")
def _only_look(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise _refusal()


def _refusal() -> RuntimeError:
    return RuntimeError("A session of read() changes nothing; use write().")


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
            async_sessionmaker(engine, expire_on_commit=False, class_=AsyncSession, sync_session_class=_ReadingSession),
            async_sessionmaker(writing, expire_on_commit=False, class_=AsyncSession),
        )
    return _doors


@asynccontextmanager
async def read() -> AsyncIterator[AsyncSession]:
    """A session that only looks; what would change something raises RuntimeError."""
    try:
        async with _current().reading() as session:
            yield session
    except DBAPIError as error:
        raise (translate(error) or error) from error


@asynccontextmanager
async def write(*, patience: float | None = None) -> AsyncIterator[AsyncSession]:
    """A session in one transaction that begins IMMEDIATE and commits at the end of the block.

    Waits up to `patience` seconds (LOCK_PATIENCE_SECONDS) for a database that another process holds, and says so. The
    commit is never cut by a cancellation: it is waited for, then the cancellation goes on. Raises DatabaseError or
    StorageError.
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


async def _begin(session: AsyncSession, patience: float | None) -> None:
    deadline = time.monotonic() + (LOCK_PATIENCE_SECONDS if patience is None else patience)
    with _telling():
        while True:
            try:
                await session.connection()
                return
            except DBAPIError as error:
                if not is_locked(error):
                    raise
                await session.rollback()
                if time.monotonic() >= deadline:
                    raise held_elsewhere() from error
                await asyncio.sleep(0.05)


@contextmanager
def _telling() -> Iterator[None]:
    """Says that we wait, while the block takes longer than a moment."""

    def tell() -> None:
        if _told is not None:
            _told("The database is held by another process; waiting for it.")

    timer = asyncio.get_running_loop().call_later(TELL_SECONDS, tell)
    try:
        yield
    finally:
        timer.cancel()


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
