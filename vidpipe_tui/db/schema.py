"""Brings the database to the schema of this program: made new, upgraded after a copy was put aside, or refused."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe_tui.config.paths import database_path
from vidpipe_tui.errors import DatabaseError, StorageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEAD = "0001"
"""The newest revision; Alembic is not loaded where the database already has it."""
MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"
OURS = frozenset({"projects", "scenes", "keyframes", "video_clips", "pipeline_runs"})
"""Tables every revision has; a database without them is somebody else's."""
LOCK_WAIT_SECONDS = 30.0
QUICK_CHECK_BYTES = 8 * 2**20


@dataclass(frozen=True, slots=True)
class Found:
    """What lies at the address: `revision` is None for a database without tables (or no file at all)."""

    revision: str | None
    empty: bool


def revisions() -> tuple[str, ...]:
    """Every revision this program knows, oldest first; read from the file names."""
    names = (re.match(r"(\d{4})_", path.name) for path in (MIGRATIONS / "versions").glob("*.py"))
    return tuple(sorted(match[1] for match in names if match))


def inspect(path: Path) -> Found:
    """Looks at a database file without changing it; raises DatabaseError where it is none of ours, or damaged."""
    try:
        if not path.exists() or path.stat().st_size == 0:
            return Found(None, empty=True)
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=LOCK_WAIT_SECONDS)) as db:
            tables = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not tables - {"sqlite_sequence", VERSION_TABLE}:
                return Found(None, empty=True)
            row = db.execute("SELECT version_num FROM alembic_version").fetchone() if VERSION_TABLE in tables else None
            if row is None or OURS - tables:
                raise DatabaseError(
                    f"{path} is a database of another program; it was not touched.",
                    hint="Set VIDPIPE_STORAGE__DATABASE_URL to another file.",
                )
            if path.stat().st_size < QUICK_CHECK_BYTES and db.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("database disk image is malformed")
            return Found(row[0], empty=False)
    except (OSError, sqlite3.Error) as error:
        raise _unreadable(path, error) from None


def refuse_newer(path: Path, revision: str) -> None:
    """Raises DatabaseError for a revision that this program does not know."""
    if revision not in revisions():
        raise DatabaseError(
            f"The database {path} was made by a newer vidpipe (revision {revision}); it was not touched.",
            hint="Install that version, or set VIDPIPE_STORAGE__DATABASE_URL to another file.",
        )


def _unreadable(path: Path, error: Exception) -> DatabaseError:
    text = str(error).lower()
    if "not a database" in text:
        return DatabaseError(
            f"{path} is not a database.", hint="Set VIDPIPE_STORAGE__DATABASE_URL to another file, or take it away."
        )
    if "disk i/o" in text and _is_sound(path):  # what SQLite keeps beside the file cannot be written
        return DatabaseError(
            f"The database {path} cannot be opened: {error}.", hint="Check the free space and the rights of its folder."
        )
    if "malformed" in text or "disk i/o" in text:
        return DatabaseError(
            f"The database {path} is damaged; it was not touched.",
            hint="Put a backup in its place with `vidpipe restore FILE --force`.",
        )
    if "locked" in text:
        return DatabaseError(
            f"The database {path} is held by another process.", hint="Wait until it is done, or end it, and try again."
        )
    return DatabaseError(f"The database {path} cannot be opened: {error}.", hint="Check the path and its rights.")


def _is_sound(path: Path) -> bool:
    """Whether the file itself is whole, looked at without anything beside it."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            return bool(db.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except (OSError, sqlite3.Error):
        return False


async def init_database() -> None:
    """Creates or upgrades the schema at the configured address.

    An older database is copied aside first (`NAME.before-REVISION-DATE`); a newer or damaged one is refused with
    DatabaseError and not touched.
    """
    from vidpipe_tui.config import settings
    from vidpipe_tui.db.engine import make_folder

    url = settings.storage.database_url
    path = database_path(url)
    if path is None:
        await _upgrade(url)
        return
    make_folder(path)
    found = await asyncio.to_thread(inspect, path)
    if found.revision == HEAD:
        return
    if found.revision is not None:
        refuse_newer(path, found.revision)
        await asyncio.to_thread(copy_aside, path, found.revision)
    await _upgrade(url)


def copy_aside(path: Path, revision: str) -> Path:
    """A consistent copy of a live database beside it, made with SQLite's backup API."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    copy = path.with_name(f"{path.name}.before-{HEAD}-from-{revision}-{stamp}")
    backup_database(path, copy)
    return copy


def backup_database(source: Path, target: Path) -> None:
    """Copies a database that may be in use to `target`, consistently and durably; raises StorageError."""
    try:
        with (
            closing(sqlite3.connect(source, timeout=LOCK_WAIT_SECONDS)) as live,
            closing(sqlite3.connect(target)) as copy,
        ):
            live.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except (OSError, sqlite3.Error) as error:
        target.unlink(missing_ok=True)
        raise StorageError(
            f"The database could not be copied to {target}: {error}.", hint="Make room there and try again."
        ) from None


async def _upgrade(url: str) -> None:
    from sqlalchemy import event
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    from vidpipe_tui.db.engine import is_locked, translate

    engine = create_async_engine(url, poolclass=NullPool)
    event.listens_for(engine.sync_engine, "connect")(_configure_for_migration)
    event.listens_for(engine.sync_engine, "begin")(lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    deadline = asyncio.get_running_loop().time() + LOCK_WAIT_SECONDS
    try:
        while True:
            try:
                async with engine.begin() as connection:
                    await connection.run_sync(run_migrations)
                return
            except DBAPIError as error:
                if not is_locked(error) or asyncio.get_running_loop().time() > deadline:
                    raise (translate(error) or _not_upgraded(error)) from error
                await asyncio.sleep(0.05)
    finally:
        await engine.dispose()


def _not_upgraded(error: Exception) -> DatabaseError:
    return DatabaseError(
        f"The upgrade of the database failed: {getattr(error, 'orig', error)}; the database was left as it was.",
        hint="Report this, and keep using the earlier version.",
    )


def _configure_for_migration(dbapi_connection: sqlite3.Connection, _record: object) -> None:
    dbapi_connection.isolation_level = None
    # With foreign keys on, batch operations would silently delete child rows.
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF"):
        cursor = dbapi_connection.cursor()
        cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def run_migrations(connection: Connection, revision: str = "head") -> None:
    """Upgrades through Alembic on a connection that is in a transaction; nothing happens where it is at head."""
    from alembic import command
    from alembic.config import Config
    from alembic.runtime.migration import MigrationContext

    if MigrationContext.configure(connection).get_current_revision() == HEAD:
        return
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise DatabaseError(
            f"The upgrade would have broken {len(broken)} references; the database was left as it was.",
            hint="Report this, and keep using the earlier version.",
        )
