"""Queries over projects: the list, finding one by a prefix, and what a row of the list shows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, case, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.ledger import price_of
from vidpipe_tui.db.models import ApiCall, Keyframe, Project, Scene
from vidpipe_tui.domain.commands import FilterWord
from vidpipe_tui.domain.statuses import WORKING, ProjectStatus, SceneStatus
from vidpipe_tui.domain.text import shorten
from vidpipe_tui.errors import NotFoundError, UsageError

SORTS: dict[str, ColumnElement[Any]] = {
    "updated": Project.updated_at.expression,
    "created": Project.created_at.expression,
    "title": func.lower(func.coalesce(Project.title, Project.prompt)),
}
ENDED = (SceneStatus.VIDEO_DONE, SceneStatus.RAI_FILTERED, SceneStatus.FAILED)


@dataclass(frozen=True, slots=True)
class ListQuery:
    """What the list is to show. `sort` is updated, created, title, cost or status.

    `text` looks for its words in title, prompt and the status as it is stored; `words` know how states are called.
    """

    text: str = ""
    status: str | None = None
    sort: str = "updated"
    descending: bool = True
    limit: int = 50
    offset: int = 0
    deleted: bool = False
    words: tuple[FilterWord, ...] = ()


async def list_rows(
    session: AsyncSession, query: ListQuery, driven: Collection[UUID] = ()
) -> tuple[list[Project], int]:
    """A page of projects, and how many there are in all. `driven` are those that a process is at work on."""
    condition = _condition(query, driven)
    total = int(await session.scalar(select(func.count()).select_from(Project).where(condition)) or 0)
    rows = await session.scalars(
        _ordered(select(Project).where(condition), query).limit(query.limit or -1).offset(query.offset)
    )
    return list(rows), total


def _condition(query: ListQuery, driven: Collection[UUID]) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [
        Project.deleted_at.is_not(None) if query.deleted else Project.deleted_at.is_(None)
    ]
    parts += [
        or_(_has(word), func.lower(Project.status).like(f"%{_escape(word.lower())}%", escape="\\"))
        for word in query.text.split()
    ]
    parts += [or_(_has(word.text), *_in_states(word, driven)) for word in query.words]
    if query.status:
        parts.append(Project.status == query.status)
    return and_(*parts)


def _has(word: str) -> ColumnElement[bool]:
    like = f"%{_escape(word.lower())}%"
    return or_(
        func.lower(func.coalesce(Project.title, "")).like(like, escape="\\"),
        func.lower(Project.prompt).like(like, escape="\\"),
    )


def _in_states(word: FilterWord, driven: Collection[UUID]) -> list[ColumnElement[bool]]:
    resting, working = word.states - WORKING, word.states & WORKING
    parts: list[ColumnElement[bool]] = []
    if resting:
        parts.append(Project.status.in_(resting))
    if working:
        parts.append(and_(Project.status.in_(working), Project.id.in_(driven)))
    if word.undriven:
        parts.append(and_(Project.status.in_(WORKING), Project.id.not_in(driven)))
    return parts


def _escape(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _ordered(statement: Select[Project], query: ListQuery) -> Select[Project]:
    if query.sort == "cost":
        spent = (
            select(func.coalesce(func.sum(price_of()), 0.0)).where(ApiCall.project_id == Project.id).scalar_subquery()
        )
        key: ColumnElement[Any] = spent
    elif query.sort == "status":
        ranks = {status.value: rank for rank, status in enumerate(_BY_URGENCY)}
        key = case(ranks, value=Project.status, else_=len(ranks))
    else:
        key = SORTS[query.sort]
    ordered = key.desc() if query.descending else key.asc()
    return statement.order_by(ordered, Project.created_at.desc(), Project.id)


_BY_URGENCY = (
    ProjectStatus.COMPLETE,
    ProjectStatus.PENDING,
    ProjectStatus.STOPPED,
    ProjectStatus.FAILED,
    ProjectStatus.STORYBOARD_REVIEW,
    ProjectStatus.KEYFRAME_REVIEW,
    ProjectStatus.STORYBOARDING,
    ProjectStatus.KEYFRAMING,
    ProjectStatus.GENERATING_VIDEO,
    ProjectStatus.STITCHING,
)


@dataclass(frozen=True, slots=True)
class Tally:
    """What a row of the list counts: scenes, scenes with a clip, ended scenes, selected frames, clips in doubt,
    dollars."""

    scenes: int = 0
    filmed: int = 0
    ended: int = 0
    frames: int = 0
    doubtful: int = 0
    spent: float = 0.0


async def tallies(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, Tally]:
    """The counts of these projects."""
    scenes = {
        project_id: (count, filmed, ended, doubtful)
        for project_id, count, filmed, ended, doubtful in await session.execute(
            select(
                Scene.project_id,
                func.count(),
                func.sum(case((Scene.status == SceneStatus.VIDEO_DONE, 1), else_=0)),
                func.sum(case((Scene.status.in_(ENDED), 1), else_=0)),
                func.sum(case((Scene.status == SceneStatus.IN_DOUBT, 1), else_=0)),
            )
            .where(Scene.project_id.in_(ids))
            .group_by(Scene.project_id)
        )
    }
    frames = {
        row[0]: row[1]
        for row in await session.execute(
            select(Scene.project_id, func.count())
            .join(Keyframe, Keyframe.scene_id == Scene.id)
            .where(Scene.project_id.in_(ids), Keyframe.selected)
            .group_by(Scene.project_id)
        )
    }
    spent = {
        row[0]: row[1]
        for row in await session.execute(
            select(ApiCall.project_id, func.sum(price_of()))
            .where(ApiCall.project_id.in_(ids))
            .group_by(ApiCall.project_id)
        )
    }
    result = {}
    for project_id in ids:
        count, filmed, ended, doubtful = scenes.get(project_id, (0, 0, 0, 0))
        result[project_id] = Tally(
            count, filmed, ended, frames.get(project_id, 0), doubtful, float(spent.get(project_id) or 0.0)
        )
    return result


async def titles_beginning(session: AsyncSession, start: str) -> Sequence[str]:
    """The titles that begin like that, of deleted projects too."""
    found = await session.scalars(select(Project.title).where(Project.title.startswith(start, autoescape=True)))
    return [title for title in found if title]


async def find_project(session: AsyncSession, prefix: str, *, deleted: bool | None = None) -> UUID:
    """The project whose id begins with `prefix` (with or without dashes); raises NotFoundError for none or several.

    `deleted` None: any, one that is there before a deleted one; False: only one that is there; True: a deleted one.
    """
    wanted = prefix.strip().lower().replace("-", "")
    hint = "`vidpipe list` shows the ids."
    if not wanted or any(letter not in "0123456789abcdef" for letter in wanted) or len(wanted) > 32:
        raise NotFoundError(f"{shorten(prefix, 60)!r} is no project id.", hint=hint)
    rows = (
        await session.execute(
            select(Project.id, Project.deleted_at.is_not(None).label("gone"))
            .where(func.lower(cast(Project.id, String)).like(f"{wanted}%"))
            .order_by(Project.deleted_at.is_not(None))
        )
    ).all()
    live, gone = ([UUID(str(row.id)) for row in rows if bool(row.gone) is state] for state in (False, True))
    found = gone if deleted else live or (gone if deleted is None else [])
    if not found and gone:
        raise UsageError("The project is deleted.", hint="Bring it back with `vidpipe delete ID --undo`.")
    if not found and live:
        raise UsageError("The project is not deleted.", hint="There is nothing to bring back.")
    if not found:
        raise NotFoundError(f"No project has an id that begins with {prefix!r}.", hint=hint)
    if len(found) > 1:
        raise NotFoundError(f"{len(found)} projects have an id that begins with {prefix!r}.", hint="Type more of it.")
    return found[0]
