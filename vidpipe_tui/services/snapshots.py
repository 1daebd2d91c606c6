"""Turns facts into what is shown: project views and list rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from vidpipe_tui.db.leases import LeaseState
from vidpipe_tui.db.models import Project
from vidpipe_tui.db.projects import Tally
from vidpipe_tui.domain.beats import title_of
from vidpipe_tui.domain.commands import SLOTS
from vidpipe_tui.domain.graph import ClipTake, FrameTake, Graph, Scene
from vidpipe_tui.domain.inputs import clip_is_stale, film_is_current, frame_is_stale
from vidpipe_tui.domain.redoing import pairs, spread
from vidpipe_tui.domain.statuses import ClipStatus, ProjectStatus
from vidpipe_tui.domain.views import (
    ClipView,
    FrameView,
    ProjectRow,
    ProjectView,
    ReferenceView,
    SceneView,
    Trouble,
)
from vidpipe_tui.pipeline.endings import missing_scenes
from vidpipe_tui.services.file_manager import FileManager


@dataclass(frozen=True, slots=True)
class Driving:
    """Who drives: the lease, if any is held, and whether it is held here."""

    lease: LeaseState | None
    here: bool

    @property
    def anyone(self) -> bool:
        """True while some process drives the project."""
        return self.here or (self.lease is not None and self.lease.alive)


def utc(moment: datetime) -> datetime:
    """A time of the database with its zone."""
    return moment.replace(tzinfo=UTC)


def project_row(project: Project, tally: Tally, driving: Driving, files: FileManager) -> ProjectRow:
    """A line of the list."""
    scenes = tally.scenes or project.scene_count or 0
    film = 1 if project.status == ProjectStatus.COMPLETE else 0
    return ProjectRow(
        id=project.id,
        title=project.title or title_of(project.prompt),
        prompt=project.prompt,
        status=ProjectStatus(project.status),
        provider=project.provider,
        style=project.style,
        aspect_ratio=project.aspect_ratio,
        clip_seconds=project.target_clip_duration,
        scenes=scenes,
        scenes_done=tally.filmed,
        done=(1 if tally.scenes else 0) + tally.frames + tally.filmed + film,
        total=2 + 3 * scenes,
        spent=tally.spent,
        budget=project.budget,
        created_at=utc(project.created_at),
        updated_at=utc(project.updated_at),
        error_message=project.error_message,
        output_path=files.absolute(project.output_path) if project.output_path else None,
        deleted_at=utc(project.deleted_at) if project.deleted_at else None,
        driven=driving.anyone,
        driven_here=driving.here,
        doubtful=tally.doubtful,
    )


def project_view(
    graph: Graph, driving: Driving, files: FileManager, *, costs: Mapping[UUID, float], started_at: datetime | None
) -> ProjectView:
    """A project with everything a screen shows of it."""
    film = graph.film
    raw = graph.storyboard_raw
    scenes = tuple(scene_view(graph, before, scene, files, costs) for before, scene in pairs(graph))
    stale = ((scene.index, slot) for scene in scenes for slot in SLOTS if _is_stale(scene, slot))
    return ProjectView(
        id=graph.id,
        title=graph.title or title_of(graph.prompt),
        prompt=graph.prompt,
        status=graph.status,
        provider=graph.provider,
        style=graph.style,
        aspect_ratio=graph.aspect_ratio,
        target_clip_duration=graph.clip_seconds,
        scene_count=graph.scene_count,
        seed=graph.seed,
        review_mode=graph.review_mode,
        resolution=graph.resolution,
        audio=graph.audio,
        crossfade_seconds=graph.crossfade_seconds,
        created_at=utc(graph.created_at),
        updated_at=utc(graph.updated_at),
        style_guide=graph.style_guide,
        storyboard_raw=raw if isinstance(raw, str) or raw is None else _pretty(raw),
        storyboard_approved=graph.storyboard_approved,
        output_path=files.absolute(graph.output_path) if graph.output_path else None,
        trouble=Trouble(graph.error_message, graph.error_hint or "", graph.error_kind or "")
        if graph.error_message
        else None,
        estimated=graph.estimated,
        spent=graph.spent,
        budget=graph.budget,
        scenes=scenes,
        redone=tuple((index + 1, slot) for index, slot in spread(graph, stale)),
        missing_scenes=missing_scenes(graph) if graph.status is ProjectStatus.COMPLETE else (),
        film_current=film_is_current(graph),
        film_takes=tuple(take.take for take in graph.films),
        film_seconds=film.duration_seconds if film else None,
        references=tuple(
            ReferenceView(
                id=reference.id,
                tag=reference.tag,
                kind=reference.kind,
                path=files.absolute(reference.path),
                scene_index=next((scene.index for scene in graph.scenes if scene.id == reference.scene_id), None),
                accepted=reference.accepted,
            )
            for reference in graph.references
        ),
        deleted_at=utc(graph.deleted_at) if graph.deleted_at else None,
        driven=driving.anyone,
        driven_here=driving.here,
        stopping=driving.lease is not None and driving.lease.stop_requested,
        started_at=utc(started_at) if started_at else None,
    )


def _is_stale(scene: SceneView, slot: str) -> bool:
    view = getattr(scene, slot)
    return view is not None and bool(view.stale)


def _pretty(raw: object) -> str:
    import json

    return json.dumps(raw, indent=2, ensure_ascii=False)


def scene_view(
    graph: Graph, before: Scene | None, scene: Scene, files: FileManager, costs: Mapping[UUID, float]
) -> SceneView:
    """A scene with its selected takes."""
    start, end = frame_view(graph, before, scene, "start", files), frame_view(graph, before, scene, "end", files)
    shown = scene.clip or scene.newest_clip
    newest = scene.newest_clip
    clip = clip_view(graph, scene, shown, files) if shown else None
    filming = (
        newest if newest is not None and newest is not shown and newest.status is not ClipStatus.COMPLETE else None
    )
    return SceneView(
        id=scene.id,
        index=scene.index,
        status=scene.status,
        stale=any(view is not None and view.stale for view in (start, end, clip)),
        cut=scene.cut,
        scene_description=scene.scene_description,
        start_frame_prompt=scene.start_frame_prompt,
        end_frame_prompt=scene.end_frame_prompt,
        video_motion_prompt=scene.video_motion_prompt,
        transition_notes=scene.transition_notes,
        seconds=graph.seconds_of(scene),
        start=start,
        end=end,
        clip=clip,
        filming=clip_view(graph, scene, filming, files) if filming else None,
        note=scene.note,
        wanted=tuple(scene.wanted),
        references=scene.tags,
        approved={
            "start": start.approved if start else None,
            "end": end.approved if end else None,
            "clip": clip.approved if clip else None,
        },
        trouble=Trouble(scene.trouble.message, scene.trouble.hint, scene.trouble.kind) if scene.trouble else None,
        cost=costs.get(scene.id, 0.0),
    )


def frame_view(
    graph: Graph,
    before: Scene | None,
    scene: Scene,
    position: str,
    files: FileManager,
    take: FrameTake | None = None,
) -> FrameView | None:
    """A take of a keyframe, by default the selected one."""
    takes = scene.starts if position == "start" else scene.ends
    take = take or (scene.start if position == "start" else scene.end)
    if take is None:
        return None
    path = files.absolute(take.path)
    return FrameView(
        path=path,
        source=take.source,
        take=take.take,
        takes=tuple(one.take for one in takes),
        prompt_used=take.prompt_used,
        stale=frame_is_stale(graph, scene, take, before),
        pinned=take.pinned,
        approved=take.approved,
        model=take.model,
        seed=take.seed,
        cost=take.cost,
        width=take.width,
        height=take.height,
        file_ok=path.exists(),
    )


def clip_view(graph: Graph, scene: Scene, take: ClipTake, files: FileManager) -> ClipView:
    """A take of a clip."""
    return ClipView(
        id=take.id,
        path=files.absolute(take.path) if take.path else None,
        status=take.status,
        operation_name=take.operation_name,
        duration_seconds=take.duration_seconds,
        take=take.take,
        takes=tuple(one.take for one in scene.clips),
        poll_count=take.poll_count,
        prompt_used=take.prompt_used,
        stale=take.status is ClipStatus.COMPLETE and clip_is_stale(graph, scene, take),
        pinned=take.pinned,
        approved=take.approved,
        model=take.model,
        seed=take.seed,
        cost=take.cost,
        error_message=take.error_message,
        submitted_at=utc(take.created_at),
        completed_at=utc(take.completed_at) if take.completed_at else None,
        softened=take.softened,
        made=tuple(one.take for one in scene.clips if one.path),
    )
