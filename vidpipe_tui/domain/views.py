"""Immutable snapshots of what there is: what the studio shows and the command line prints. Paths are absolute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

from vidpipe_tui.domain.statuses import CallState, ClipStatus, ProjectStatus, SceneStatus


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """A line of the project list. `done` of `total` counts finished things (frames, clips, film), for a bar.

    `driven` is True while some process drives it; `driven_here` while this one does. `doubtful` counts clips in doubt.
    """

    id: UUID
    title: str
    prompt: str
    status: ProjectStatus
    provider: str
    style: str
    aspect_ratio: str
    clip_seconds: int
    scenes: int
    scenes_done: int
    done: int
    total: int
    spent: float
    budget: float | None
    created_at: datetime
    updated_at: datetime
    error_message: str | None = None
    output_path: Path | None = None
    deleted_at: datetime | None = None
    driven: bool = False
    driven_here: bool = False
    doubtful: int = 0


@dataclass(frozen=True, slots=True)
class ProjectPage:
    """A page of the project list; `total` counts what the filter matches, `spent_today` is over all projects."""

    rows: tuple[ProjectRow, ...]
    total: int
    spent_today: float = 0.0


@dataclass(frozen=True, slots=True)
class FrameView:
    """The selected take of a keyframe. `source` generated, inherited or imported; `takes` all take numbers.

    `approved` True, False (rejected) or None (undecided).
    """

    path: Path
    source: str
    take: int
    takes: tuple[int, ...]
    prompt_used: str
    stale: bool
    pinned: bool
    approved: bool | None
    model: str | None
    seed: int | None
    cost: float | None
    width: int | None
    height: int | None
    file_ok: bool = True


@dataclass(frozen=True, slots=True)
class ClipView:
    """The selected take of a clip, or the newest where none is selected yet; `made` are the takes that have a file."""

    id: UUID
    path: Path | None
    status: ClipStatus
    operation_name: str | None
    duration_seconds: float | None
    take: int
    takes: tuple[int, ...]
    poll_count: int
    prompt_used: str
    stale: bool
    pinned: bool
    approved: bool | None
    model: str | None
    seed: int | None
    cost: float | None
    error_message: str | None
    submitted_at: datetime | None
    completed_at: datetime | None
    softened: bool = False
    made: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a scene or project: the sentence, the next step, and what kind it is."""

    message: str
    hint: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class SceneView:
    """A scene with its selected takes. `filming` is a newer clip take under way beside the selected one.

    `wanted` names the slots (start, end, clip) for which a new take was asked; `attempt` counts calls of this run.
    """

    id: UUID
    index: int
    status: SceneStatus
    stale: bool
    cut: bool
    scene_description: str
    start_frame_prompt: str
    end_frame_prompt: str
    video_motion_prompt: str
    transition_notes: str
    seconds: float
    start: FrameView | None
    end: FrameView | None
    clip: ClipView | None
    filming: ClipView | None = None
    note: str = ""
    wanted: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    approved: Mapping[str, bool | None] = field(default_factory=dict)
    trouble: Trouble | None = None
    cost: float = 0.0

    @property
    def number(self) -> int:
        """What people see: counts from 1."""
        return self.index + 1


@dataclass(frozen=True, slots=True)
class ReferenceView:
    """A picture that holds a character, place or style steady; scene_index None: the whole project."""

    id: int
    tag: str
    kind: str
    path: Path
    scene_index: int | None = None
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class ReferenceProposal:
    """A frame that could hold a character or place steady from now on: `slot` start or end of that scene."""

    tag: str
    kind: str
    path: Path
    scene_index: int
    slot: str


@dataclass(frozen=True, slots=True)
class ProjectView:
    """A project with everything a screen shows of it.

    `redone` are the (scene number, slot) a cascade would redo: what is stale, and what hangs on it.
    """

    id: UUID
    title: str
    prompt: str
    status: ProjectStatus
    provider: str
    style: str
    aspect_ratio: str
    target_clip_duration: int
    scene_count: int | None
    seed: int
    review_mode: str
    resolution: str
    audio: bool
    crossfade_seconds: float
    created_at: datetime
    updated_at: datetime
    style_guide: Mapping[str, str]
    storyboard_raw: str | None
    storyboard_approved: bool | None
    output_path: Path | None
    trouble: Trouble | None
    estimated: float
    spent: float
    budget: float | None
    scenes: tuple[SceneView, ...]
    missing_scenes: tuple[int, ...]
    film_current: bool
    film_takes: tuple[int, ...] = ()
    film_seconds: float | None = None
    redone: tuple[tuple[int, str], ...] = ()
    references: tuple[ReferenceView, ...] = ()
    deleted_at: datetime | None = None
    driven: bool = False
    driven_here: bool = False
    stopping: bool = False
    started_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventView:
    """A line of the log. `id` increases; `level` is info, warning or error.

    `step` is storyboard, keyframe, clip, film or run.
    `progress` (0 to 1) comes only with events that are hints in this process, not with stored ones (`id` 0).
    """

    id: int
    project_id: UUID
    scene_index: int | None
    step: str
    level: str
    message: str
    time: datetime
    progress: float | None = None


@dataclass(frozen=True, slots=True)
class CallView:
    """A paid call as the ledger has it. `units` what was asked for, as text (1 image, 4 s, 1,200 tokens)."""

    id: int
    time: datetime
    project_id: UUID | None
    project_title: str
    scene_index: int | None
    kind: str
    provider: str
    model: str
    state: CallState
    operation: str | None
    units: str
    cost_estimate: float
    cost: float | None
    request_hash: str
    error: str | None


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the ledger in US dollars. `by_month` keys are YYYY-MM, `by_project` project ids (or 'deleted')."""

    calls: int
    spent: float
    in_flight: float
    unknown: float
    by_kind: Mapping[str, float]
    by_month: Mapping[str, float]
    by_project: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class LedgerView:
    """The ledger of a project, or of all."""

    calls: tuple[CallView, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class StageEstimate:
    """What a stage will cost: `count` calls at `each` US dollars or so."""

    stage: str
    count: int
    units: str
    total: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a run will cost by stage, in US dollars, before it is made."""

    stages: tuple[StageEstimate, ...]
    total: float
    provider: str
    models: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What an edit or a new take makes stale, as (scene number, slot), and what redoing that costs.

    `cut` is True when the scene will open with a cut from then on. `rest` is the part of the estimate, in US dollars,
    for what the run that makes the take goes on to make besides.
    """

    stale: tuple[tuple[int, str], ...]
    estimate: Estimate
    cut: bool = False
    rest: float = 0.0

    @property
    def own(self) -> float:
        """What the take or the redoing alone costs, in US dollars."""
        return self.estimate.total - self.rest


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: the project's status, the exit status of product.md, and the sentences for people."""

    status: ProjectStatus
    exit_status: int
    message: str = ""
    hint: str = ""
    missing: tuple[int, ...] = ()
    still_running: tuple[str, ...] = ()
