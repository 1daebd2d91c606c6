"""The AsyncEngine, built on first use, and the sessions on it.

`engine` is both this module and a name in it; `from vidpipe_tui.db.engine import engine` gives the AsyncEngine, as
`from vidpipe_tui.db import engine` does. Product code uses the doors `read()` and `write()` of `vidpipe_tui.db.doors`;
`async_session` and `get_session` serve scripts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from vidpipe_tui.config.paths import database_path
from vidpipe_tui.errors import DatabaseError, DatabaseHeldError, DiskFullError

if TYPE_CHECKING:
    engine: AsyncEngine
    async_session: async_sessionmaker[AsyncSession]

__all__ = ["async_session", "configure_sqlite_pragmas", "engine", "get_session", "shutdown"]

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "cache_size=-512")
"""The cache is half a megabyte a connection, a quarter of SQLite's own: what is read often stays in the system's."""
POOL_SIZE = 8

_engine: AsyncEngine | None = None


def configure_sqlite_pragmas(dbapi_connection: DBAPIConnection, _record: ConnectionPoolEntry | None = None) -> None:
    """Sets PRAGMAS on every connection: WAL, full sync, foreign keys, a busy timeout of 5 s, a small cache."""
    # The driver must not begin transactions by itself: `begin` below says BEGIN or BEGIN IMMEDIATE.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    try:
        for pragma in reversed(PRAGMAS):  # the busy timeout first: changing to WAL may have to wait
            cursor.execute(f"PRAGMA {pragma}")
    finally:
        cursor.close()


def build_engine(url: str) -> AsyncEngine:
    """An engine on that address with the pragmas and the BEGIN of our own; raises StorageError for a bad folder."""
    path = database_path(url)
    if path is not None:
        make_folder(path)
    built = create_async_engine(url, pool_size=POOL_SIZE, max_overflow=4, pool_timeout=60)
    if built.dialect.name == "sqlite":
        event.listens_for(built.sync_engine, "connect")(configure_sqlite_pragmas)
        event.listens_for(built.sync_engine, "begin")(_begin)
    return built


def make_folder(path: Path) -> None:
    """Makes the folder of the database; raises StorageError with the next step."""
    try:
        path.expanduser().parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(
            f"The folder {path.parent} of the database cannot be made: {error.strerror}.",
            hint="Set VIDPIPE_STORAGE__DATABASE_URL to a place you may write.",
        ) from None


def _begin(connection: Any) -> None:
    immediate = connection.get_execution_options().get("write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def get_engine() -> AsyncEngine:
    """The one engine of this process, on the address of the settings."""
    global _engine  # noqa: PLW0603  # the one place that holds it
    if _engine is None:
        from vidpipe_tui.config import settings

        _engine = build_engine(settings.storage.database_url)
    return _engine


async def get_session() -> AsyncGenerator[AsyncSession, None]:
    """A session for scripts: `async for session in get_session()`."""
    maker = async_sessionmaker(get_engine(), expire_on_commit=False, class_=AsyncSession)
    async with maker() as session:
        yield session


async def shutdown() -> None:
    """Closes every connection; the engine is built anew on the next use."""
    global _engine
    held, _engine = _engine, None
    if held is not None:
        await held.dispose()


def __getattr__(name: str) -> Any:
    if name == "engine":
        return get_engine()
    if name == "async_session":
        return async_sessionmaker(get_engine(), expire_on_commit=False, class_=AsyncSession)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def is_locked(error: BaseException) -> bool:
    """True when SQLite says that somebody else holds the database."""
    original = getattr(error, "orig", error)
    return isinstance(original, sqlite3.OperationalError) and "locked" in str(original).lower()


def held_elsewhere() -> DatabaseHeldError:
    """What is said when another process does not let the database go."""
    return DatabaseHeldError(
        "The database is held by another process.", hint="Wait until it is done, or end it, and try again."
    )


def translate(error: BaseException) -> Exception | None:
    """SQLite's own errors as ours, with a sentence; None for everything else."""
    original = getattr(error, "orig", error)
    if not isinstance(original, sqlite3.Error):
        return None
    text = str(original).lower()
    if "locked" in text or "busy" in text:
        return held_elsewhere()
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return DatabaseError(
            "The database is damaged.", hint="Put a backup in its place with `vidpipe restore FILE --force`."
        )
    if "full" in text:
        return DiskFullError("The disk is full.", hint="Make room, then go on with `vidpipe resume`.")
    if "readonly" in text or "unable to open" in text or "disk i/o" in text:
        return DatabaseError(
            f"The database cannot be written: {original}.", hint="Check the folder, its rights and the free space."
        )
    return None
