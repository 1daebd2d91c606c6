"""Reads a project as a graph of facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.ledger import spent_by
from vidpipe_tui.db.models import (
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
from vidpipe_tui.domain import graph as facts
from vidpipe_tui.domain.statuses import ClipStatus, FilmStatus, ProjectStatus, SceneStatus
from vidpipe_tui.errors import NotFoundError


async def load_graph(session: AsyncSession, project_id: UUID) -> facts.Graph:
    """The project with all its takes; raises NotFoundError."""
    project = await session.get(Project, project_id, populate_existing=True)
    if project is None:
        raise NotFoundError(f"There is no project {project_id}.", hint="`vidpipe list` shows what is there.")
    scenes = await _scenes(session, project_id)
    films = (
        await session.execute(
            select(Film, File.file_hash_sha256)
            .outerjoin(File, Film.file_id == File.id)
            .where(Film.project_id == project_id)
            .order_by(Film.take)
        )
    ).all()
    references = (
        await session.execute(
            select(ProjectReference, File.storage_path, File.file_hash_sha256)
            .join(File, ProjectReference.file_id == File.id)
            .where(ProjectReference.project_id == project_id)
            .order_by(ProjectReference.id)
        )
    ).all()
    approved, note = await _storyboard_decision(session, project_id)
    return facts.Graph(
        id=project.id,
        title=project.title or "",
        prompt=project.prompt,
        status=ProjectStatus(project.status),
        provider=project.provider,
        style=project.style,
        aspect_ratio=project.aspect_ratio,
        clip_seconds=project.target_clip_duration,
        scene_count=project.scene_count,
        seed=project.seed or 0,
        review_mode=project.review_mode,
        budget=project.budget,
        crossfade_seconds=project.crossfade_seconds,
        storyboard_model=project.storyboard_model or "",
        image_model=project.image_model or "",
        video_model=project.video_model or "",
        resolution=project.resolution or "",
        image_size=project.image_size or "",
        audio=project.audio,
        auto_soften=project.auto_soften,
        style_guide=project.style_guide or {},
        storyboard_raw=project.storyboard_raw,
        storyboard_approved=approved,
        storyboard_note=note,
        output_path=project.output_path,
        error_message=project.error_message,
        error_hint=project.error_hint,
        error_kind=project.error_kind,
        estimated=project.estimated_cost,
        spent=await spent_by(session, project_id),
        created_at=project.created_at,
        updated_at=project.updated_at,
        deleted_at=project.deleted_at,
        scenes=scenes,
        films=tuple(_film(film, sha256) for film, sha256 in films),
        references=tuple(_reference(row, path, sha256) for row, path, sha256 in references),
    )


async def _scenes(session: AsyncSession, project_id: UUID) -> tuple[facts.Scene, ...]:
    # Plain rows: a run reads all of this at every step, and entities cost half as many calls again.
    ours = select(Scene.id).where(Scene.project_id == project_id).scalar_subquery()
    scenes = (
        await session.execute(select(Scene.__table__).where(Scene.project_id == project_id).order_by(Scene.scene_index))
    ).all()
    if not scenes:
        return ()
    frames = (
        await session.execute(
            select(Keyframe.__table__, File.file_hash_sha256, File.width, File.height)
            .outerjoin(File, Keyframe.file_id == File.id)
            .where(Keyframe.scene_id.in_(ours))
            .order_by(Keyframe.take, Keyframe.created_at)
        )
    ).all()
    clips = (
        await session.execute(
            select(VideoClip.__table__, File.file_hash_sha256)
            .outerjoin(File, VideoClip.file_id == File.id)
            .where(VideoClip.scene_id.in_(ours))
            .order_by(VideoClip.take, VideoClip.created_at)
        )
    ).all()
    wanted = (
        await session.scalars(
            select(TakeRequest)
            .where(TakeRequest.scene_id.in_(ours), TakeRequest.settled_at.is_(None))
            .order_by(TakeRequest.id)
        )
    ).all()
    ids = {row.file_id for row in frames} | {row.file_id for row in clips}
    approved = await approvals(session, {file_id for file_id in ids if file_id is not None})
    by_frame: dict[tuple[UUID, str], list[facts.FrameTake]] = defaultdict(list)
    for row in frames:
        by_frame[row.scene_id, row.position].append(_frame(row, approved))
    by_clip: dict[UUID, list[facts.ClipTake]] = defaultdict(list)
    for clip in clips:
        by_clip[clip.scene_id].append(_clip(clip, approved))
    by_wish: dict[UUID, dict[str, facts.Wanted]] = defaultdict(dict)
    for wish in wanted:
        by_wish[wish.scene_id][wish.slot] = facts.Wanted(wish.id, wish.slot, wish.overrides or {})
    return tuple(
        facts.Scene(
            id=row.id,
            index=row.scene_index,
            status=SceneStatus(row.status),
            scene_description=row.scene_description,
            start_frame_prompt=row.start_frame_prompt,
            end_frame_prompt=row.end_frame_prompt,
            video_motion_prompt=row.video_motion_prompt,
            transition_notes=row.transition_notes or "",
            cut=row.opens_with_cut,
            seconds=row.duration_seconds,
            note=row.note or "",
            tags=tuple(row.reference_tags or ()),
            starts=tuple(by_frame[row.id, "start"]),
            ends=tuple(by_frame[row.id, "end"]),
            clips=tuple(by_clip[row.id]),
            wanted=by_wish[row.id],
            trouble=_trouble(row),
        )
        for row in scenes
    )


async def approvals(session: AsyncSession, file_ids: set[int]) -> dict[int, bool]:
    """The latest decision on each file that has one: accepted or rejected."""
    if not file_ids:
        return {}
    rows = await session.execute(
        select(UserDecision.file_id, UserDecision.decision_type)
        .where(
            UserDecision.file_id.in_(file_ids),
            UserDecision.decision_type.in_(("approve", "reject")),
            UserDecision.undone_at.is_(None),
        )
        .order_by(UserDecision.id)
    )
    return {file_id: kind == "approve" for file_id, kind in rows}


async def _storyboard_decision(session: AsyncSession, project_id: UUID) -> tuple[bool | None, str]:
    row = await session.scalar(
        select(Review)
        .where(Review.project_id == project_id, Review.stage == "storyboard", Review.undone_at.is_(None))
        .order_by(Review.id.desc())
        .limit(1)
    )
    if row is None or row.decision == "written":
        return None, ""
    return row.decision == "approve", row.note or ""


def _trouble(row: Row[Any]) -> facts.SceneTrouble | None:
    if not row.error_kind or not row.error_slot:
        return None
    return facts.SceneTrouble(row.error_kind, row.error_slot, row.error_message or "", row.error_hint or "")


def _frame(row: Row[Any], approved: Mapping[int, bool]) -> facts.FrameTake:
    return facts.FrameTake(
        id=row.id,
        position=row.position,
        take=row.take,
        path=row.file_path,
        source=row.source,
        sha256=row.file_hash_sha256,
        file_id=row.file_id,
        input_hash=row.input_hash,
        selected=row.selected,
        pinned=row.pinned,
        overrides=row.overrides or {},
        approved=_approved(row.file_id, approved),
        prompt_used=row.prompt_used,
        model=row.model,
        seed=row.seed,
        cost=row.cost,
        width=row.width,
        height=row.height,
    )


def _clip(row: Row[Any], approved: Mapping[int, bool]) -> facts.ClipTake:
    return facts.ClipTake(
        id=row.id,
        take=row.take,
        status=ClipStatus(row.status),
        operation_name=row.operation_name,
        result=row.gcs_uri or "",
        path=row.local_path,
        sha256=row.file_hash_sha256,
        file_id=row.file_id,
        input_hash=row.input_hash,
        selected=row.selected,
        pinned=row.pinned,
        overrides=row.overrides or {},
        approved=_approved(row.file_id, approved),
        duration_seconds=row.duration_seconds,
        poll_count=row.poll_count,
        error_message=row.error_message,
        error_kind=row.error_kind,
        prompt_used=row.prompt_used or "",
        softened=row.softened,
        model=row.model,
        seed=row.seed,
        cost=row.cost,
        created_at=row.created_at,
        completed_at=row.completed_at,
        call_id=row.api_call_id,
        request_id=row.request_id,
    )


def _approved(file_id: int | None, approved: Mapping[int, bool]) -> bool | None:
    return None if file_id is None else approved.get(file_id)


def _film(row: Film, sha256: str | None) -> facts.FilmTake:
    return facts.FilmTake(
        id=row.id,
        take=row.take,
        status=FilmStatus(row.status),
        path=row.file_path,
        sha256=sha256,
        file_id=row.file_id,
        selected=row.selected,
        input_hash=row.input_hash,
        crossfade_seconds=row.crossfade_seconds,
        duration_seconds=row.duration_seconds,
        created_at=row.created_at,
    )


def _reference(row: ProjectReference, path: str, sha256: Any) -> facts.ReferencePicture:
    return facts.ReferencePicture(row.id, row.tag, row.kind, row.scene_id, path, sha256 or "", row.accepted)
