"""Made-up projects for tests and for looking at the studio: deterministic, hostile where asked for."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from vidpipe_tui.domain.statuses import ClipStatus, ProjectStatus, SceneStatus
from vidpipe_tui.domain.views import ClipView, EventView, FrameView, ProjectRow, ProjectView, SceneView, Trouble

NOW = datetime(2026, 11, 20, 12, 41, 7, tzinfo=UTC)

TITLES = (
    "Neon rain",
    "Fox and river",
    "Tea, thirty seconds",
    "Storm",
    "The lighthouse keeper's last evening before the long winter",
    "Snow on the line",
    "Paper boats",
    "Market at dawn",
)
HOSTILE = (
    "[bold red]markup[/] [link=https://x]y[/link] [@click=app.quit]z[/]",
    "\x1b[31mescape\x1b[0m \x07bell \x9b5m \u202eright to left override",
    "東京の夜、雨に濡れた路地を歩く猫の物語",
    "family 👨‍👩‍👧‍👦 flag 🇩🇪 heart ❤️ skin 👍🏽 keycap 1️⃣",
    "שלום עולם مرحبا بالعالم mixed with latin",
    "Z̸̢̛̺̱̮̜̻̈́̿̈a̷̡̛l̶g̵o̸ t̷e̸x̵t",
    "tab\there\nnew line\r\nreturn",
    "x" * 10_000,
    "",
    "    ",
)
_CYCLE = (
    ProjectStatus.GENERATING_VIDEO,
    ProjectStatus.KEYFRAME_REVIEW,
    ProjectStatus.COMPLETE,
    ProjectStatus.FAILED,
    ProjectStatus.STOPPED,
    ProjectStatus.COMPLETE,
    ProjectStatus.KEYFRAMING,
    ProjectStatus.PENDING,
)
_SCENE_OF = {
    ProjectStatus.COMPLETE: SceneStatus.VIDEO_DONE,
    ProjectStatus.PENDING: SceneStatus.PENDING,
    ProjectStatus.STORYBOARDING: SceneStatus.PENDING,
    ProjectStatus.KEYFRAMING: SceneStatus.KEYFRAMES_GENERATING,
    ProjectStatus.KEYFRAME_REVIEW: SceneStatus.KEYFRAMES_DONE,
    ProjectStatus.GENERATING_VIDEO: SceneStatus.VIDEO_GENERATING,
}


def project_id(number: int) -> UUID:
    """The id of the made-up project with that number."""
    return UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835 + 1) % 2**128)


def frame(path: Path | None = None, **changes: object) -> FrameView:
    """A keyframe's selected take."""
    made = FrameView(
        path=path or Path("/nowhere/scene_0_start.png"),
        source="generated",
        take=1,
        takes=(1,),
        prompt_used="A cat in a neon-lit alley, rain, wide shot.",
        stale=False,
        pinned=False,
        approved=None,
        model="local-image",
        seed=7,
        cost=0.04,
        width=1280,
        height=720,
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def clip(status: ClipStatus = ClipStatus.COMPLETE, **changes: object) -> ClipView:
    """A clip's selected take."""
    made = ClipView(
        id=UUID(int=9),
        path=Path("/nowhere/scene_0.mp4") if status is ClipStatus.COMPLETE else None,
        status=status,
        operation_name="operations/8f3a",
        duration_seconds=6.0 if status is ClipStatus.COMPLETE else None,
        take=1,
        takes=(1,),
        poll_count=7,
        prompt_used="Slow push in, handheld, single continuous shot.",
        stale=False,
        pinned=False,
        approved=None,
        model="local-video",
        seed=7,
        cost=0.6,
        error_message=None,
        submitted_at=NOW - timedelta(seconds=72),
        completed_at=NOW if status is ClipStatus.COMPLETE else None,
    )
    if "made" not in changes and status is ClipStatus.COMPLETE:
        changes["made"] = changes.get("takes", made.takes)
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def scene(index: int, status: SceneStatus = SceneStatus.VIDEO_DONE, **changes: object) -> SceneView:
    """A scene in a state."""
    drawn = status not in {SceneStatus.PENDING, SceneStatus.KEYFRAMES_GENERATING}
    filmed = {SceneStatus.VIDEO_DONE: ClipStatus.COMPLETE, SceneStatus.VIDEO_GENERATING: ClipStatus.POLLING}
    filmed |= {SceneStatus.FAILED: ClipStatus.FAILED, SceneStatus.IN_DOUBT: ClipStatus.IN_DOUBT}
    filmed |= {SceneStatus.RAI_FILTERED: ClipStatus.RAI_FILTERED}
    trouble = {
        SceneStatus.FAILED: Trouble("The provider lost the operation.", "Submit it again with r.", "lost"),
        SceneStatus.IN_DOUBT: Trouble(
            "Nobody knows whether this clip was submitted.", "A adopts, F films again.", "doubt"
        ),
        SceneStatus.RAI_FILTERED: Trouble(
            "The provider's filter refused the clip.", "w softens the prompt.", "filtered"
        ),
    }
    made = SceneView(
        id=UUID(int=1000 + index),
        index=index,
        status=status,
        stale=False,
        cut=index > 0 and index % 6 == 0,
        scene_description=("Alley", "Puddles", "Steam", "Neon sign", "The door", "Inside", "Stairs", "Roof")[index % 8],
        start_frame_prompt="A cat stops before a red door, looks up.",
        end_frame_prompt="The door stands ajar, warm light on wet stone.",
        video_motion_prompt="Slow push in, handheld, single continuous shot.",
        transition_notes="Hold on the light.",
        seconds=6.0,
        start=frame() if drawn or index == 0 else None,
        end=frame() if drawn else None,
        clip=clip(filmed[status]) if status in filmed else None,
        trouble=trouble.get(status),
        cost=0.64,
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def project(number: int = 0, *, scenes: int = 8, status: ProjectStatus | None = None, **changes: object) -> ProjectView:
    """A project with scenes that fit its status."""
    status = status or _CYCLE[number % len(_CYCLE)]
    usual = _SCENE_OF.get(status, SceneStatus.VIDEO_DONE)
    states = [usual] * scenes
    if status is ProjectStatus.GENERATING_VIDEO:
        states = [SceneStatus.VIDEO_DONE] * (scenes // 2) + [usual] + [SceneStatus.PENDING] * (scenes - scenes // 2 - 1)
    if status is ProjectStatus.FAILED:
        states = [SceneStatus.FAILED] + [SceneStatus.PENDING] * (scenes - 1)
    if status is ProjectStatus.STOPPED:
        states = [SceneStatus.VIDEO_DONE] * (scenes // 2) + [SceneStatus.PENDING] * (scenes - scenes // 2)
    driven = usual in {SceneStatus.VIDEO_GENERATING, SceneStatus.KEYFRAMES_GENERATING}
    age = timedelta(seconds=(9 + number) ** 2 * 3)
    made = ProjectView(
        id=project_id(number),
        title=TITLES[number % len(TITLES)] if number < len(TITLES) else f"{TITLES[number % len(TITLES)]} {number}",
        prompt="A cat walks through a neon-lit alley in the rain, finds a door, and goes in where it is warm.",
        status=status,
        provider="local",
        style="cinematic",
        aspect_ratio="16:9",
        target_clip_duration=6,
        scene_count=scenes,
        seed=7,
        review_mode="keyframes",
        resolution="720p",
        audio=True,
        crossfade_seconds=0.0,
        created_at=NOW - age * 2,
        updated_at=NOW - age,
        style_guide={"visual_style": "wet neon", "color_palette": "magenta, teal", "camera_style": "handheld"},
        storyboard_raw=None,
        storyboard_approved=True,
        output_path=Path("/home/me/films/final.mp4") if status is ProjectStatus.COMPLETE else None,
        trouble=Trouble("The provider asks for a wait of 300 s.", "Resume later with r.")
        if status is ProjectStatus.FAILED
        else None,
        estimated=6.0,
        spent=0.0 if status is ProjectStatus.PENDING else 0.4 * scenes,
        budget=6.0 if number % 3 == 0 else None,
        scenes=tuple(scene(index, state) for index, state in enumerate(states)),
        missing_scenes=(),
        film_current=status is ProjectStatus.COMPLETE,
        film_seconds=48.0 if status is ProjectStatus.COMPLETE else None,
        driven=driven,
        driven_here=driven,
        started_at=NOW - timedelta(minutes=3) if driven else None,
    )
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def row(view: ProjectView) -> ProjectRow:
    """The project's line in the list."""
    done = sum((s.start is not None) + (s.end is not None) + (s.status is SceneStatus.VIDEO_DONE) for s in view.scenes)
    filmed = sum(s.status is SceneStatus.VIDEO_DONE for s in view.scenes)
    return ProjectRow(
        id=view.id,
        title=view.title,
        prompt=view.prompt,
        status=view.status,
        provider=view.provider,
        style=view.style,
        aspect_ratio=view.aspect_ratio,
        clip_seconds=view.target_clip_duration,
        scenes=len(view.scenes),
        scenes_done=filmed,
        done=done + (view.output_path is not None),
        total=3 * len(view.scenes) + 1,
        spent=view.spent,
        budget=view.budget,
        created_at=view.created_at,
        updated_at=view.updated_at,
        error_message=view.trouble.message if view.trouble else None,
        output_path=view.output_path,
        deleted_at=view.deleted_at,
        driven=view.driven,
        driven_here=view.driven_here,
        doubtful=sum(s.status is SceneStatus.IN_DOUBT for s in view.scenes),
    )


def event(view: ProjectView, number: int, message: str, scene_index: int | None = None, **changes: object) -> EventView:
    """A line of the project's log."""
    made = EventView(number, view.id, scene_index, "clip", "info", message, NOW + timedelta(seconds=number))
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]
