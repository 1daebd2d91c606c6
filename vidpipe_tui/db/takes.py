"""Takes: rows of keyframes, clips and films, which one is selected, and the ones that were asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.base import now
from vidpipe_tui.db.models import (
    ApiCall,
    Change,
    ConfidenceLevel,
    File,
    Film,
    Keyframe,
    Project,
    ProjectReference,
    Review,
    Scene,
    TakeRequest,
    UserDecision,
    VideoClip,
)
from vidpipe_tui.domain.statuses import FilmStatus


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that was just written: `path` relative to the storage root, sizes in bytes, pixels and seconds."""

    path: str
    sha256: str
    size: int
    mime_type: str
    kind: str
    width: int | None = None
    height: int | None = None
    duration_seconds: float | None = None


async def add_file(session: AsyncSession, project_id: UUID, new: NewFile) -> int:
    """The `files` row of an artefact, in the transaction that names it; returns its id."""
    row = File(
        original_filename=new.path.rsplit("/", 1)[-1],
        original_path=new.path,
        storage_path=new.path,
        file_hash_sha256=new.sha256,
        file_size_bytes=new.size,
        mime_type=new.mime_type,
        kind=new.kind,
        width=new.width,
        height=new.height,
        duration_seconds=new.duration_seconds,
        project_id=project_id,
        confidence=ConfidenceLevel.NONE,
    )
    session.add(row)
    await session.flush()
    return row.id


async def add_frame(session: AsyncSession, scene_id: UUID, position: str, **columns: Any) -> Keyframe:
    """A new take of a keyframe, selected in place of the one before."""
    take = 1 + int(
        await session.scalar(
            select(func.max(Keyframe.take)).where(Keyframe.scene_id == scene_id, Keyframe.position == position)
        )
        or 0
    )
    await session.execute(
        update(Keyframe)
        .where(Keyframe.scene_id == scene_id, Keyframe.position == position, Keyframe.selected)
        .values(selected=False)
        .execution_options(synchronize_session=False)
    )
    row = Keyframe(scene_id=scene_id, position=position, take=take, selected=True, **columns)
    session.add(row)
    await session.flush()
    return row


async def next_clip_take(session: AsyncSession, scene_id: UUID) -> int:
    """The number of the next take of a scene's clip."""
    return 1 + int(await session.scalar(select(func.max(VideoClip.take)).where(VideoClip.scene_id == scene_id)) or 0)


async def select_clip(session: AsyncSession, scene_id: UUID, clip_id: UUID | None) -> None:
    """Makes that take the selected one of its scene (None: no take is)."""
    for chosen, condition in ((False, VideoClip.selected), (True, VideoClip.id == clip_id)):
        if chosen and clip_id is None:
            return
        await session.execute(
            update(VideoClip)
            .where(VideoClip.scene_id == scene_id, condition)
            .values(selected=chosen)
            .execution_options(synchronize_session=False)
        )


async def select_frame(session: AsyncSession, scene_id: UUID, position: str, frame_id: UUID) -> None:
    """Makes that take the selected one of its slot."""
    slot = (Keyframe.scene_id == scene_id, Keyframe.position == position)
    for chosen, condition in ((False, Keyframe.selected), (True, Keyframe.id == frame_id)):
        await session.execute(
            update(Keyframe)
            .where(*slot, condition)
            .values(selected=chosen)
            .execution_options(synchronize_session=False)
        )


async def ask_for_take(session: AsyncSession, scene_id: UUID, slot: str, overrides: Mapping[str, Any]) -> None:
    """Notes that a new take is wanted; an earlier wish for the same slot gives way."""
    await settle(session, scene_id, slot)
    session.add(TakeRequest(scene_id=scene_id, slot=slot, overrides=dict(overrides) or None))
    await session.flush()


async def fulfil(session: AsyncSession, wish_id: int | None) -> None:
    """Notes that this very wish came true, or never will; one that was made later for the same slot stays."""
    if wish_id is not None:
        await session.execute(
            update(TakeRequest)
            .where(TakeRequest.id == wish_id, TakeRequest.settled_at.is_(None))
            .values(settled_at=now())
            .execution_options(synchronize_session=False)
        )


async def newest_wishes(session: AsyncSession) -> tuple[int, ...]:
    """A mark that changes whenever somebody decides, edits or asks for something, in whichever process."""
    newest = [select(func.max(table.id)).scalar_subquery() for table in (TakeRequest, UserDecision, Review, Change)]
    row = (await session.execute(select(*newest))).one()
    return tuple(int(value or 0) for value in row)


async def settle(session: AsyncSession, scene_id: UUID, slot: str) -> None:
    """Takes back everything that was asked for that slot."""
    await session.execute(
        update(TakeRequest)
        .where(TakeRequest.scene_id == scene_id, TakeRequest.slot == slot, TakeRequest.settled_at.is_(None))
        .values(settled_at=now())
    )


async def set_trouble(
    session: AsyncSession, scene_id: UUID, slot: str, kind: str, message: str, hint: str = ""
) -> None:
    """Stores with the scene why it goes no further."""
    await session.execute(
        update(Scene)
        .where(Scene.id == scene_id)
        .values(error_slot=slot, error_kind=kind, error_message=message, error_hint=hint)
        .execution_options(synchronize_session=False)
    )


async def clear_trouble(session: AsyncSession, scene_id: UUID, slot: str | None = None) -> None:
    """Takes back what was stored about a slot of the scene, or about the whole scene."""
    query = update(Scene).where(Scene.id == scene_id)
    if slot is not None:
        query = query.where(Scene.error_slot == slot)
    await session.execute(
        query.values(error_slot=None, error_kind=None, error_message=None, error_hint=None).execution_options(
            synchronize_session=False
        )
    )


async def begin_film(session: AsyncSession, project_id: UUID, **columns: Any) -> Film:
    """A row for a film that is about to be joined."""
    take = 1 + int(await session.scalar(select(func.max(Film.take)).where(Film.project_id == project_id)) or 0)
    row = Film(project_id=project_id, take=take, status=FilmStatus.JOINING, **columns)
    session.add(row)
    await session.flush()
    return row


async def finish_film(session: AsyncSession, film: Film, *, file_path: str, **columns: Any) -> None:
    """The film is whole: it becomes the selected take and the project's output."""
    await session.execute(
        update(Film)
        .where(Film.project_id == film.project_id, Film.selected)
        .values(selected=False)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(Film)
        .where(Film.id == film.id)
        .values(status=FilmStatus.COMPLETE, selected=True, file_path=file_path, **columns)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(Project)
        .where(Project.id == film.project_id)
        .values(output_path=file_path)
        .execution_options(synchronize_session=False)
    )


async def unfinished_films(session: AsyncSession, project_id: UUID) -> list[Film]:
    """Films whose join never ended."""
    rows = await session.scalars(select(Film).where(Film.project_id == project_id, Film.status == FilmStatus.JOINING))
    return list(rows)


async def drop_film(session: AsyncSession, film_id: int) -> None:
    """Forgets a film whose join never ended."""
    await session.execute(delete(Film).where(Film.id == film_id, Film.status == FilmStatus.JOINING))


async def outdate_film(session: AsyncSession, film_id: int) -> None:
    """Notes that a film is not what its row says any more, so that it is joined again."""
    await session.execute(
        update(Film).where(Film.id == film_id).values(input_hash="").execution_options(synchronize_session=False)
    )


async def named_paths(session: AsyncSession, project_id: UUID) -> set[str]:
    """Every path, relative to the storage root, that a row of the project names: artefacts, and kept answers."""
    scenes = select(Scene.id).where(Scene.project_id == project_id).scalar_subquery()
    queries = (
        select(Keyframe.file_path).where(Keyframe.scene_id.in_(scenes)),
        select(VideoClip.local_path).where(VideoClip.scene_id.in_(scenes)),
        select(Film.file_path).where(Film.project_id == project_id),
        select(File.storage_path).where(File.project_id == project_id),
        select(File.storage_path)
        .join(ProjectReference, ProjectReference.file_id == File.id)
        .where(ProjectReference.project_id == project_id),
    )
    named: set[str] = set()
    for query in queries:
        named.update(path for path in await session.scalars(query) if path)
    kept = await session.scalars(
        select(ApiCall.result).where(
            ApiCall.project_id == project_id,
            ApiCall.kind == "image",
            ApiCall.used.is_(False),
            ApiCall.result.is_not(None),
        )
    )
    named.update(str(result["path"]) for result in kept if isinstance(result, dict) and "path" in result)
    return named


async def mark_used(session: AsyncSession, call_id: int, **values: Any) -> None:
    """Notes that something was made of a call's result, or what was wrong with it."""
    await session.execute(
        update(ApiCall)
        .where(ApiCall.id == call_id)
        .values(used=True, **values)
        .execution_options(synchronize_session=False)
    )
