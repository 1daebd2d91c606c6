"""Pages of the project list straight from SQLite, before anything slow is loaded: read-only, standard library only.

The one reader beside the two doors of the database. It never writes, waits or complains: where the database is
missing, locked, of another version or another kind it answers None, and the service says what is wrong.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

from vidpipe_tui.config.paths import data_folder, quick_database_path, quick_setting
from vidpipe_tui.domain.statuses import CallState, ProjectStatus
from vidpipe_tui.domain.views import ProjectPage, ProjectRow

PAGE = 64
_LOCK_SECONDS = 0.02
_MIGRATIONS = Path(__file__).parent.parent / "db" / "migrations" / "versions"

# What a failed call estimated was not billed; everything else counts, as in the ledger.
_PRICE = f"CASE WHEN state = '{CallState.FAILED}' THEN 0 ELSE coalesce(cost, cost_estimate) END"
# The plus keeps SQLite from reading all rows by deleted_at and sorting them: the order comes from an index.
_SCENES = "SELECT count(*) FROM scenes s WHERE s.project_id = p.id"
_ROWS = f"""
SELECT p.id, p.title, substr(p.prompt, 1, 600), p.status, p.provider, p.style, p.aspect_ratio, p.target_clip_duration,
  p.scene_count, p.budget, p.created_at, p.updated_at, p.error_message, p.output_path,
  ({_SCENES}),
  ({_SCENES} AND s.status = 'video_done'),
  ({_SCENES} AND s.status = 'in_doubt'),
  (SELECT count(*) FROM scenes s JOIN keyframes k ON k.scene_id = s.id WHERE s.project_id = p.id AND k.selected),
  (SELECT coalesce(sum({_PRICE}), 0) FROM api_calls a WHERE a.project_id = p.id),
  (SELECT count(*) FROM leases l WHERE l.project_id = p.id AND l.owner IS NOT NULL AND l.expires_at > ?)
FROM projects p WHERE +p.deleted_at IS NULL ORDER BY p.updated_at DESC, p.created_at DESC, p.id LIMIT ? OFFSET ?
"""  # noqa: S608  # constants only
_TODAY = f"SELECT coalesce(sum({_PRICE}), 0) FROM api_calls WHERE created_at >= ?"  # noqa: S608


def first_page(limit: int = PAGE, offset: int = 0, *, database: Path | None = None) -> ProjectPage | None:
    """The projects by last change, newest first, without the deleted ones; None when there is no readable database."""
    path = database or quick_database_path()
    try:
        if path is None or not path.is_file():
            return None
        uri = f"file:{quote(str(path.absolute()))}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=_LOCK_SECONDS, isolation_level=None)
    except (OSError, sqlite3.Error):
        return None
    try:
        connection.execute("BEGIN")
        return _read(connection, limit, offset) if _known(connection) else None
    except (sqlite3.Error, ValueError, TypeError):
        return None
    finally:
        connection.close()


def _known(connection: sqlite3.Connection) -> bool:
    """Whether this program knows the database's revision (the migrations are named after it)."""
    (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or ("",)
    return bool(revision) and any(_MIGRATIONS.glob(f"{revision}*.py"))


def _read(connection: sqlite3.Connection, limit: int, offset: int) -> ProjectPage:
    now = datetime.now(UTC)
    midnight = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    (total,) = connection.execute("SELECT count(*) FROM projects WHERE deleted_at IS NULL").fetchone()
    (today,) = connection.execute(_TODAY, (_stored(midnight),)).fetchone()
    rows = connection.execute(_ROWS, (_stored(now), limit, offset))
    return ProjectPage(tuple(_rows(rows)), total, float(today))


def _rows(found: Iterable[tuple[Any, ...]]) -> Iterable[ProjectRow]:
    storage = Path(quick_setting("storage", "tmp_dir") or data_folder() / "projects").expanduser().absolute()
    for (
        identity,
        title,
        prompt,
        status,
        provider,
        style,
        ratio,
        seconds,
        wanted,
        budget,
        created,
        updated,
        error,
        output,
        scenes,
        filmed,
        doubtful,
        frames,
        spent,
        driven,
    ) in found:
        count = scenes or wanted or 0
        yield ProjectRow(
            id=UUID(identity),
            title=title or _title_of(prompt),
            prompt=prompt,
            status=ProjectStatus(status),
            provider=provider,
            style=style,
            aspect_ratio=ratio,
            clip_seconds=seconds,
            scenes=count,
            scenes_done=filmed,
            done=(1 if scenes else 0) + frames + filmed + (status == ProjectStatus.COMPLETE),
            total=2 + 3 * count,
            spent=float(spent),
            budget=budget,
            created_at=_moment(created),
            updated_at=_moment(updated),
            error_message=error,
            output_path=storage / output if output else None,
            driven=bool(driven),
            doubtful=doubtful,
        )


def _title_of(prompt: str) -> str:
    from vidpipe_tui.domain.beats import title_of  # most projects have a title

    return title_of(prompt)


def _stored(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(sep=" ")


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
