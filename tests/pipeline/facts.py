"""Facts of projects made by hand, for the planner's tests: no database, no files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from vidpipe_tui.domain.graph import ClipTake, FilmTake, FrameTake, Graph, Scene, SceneTrouble, Wanted
from vidpipe_tui.domain.statuses import ClipStatus, FilmStatus, ProjectStatus, SceneStatus

NOW = datetime(2026, 11, 20, tzinfo=UTC)
_BLANK_FRAME: dict[str, Any] = {
    "pinned": False,
    "overrides": {},
    "approved": None,
    "prompt_used": "",
    "model": None,
    "seed": None,
    "cost": None,
    "width": None,
    "height": None,
}


def frame(position: str, take: int, file_id: int, *, source: str = "generated", **more: Any) -> FrameTake:
    """A selected frame; its content is known by its file's number."""
    values = {**_BLANK_FRAME, "input_hash": None, **more}
    return FrameTake(
        id=uuid4(),
        position=position,
        take=take,
        path=f"{file_id}.png",
        source=source,
        sha256=f"picture {file_id}",
        file_id=file_id,
        selected=True,
        **values,
    )


def clip(take: int, status: ClipStatus, **more: Any) -> ClipTake:
    """A clip; a complete one is selected."""
    values: dict[str, Any] = {
        "operation_name": f"operations/{take}",
        "result": "",
        "path": None,
        "sha256": None,
        "file_id": None,
        "input_hash": None,
        "selected": status is ClipStatus.COMPLETE,
        "pinned": False,
        "overrides": {},
        "approved": None,
        "duration_seconds": None,
        "poll_count": 0,
        "error_message": None,
        "error_kind": None,
        "prompt_used": "",
        "softened": False,
        "model": None,
        "seed": None,
        "cost": None,
        "created_at": NOW,
        "completed_at": None,
        "call_id": None,
        "request_id": None,
        **more,
    }
    return ClipTake(id=uuid4(), take=take, status=status, **values)


def scene(index: int, *, cut: bool = False, **more: Any) -> Scene:
    """A scene without takes."""
    values: dict[str, Any] = {
        "status": SceneStatus.PENDING,
        "starts": (),
        "ends": (),
        "clips": (),
        "wanted": {},
        "trouble": None,
        **more,
    }
    return Scene(
        id=uuid4(),
        index=index,
        scene_description=f"scene {index}",
        start_frame_prompt="start",
        end_frame_prompt="end",
        video_motion_prompt="motion",
        transition_notes="",
        cut=cut,
        seconds=None,
        note="",
        tags=(),
        **values,
    )


def graph(*scenes: Scene, **more: Any) -> Graph:
    """A project with these scenes."""
    values: dict[str, Any] = {
        "review_mode": "none",
        "storyboard_approved": None,
        "films": (),
        "status": ProjectStatus.PENDING,
        **more,
    }
    return Graph(
        id=uuid4(),
        title="",
        prompt="",
        provider="fake",
        style="cinematic",
        aspect_ratio="16:9",
        clip_seconds=1,
        scene_count=len(scenes) or None,
        seed=0,
        budget=None,
        crossfade_seconds=0.0,
        storyboard_model="",
        image_model="",
        video_model="",
        resolution="",
        image_size="",
        audio=True,
        auto_soften=False,
        style_guide={},
        storyboard_raw=None,
        storyboard_note="",
        output_path=None,
        error_message=None,
        error_hint=None,
        error_kind=None,
        estimated=0.0,
        spent=0.0,
        created_at=NOW,
        updated_at=NOW,
        deleted_at=None,
        scenes=scenes,
        **values,
    )


def wanted(number: int, slot: str) -> Wanted:
    """A wish for a new take."""
    return Wanted(number, slot, {})


def trouble(kind: str, slot: str) -> SceneTrouble:
    """Why a scene goes no further."""
    return SceneTrouble(kind, slot, f"It is {kind}.")


def film(number: int, input_hash: str) -> FilmTake:
    """A selected film."""
    return FilmTake(number, number, FilmStatus.COMPLETE, "final.mp4", "film", number, True, input_hash, 0.0, 1.0, NOW)


def with_scene(project: Graph, changed: Scene) -> Graph:
    """The project with that scene in the place of the one of its index."""
    return replace(project, scenes=tuple(changed if one.index == changed.index else one for one in project.scenes))
