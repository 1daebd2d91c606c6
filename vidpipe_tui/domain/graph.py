"""A project as a graph of facts: what the database proves. The planner, the views and the estimates read only this.

Paths are relative to the storage root; `sha256` is what the file had when its row was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from vidpipe_tui.domain.statuses import ClipStatus, FilmStatus, ProjectStatus, SceneStatus


@dataclass(frozen=True, slots=True)
class FrameTake:
    """A take of a keyframe."""

    id: UUID
    position: str
    take: int
    path: str
    source: str
    sha256: str | None
    file_id: int | None
    input_hash: str | None
    selected: bool
    pinned: bool
    overrides: Mapping[str, Any]
    approved: bool | None
    prompt_used: str
    model: str | None
    seed: int | None
    cost: float | None
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class ClipTake:
    """A take of a clip, from its submission on. `result` is what fetching needs besides the name."""

    id: UUID
    take: int
    status: ClipStatus
    operation_name: str | None
    result: str
    path: str | None
    sha256: str | None
    file_id: int | None
    input_hash: str | None
    selected: bool
    pinned: bool
    overrides: Mapping[str, Any]
    approved: bool | None
    duration_seconds: float | None
    poll_count: int
    error_message: str | None
    error_kind: str | None
    prompt_used: str
    softened: bool
    model: str | None
    seed: int | None
    cost: float | None
    created_at: datetime
    completed_at: datetime | None
    call_id: int | None
    request_id: int | None

    @property
    def under_way(self) -> bool:
        """True while the provider works on it (or may: a poll can still bring it)."""
        return self.operation_name is not None and self.status in {
            ClipStatus.SUBMITTED,
            ClipStatus.POLLING,
            ClipStatus.TIMED_OUT,
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """A new take somebody asked for; `overrides` (prompt, note, seed, model) hold for that take."""

    id: int
    slot: str
    overrides: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SceneTrouble:
    """Why a scene goes no further: `slot` start, end or clip; `kind` as providers and the pipeline name it."""

    kind: str
    slot: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ReferencePicture:
    """A reference picture; without a scene id it is for every scene that names its tag."""

    id: int
    tag: str
    kind: str
    scene_id: UUID | None
    path: str
    sha256: str
    accepted: bool


@dataclass(frozen=True, slots=True)
class Scene:
    """A scene with all its takes, oldest first."""

    id: UUID
    index: int
    status: SceneStatus
    scene_description: str
    start_frame_prompt: str
    end_frame_prompt: str
    video_motion_prompt: str
    transition_notes: str
    cut: bool
    seconds: float | None
    note: str
    tags: tuple[str, ...]
    starts: tuple[FrameTake, ...]
    ends: tuple[FrameTake, ...]
    clips: tuple[ClipTake, ...]
    wanted: Mapping[str, Wanted]
    trouble: SceneTrouble | None

    @property
    def number(self) -> int:
        """What people see: counts from 1."""
        return self.index + 1

    @property
    def start(self) -> FrameTake | None:
        """The selected start frame."""
        return chosen(self.starts)

    @property
    def end(self) -> FrameTake | None:
        """The selected end frame."""
        return chosen(self.ends)

    @property
    def clip(self) -> ClipTake | None:
        """The selected clip; only a complete one can be selected."""
        return chosen([take for take in self.clips if take.status is ClipStatus.COMPLETE])

    @property
    def newest_clip(self) -> ClipTake | None:
        """The newest take of the clip, whatever became of it."""
        return self.clips[-1] if self.clips else None


@dataclass(frozen=True, slots=True)
class FilmTake:
    """A take of the film."""

    id: int
    take: int
    status: FilmStatus
    path: str
    sha256: str | None
    file_id: int | None
    selected: bool
    input_hash: str
    crossfade_seconds: float
    duration_seconds: float | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Graph:
    """A project and everything that hangs on it."""

    id: UUID
    title: str
    prompt: str
    status: ProjectStatus
    provider: str
    style: str
    aspect_ratio: str
    clip_seconds: int
    scene_count: int | None
    seed: int
    review_mode: str
    budget: float | None
    crossfade_seconds: float
    storyboard_model: str
    image_model: str
    video_model: str
    resolution: str
    image_size: str
    audio: bool
    auto_soften: bool
    style_guide: Mapping[str, str]
    storyboard_raw: Any
    storyboard_approved: bool | None
    storyboard_note: str
    output_path: str | None
    error_message: str | None
    error_hint: str | None
    error_kind: str | None
    estimated: float
    spent: float
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    scenes: Sequence[Scene]
    films: Sequence[FilmTake]
    references: Sequence[ReferencePicture] = field(default_factory=tuple)

    @property
    def film(self) -> FilmTake | None:
        """The selected film."""
        return chosen([film for film in self.films if film.status is FilmStatus.COMPLETE])

    def seconds_of(self, scene: Scene) -> float:
        """Length asked for, in seconds."""
        return scene.seconds if scene.seconds is not None else float(self.clip_seconds)

    def reviews(self, stage: str) -> bool:
        """True when the run stops for a review of that stage (storyboard or keyframes)."""
        return self.review_mode in {stage, "both"}


class _Selectable(Protocol):
    @property
    def selected(self) -> bool: ...


Take = TypeVar("Take", bound=_Selectable)


def chosen(takes: Sequence[Take]) -> Take | None:
    """The selected take; where none is (rows written by other hands), the newest; None without takes."""
    return next((take for take in takes if take.selected), takes[-1] if takes else None)
