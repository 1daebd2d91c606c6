"""The JSON documents: projects, estimates, calls. Indices count from 0, numbers from 1; both are there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from vidpipe_tui.domain.views import (
    CallView,
    ClipView,
    Estimate,
    EventView,
    FrameView,
    LedgerView,
    ProjectRow,
    ProjectView,
    SceneView,
)


def moment(value: datetime) -> str:
    """ISO 8601 with offset."""
    return value.isoformat()


def project(view: ProjectView) -> dict[str, Any]:
    """A project with its scenes."""
    return {
        "id": str(view.id),
        "title": view.title,
        "prompt": view.prompt,
        "status": view.status.value,
        "provider": view.provider,
        "style": view.style,
        "aspect_ratio": view.aspect_ratio,
        "target_clip_duration": view.target_clip_duration,
        "created_at": moment(view.created_at),
        "updated_at": moment(view.updated_at),
        "output_path": str(view.output_path) if view.output_path else None,
        "error_message": view.trouble.message if view.trouble else None,
        "error_hint": view.trouble.hint if view.trouble else None,
        "cost": {"estimated": round(view.estimated, 6), "spent": round(view.spent, 6), "budget": view.budget},
        "missing_scenes": list(view.missing_scenes),
        "review_mode": view.review_mode,
        "seed": view.seed,
        "crossfade_seconds": view.crossfade_seconds,
        "resolution": view.resolution,
        "audio": view.audio,
        "style_guide": dict(view.style_guide),
        "driven": view.driven,
        "references": [
            {
                "tag": reference.tag,
                "kind": reference.kind,
                "path": str(reference.path),
                "scene": reference.scene_index,
                "accepted": reference.accepted,
            }
            for reference in view.references
        ],
        "scenes": [scene(one) for one in view.scenes],
    }


def scene(view: SceneView) -> dict[str, Any]:
    """A scene with its selected takes."""
    return {
        "index": view.index,
        "number": view.number,
        "status": view.status.value,
        "stale": view.stale,
        "cut": view.cut,
        "duration_seconds": view.seconds,
        "scene_description": view.scene_description,
        "start_frame_prompt": view.start_frame_prompt,
        "end_frame_prompt": view.end_frame_prompt,
        "video_motion_prompt": view.video_motion_prompt,
        "transition_notes": view.transition_notes,
        "references": list(view.references),
        "start": frame(view.start),
        "end": frame(view.end),
        "clip": clip(view.clip),
        "filming": clip(view.filming),
        "error_message": view.trouble.message if view.trouble else None,
        "error_hint": view.trouble.hint if view.trouble else None,
    }


def frame(view: FrameView | None) -> dict[str, Any] | None:
    """The selected take of a keyframe."""
    if view is None:
        return None
    return {
        "path": str(view.path),
        "source": view.source,
        "take": view.take,
        "takes": len(view.takes),
        "stale": view.stale,
        "approved": view.approved,
        "prompt_used": view.prompt_used,
    }


def clip(view: ClipView | None) -> dict[str, Any] | None:
    """A take of a clip."""
    if view is None:
        return None
    return {
        "path": str(view.path) if view.path else None,
        "status": view.status.value,
        "operation_name": view.operation_name,
        "duration_seconds": view.duration_seconds,
        "take": view.take,
        "takes": len(view.takes),
        "poll_count": view.poll_count,
        "error_message": view.error_message,
        "stale": view.stale,
        "prompt_used": view.prompt_used,
        "softened": view.softened,
    }


def summary(row: ProjectRow) -> dict[str, Any]:
    """A project without its scenes."""
    return {
        "id": str(row.id),
        "title": row.title,
        "prompt": row.prompt,
        "status": row.status.value,
        "provider": row.provider,
        "style": row.style,
        "aspect_ratio": row.aspect_ratio,
        "target_clip_duration": row.clip_seconds,
        "created_at": moment(row.created_at),
        "updated_at": moment(row.updated_at),
        "output_path": str(row.output_path) if row.output_path else None,
        "error_message": row.error_message,
        "cost": {"spent": round(row.spent, 6), "budget": row.budget},
        "scenes_total": row.scenes,
        "scenes_done": row.scenes_done,
        "driven": row.driven,
        "deleted_at": moment(row.deleted_at) if row.deleted_at else None,
    }


def estimate(value: Estimate) -> dict[str, Any]:
    """What a run will cost."""
    return {
        "total": value.total,
        "provider": value.provider,
        "models": dict(value.models),
        "note": value.note,
        "stages": [
            {"stage": stage.stage, "count": stage.count, "units": stage.units, "total": round(stage.total, 6)}
            for stage in value.stages
        ],
    }


def event(view: EventView) -> dict[str, Any]:
    """A line of the log."""
    return {
        "id": view.id,
        "time": moment(view.time),
        "project_id": str(view.project_id),
        "scene": view.scene_index,
        "number": None if view.scene_index is None else view.scene_index + 1,
        "step": view.step,
        "level": view.level,
        "message": view.message,
    }


def ledger(view: LedgerView) -> dict[str, Any]:
    """Every call, and the sums."""
    totals = view.totals
    return {
        "calls": [call(one) for one in view.calls],
        "totals": {
            "calls": totals.calls,
            "spent": totals.spent,
            "in_flight": totals.in_flight,
            "unknown": totals.unknown,
            "by_kind": dict(totals.by_kind),
            "by_month": dict(totals.by_month),
            "by_project": dict(totals.by_project),
        },
    }


def call(view: CallView) -> dict[str, Any]:
    """A paid call; `scene` is the index, `number` what people see."""
    return {
        "id": view.id,
        "time": moment(view.time),
        "project_id": str(view.project_id) if view.project_id else None,
        "project_title": view.project_title,
        "scene": view.scene_index,
        "number": None if view.scene_index is None else view.scene_index + 1,
        "kind": view.kind,
        "provider": view.provider,
        "model": view.model,
        "state": view.state.value,
        "operation": view.operation,
        "units": view.units,
        "cost_estimate": view.cost_estimate,
        "cost": view.cost,
        "request_hash": view.request_hash,
        "error": view.error,
    }
