"""Every status there is, in one place, and which may follow which. All changes of a status go through these tables."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ProjectStatus(StrEnum):
    """Where a project stands. Where stages overlap it is the earliest unfinished one."""

    PENDING = "pending"
    STORYBOARDING = "storyboarding"
    STORYBOARD_REVIEW = "storyboard_review"
    KEYFRAMING = "keyframing"
    KEYFRAME_REVIEW = "keyframe_review"
    GENERATING_VIDEO = "generating_video"
    STITCHING = "stitching"
    COMPLETE = "complete"
    FAILED = "failed"
    STOPPED = "stopped"


class SceneStatus(StrEnum):
    """Where a scene stands."""

    PENDING = "pending"
    KEYFRAMES_GENERATING = "keyframes_generating"
    KEYFRAMES_DONE = "keyframes_done"
    VIDEO_GENERATING = "video_generating"
    VIDEO_DONE = "video_done"
    RAI_FILTERED = "rai_filtered"
    IN_DOUBT = "in_doubt"
    FAILED = "failed"


class ClipStatus(StrEnum):
    """Where a clip stands. `in_doubt`: submitted, and nobody knows whether the provider took it on."""

    SUBMITTED = "submitted"
    POLLING = "polling"
    COMPLETE = "complete"
    RAI_FILTERED = "rai_filtered"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    IN_DOUBT = "in_doubt"


class CallState(StrEnum):
    """Where a paid call stands in the ledger. `unknown`: sent, and no answer was recorded; it is counted."""

    INTENT = "intent"
    SUBMITTED = "submitted"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    UNKNOWN = "unknown"


class FilmStatus(StrEnum):
    """Where a join stands."""

    JOINING = "joining"
    COMPLETE = "complete"


_P = ProjectStatus
WORKING = frozenset({_P.STORYBOARDING, _P.KEYFRAMING, _P.GENERATING_VIDEO, _P.STITCHING})
"""Statuses in which a driver is at work (or was, when it died)."""
REVIEWS = frozenset({_P.STORYBOARD_REVIEW, _P.KEYFRAME_REVIEW})
_RESTS = frozenset({_P.COMPLETE, _P.FAILED, _P.STOPPED}) | REVIEWS

PROJECT_TRANSITIONS: Mapping[ProjectStatus, frozenset[ProjectStatus]] = {
    _P.PENDING: WORKING | _RESTS,
    _P.STORYBOARDING: frozenset({_P.KEYFRAMING}) | _RESTS,
    _P.STORYBOARD_REVIEW: WORKING | _RESTS,
    _P.KEYFRAMING: WORKING - {_P.STORYBOARDING} | _RESTS,
    _P.KEYFRAME_REVIEW: WORKING | _RESTS,
    _P.GENERATING_VIDEO: WORKING - {_P.STORYBOARDING} | _RESTS,
    _P.STITCHING: WORKING - {_P.STORYBOARDING} | _RESTS,
    _P.COMPLETE: WORKING | _RESTS,
    _P.FAILED: WORKING | _RESTS,
    _P.STOPPED: WORKING | _RESTS,
}

DOING: Mapping[ProjectStatus, str] = {
    _P.STORYBOARDING: "writing",
    _P.KEYFRAMING: "drawing",
    _P.GENERATING_VIDEO: "filming",
    _P.STITCHING: "joining",
}
"""What is done in each working status, as people read it."""

_S = SceneStatus
_ENDS = frozenset({_S.RAI_FILTERED, _S.FAILED})
SCENE_TRANSITIONS: Mapping[SceneStatus, frozenset[SceneStatus]] = {
    _S.PENDING: frozenset({_S.KEYFRAMES_GENERATING, _S.KEYFRAMES_DONE, _S.VIDEO_DONE}) | _ENDS,
    _S.KEYFRAMES_GENERATING: frozenset({_S.PENDING, _S.KEYFRAMES_DONE, _S.VIDEO_GENERATING, _S.VIDEO_DONE, _S.IN_DOUBT})
    | _ENDS,
    _S.KEYFRAMES_DONE: frozenset({_S.PENDING, _S.KEYFRAMES_GENERATING, _S.VIDEO_GENERATING, _S.VIDEO_DONE, _S.IN_DOUBT})
    | _ENDS,
    _S.VIDEO_GENERATING: frozenset({_S.PENDING, _S.VIDEO_DONE, _S.IN_DOUBT, _S.KEYFRAMES_DONE, _S.KEYFRAMES_GENERATING})
    | _ENDS,
    _S.VIDEO_DONE: frozenset({_S.PENDING, _S.KEYFRAMES_GENERATING, _S.KEYFRAMES_DONE, _S.VIDEO_GENERATING, _S.IN_DOUBT})
    | _ENDS,
    _S.RAI_FILTERED: frozenset(_S) - {_S.RAI_FILTERED},
    _S.IN_DOUBT: frozenset(_S) - {_S.IN_DOUBT},
    _S.FAILED: frozenset(_S) - {_S.FAILED},
}

_C = ClipStatus
CLIP_TRANSITIONS: Mapping[ClipStatus, frozenset[ClipStatus]] = {
    _C.SUBMITTED: frozenset({_C.POLLING, _C.COMPLETE, _C.RAI_FILTERED, _C.FAILED, _C.TIMED_OUT, _C.IN_DOUBT}),
    _C.POLLING: frozenset({_C.COMPLETE, _C.RAI_FILTERED, _C.FAILED, _C.TIMED_OUT}),
    _C.TIMED_OUT: frozenset({_C.POLLING, _C.COMPLETE, _C.RAI_FILTERED, _C.FAILED}),
    _C.FAILED: frozenset({_C.POLLING, _C.COMPLETE}),
    _C.IN_DOUBT: frozenset({_C.POLLING, _C.FAILED}),
    _C.COMPLETE: frozenset({_C.FAILED}),  # its file is gone or changed
    _C.RAI_FILTERED: frozenset(),
}

_L = CallState
CALL_TRANSITIONS: Mapping[CallState, frozenset[CallState]] = {
    _L.INTENT: frozenset({_L.SUBMITTED, _L.SUCCEEDED, _L.FAILED, _L.UNKNOWN}),
    _L.SUBMITTED: frozenset({_L.SUCCEEDED, _L.FAILED, _L.UNKNOWN}),
    _L.UNKNOWN: frozenset({_L.SUBMITTED, _L.SUCCEEDED, _L.FAILED}),
    _L.SUCCEEDED: frozenset(),
    _L.FAILED: frozenset(),
}
