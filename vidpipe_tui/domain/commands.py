"""What a person asks for, as plain data: a new project, a run, an edit, a new take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vidpipe_tui.domain.statuses import ProjectStatus

SLOTS = ("start", "end", "clip")
SCENE_FIELDS = (
    "scene_description",
    "start_frame_prompt",
    "end_frame_prompt",
    "video_motion_prompt",
    "transition_notes",
)


@dataclass(frozen=True, slots=True)
class FilterWord:
    """A word looked for in the list: a film has it in its title or prompt, or is in a state that is called so.

    The working `states` count where a process drives the film, `undriven` where none does.
    """

    text: str
    states: frozenset[ProjectStatus] = frozenset()
    undriven: bool = False


@dataclass(frozen=True, slots=True)
class NewReference:
    """A picture to hold a character, place or style steady. The tag defaults to the file's name."""

    path: Path
    tag: str = ""
    kind: str = "character"


@dataclass(frozen=True, slots=True)
class NewProject:
    """A film to be made; None means the setting's default."""

    prompt: str
    title: str | None = None
    style: str | None = None
    aspect_ratio: str | None = None
    clip_seconds: int | None = None
    scenes: int | None = None
    provider: str | None = None
    review: str = "none"
    budget: float | None = None
    crossfade: float | None = None
    seed: int | None = None
    resolution: str | None = None
    audio: bool = True
    auto_soften: bool = False
    references: tuple[NewReference, ...] = ()


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How to go on. `cascade` redoes stale takes too; `budget` replaces the project's; `retry_ended` asks again for
    what was filtered, timed out or stayed broken (none of these is billed twice). `only_join` makes just the film.
    """

    budget: float | None = None
    cascade: bool = False
    resubmit_in_doubt: bool = False
    retry_ended: bool = True
    only_join: bool = False


@dataclass(frozen=True, slots=True)
class NewTake:
    """One new take of one thing (`slot` of SLOTS). `prompt` replaces the scene's; the others hold for this take."""

    scene_index: int
    slot: str
    prompt: str | None = None
    note: str = ""
    seed: int | None = None
    model: str | None = None
    cascade: bool = False


@dataclass(frozen=True, slots=True)
class SceneEdit:
    """New texts of a scene (keys of SCENE_FIELDS), its length or its cut; what is None stays."""

    scene_index: int
    texts: Mapping[str, str] = field(default_factory=dict)
    seconds: float | None = None
    cut: bool | None = None
