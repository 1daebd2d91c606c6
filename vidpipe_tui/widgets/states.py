"""How every state looks: a class for the style sheet, a glyph, and a word. The only table of its kind; pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from vidpipe_tui.domain.statuses import ClipStatus, ProjectStatus, SceneStatus
from vidpipe_tui.domain.views import ProjectRow, ProjectView

TURNING = ("◐", "◓", "◑", "◒")
"""The one glyph that moves, in four steps."""
TURNING_ASCII = ("|", "/", "-", "\\")


@dataclass(frozen=True, slots=True)
class Look:
    """A state as people see it. `name` is the class suffix: `state--<name>` in the style sheets."""

    name: str
    glyph: str
    ascii: str
    word: str

    @property
    def css_class(self) -> str:
        """Class for a widget, and component class for widgets on the Line API."""
        return f"state--{self.name}"

    def mark(self, plain: bool, step: int = 0) -> str:
        """The glyph, in ASCII if `plain`; a working one turns with `step` (0 stands still)."""
        if self.name == "working" and step:
            return (TURNING_ASCII if plain else TURNING)[step % 4]
        return self.ascii if plain else self.glyph


PENDING = Look("pending", "○", ".", "waiting")
WORKING = Look("working", "◐", "*", "working")
REVIEW = Look("review", "◆", "?", "your turn")
DONE = Look("done", "●", "+", "done")
PARTIAL = Look("partial", "◉", "o", "incomplete")
"""A film that is done without some of its scenes."""
STALE = Look("stale", "◌", "~", "stale")
DOUBT = Look("doubt", "▲", "!", "in doubt")
FILTERED = Look("filtered", "◇", "x", "filtered")
FAILED = Look("failed", "✕", "X", "failed")
STOPPED = Look("stopped", "‖", "=", "stopped")

LOOKS = (PENDING, WORKING, REVIEW, DONE, PARTIAL, STALE, DOUBT, FILTERED, FAILED, STOPPED)
STATE_CLASSES = frozenset(look.css_class for look in LOOKS)
"""Component classes of a widget that draws states itself."""

WRITING, DRAWING, FILMING, JOINING = (
    replace(WORKING, word=word) for word in ("writing", "drawing", "filming", "joining")
)

PROJECT_LOOKS: Mapping[ProjectStatus, Look] = {
    ProjectStatus.PENDING: PENDING,
    ProjectStatus.STORYBOARDING: WRITING,
    ProjectStatus.STORYBOARD_REVIEW: REVIEW,
    ProjectStatus.KEYFRAMING: DRAWING,
    ProjectStatus.KEYFRAME_REVIEW: REVIEW,
    ProjectStatus.GENERATING_VIDEO: FILMING,
    ProjectStatus.STITCHING: JOINING,
    ProjectStatus.COMPLETE: DONE,
    ProjectStatus.FAILED: FAILED,
    ProjectStatus.STOPPED: STOPPED,
}

SCENE_LOOKS: Mapping[SceneStatus, Look] = {
    SceneStatus.PENDING: PENDING,
    SceneStatus.KEYFRAMES_GENERATING: DRAWING,
    SceneStatus.KEYFRAMES_DONE: replace(PENDING, word="drawn"),
    SceneStatus.VIDEO_GENERATING: FILMING,
    SceneStatus.VIDEO_DONE: DONE,
    SceneStatus.RAI_FILTERED: FILTERED,
    SceneStatus.IN_DOUBT: DOUBT,
    SceneStatus.FAILED: FAILED,
}

CLIP_LOOKS: Mapping[ClipStatus, Look] = {
    ClipStatus.SUBMITTED: FILMING,
    ClipStatus.POLLING: FILMING,
    ClipStatus.COMPLETE: DONE,
    ClipStatus.RAI_FILTERED: FILTERED,
    ClipStatus.FAILED: FAILED,
    ClipStatus.TIMED_OUT: replace(FAILED, word="timed out"),
    ClipStatus.IN_DOUBT: DOUBT,
}

INTERRUPTED = replace(STOPPED, word="interrupted")
"""A project in a working status that no process drives: its driver died."""


def project_look(
    status: ProjectStatus, *, driven: bool = True, doubtful: bool = False, incomplete: bool = False
) -> Look:
    """How a project looks; a working status without a driver is shown as interrupted.

    `doubtful`: it rests because of a clip in doubt; `incomplete`: scenes are missing in its film.
    """
    look = PROJECT_LOOKS[status]
    if doubtful and look is STOPPED:
        return DOUBT
    if incomplete and look is DONE:
        return PARTIAL
    return INTERRUPTED if look.name == "working" and not driven else look


def row_look(row: ProjectRow) -> Look:
    """How a project looks in the list."""
    return project_look(
        row.status, driven=row.driven, doubtful=row.doubtful > 0, incomplete=row.scenes_done < row.scenes
    )


def view_look(view: ProjectView) -> Look:
    """How a project looks on its own screen: the same as in the list."""
    doubtful = any(scene.status is SceneStatus.IN_DOUBT for scene in view.scenes)
    return project_look(view.status, driven=view.driven, doubtful=doubtful, incomplete=bool(view.missing_scenes))


def scene_look(status: SceneStatus, *, stale: bool = False) -> Look:
    """How a scene looks; a finished one whose texts changed since is stale."""
    look = SCENE_LOOKS[status]
    return STALE if stale and look is DONE else look
