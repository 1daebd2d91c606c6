"""Editing: the texts, the length and the cut of a scene, and the style guide; each edit can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.doors import write
from vidpipe_tui.db.graph import load_graph
from vidpipe_tui.db.models import Project, Scene
from vidpipe_tui.db.takes import clear_trouble
from vidpipe_tui.domain import graph as facts
from vidpipe_tui.domain.commands import SCENE_FIELDS, SceneEdit
from vidpipe_tui.domain.redoing import Slot, spread, stale_slots
from vidpipe_tui.domain.storyboard import MAX_FIELD, STYLE_KEYS
from vidpipe_tui.domain.text import clean
from vidpipe_tui.domain.views import Consequence
from vidpipe_tui.domain.vocabulary import MAX_CLIP_SECONDS, MIN_CLIP_SECONDS
from vidpipe_tui.errors import UsageError
from vidpipe_tui.services import estimates
from vidpipe_tui.services.changes import remember
from vidpipe_tui.services.core import Core, scene_at


def checked_field(text: str, what: str) -> str:
    """A text of a scene, cleaned; raises UsageError when it is empty or too long."""
    cleaned = clean(text).strip()
    if not cleaned:
        raise UsageError(f"The {what.replace('_', ' ')} is empty.", hint="Type something, or leave it as it was.")
    if len(cleaned) > MAX_FIELD:
        raise UsageError(f"The {what.replace('_', ' ')} has more than {MAX_FIELD:,} characters.", hint="Shorten it.")
    return cleaned


async def set_columns(
    session: AsyncSession,
    scene: facts.Scene,
    values: Mapping[str, Any],
    before: dict[str, Any],
    after: dict[str, Any],
) -> None:
    """Changes columns of a scene, and notes both states for undo."""
    if not values:
        return
    row = await session.get(Scene, scene.id, populate_existing=True)
    assert row is not None
    before.setdefault("rows", []).append(
        {"table": "scene", "id": str(scene.id), "values": {key: getattr(row, key) for key in values}}
    )
    after.setdefault("rows", []).append({"table": "scene", "id": str(scene.id), "values": dict(values)})
    for key, value in values.items():
        setattr(row, key, value)
    await session.flush()


def _edited_values(edit: SceneEdit) -> dict[str, Any]:
    unknown = set(edit.texts) - set(SCENE_FIELDS)
    if unknown:
        raise UsageError(f"A scene has no {min(unknown)}.", hint=f"Its texts are {', '.join(SCENE_FIELDS)}.")
    values: dict[str, Any] = {
        key: clean(text).strip() if key == "transition_notes" else checked_field(text, key)
        for key, text in edit.texts.items()
    }
    if edit.seconds is not None:
        if not MIN_CLIP_SECONDS <= edit.seconds <= MAX_CLIP_SECONDS:
            raise UsageError(
                f"A clip has {MIN_CLIP_SECONDS} to {MAX_CLIP_SECONDS} seconds, not {edit.seconds:g}.",
                hint="Choose a length in that range.",
            )
        values["duration_seconds"] = edit.seconds
    if edit.cut is not None:
        values["opens_with_cut"] = edit.cut
    return values


def _checked_guide(guide: Mapping[str, str]) -> dict[str, str]:
    unknown = set(guide) - set(STYLE_KEYS)
    if unknown:
        raise UsageError(f"A style guide has no {min(unknown)}.", hint=f"It has {', '.join(STYLE_KEYS)}.")
    return {key: checked_field(text, key) for key, text in guide.items()}


def edited(graph: facts.Graph, edit: SceneEdit) -> facts.Graph:
    """The project as it would be after the edit, for the planner's own questions."""
    scene = scene_at(graph, edit.scene_index)
    values = _edited_values(edit)
    changed = replace(
        scene,
        **{key: value for key, value in values.items() if key in SCENE_FIELDS},
        seconds=values.get("duration_seconds", scene.seconds),
        cut=values.get("opens_with_cut", scene.cut),
    )
    return replace(graph, scenes=tuple(changed if one.index == scene.index else one for one in graph.scenes))


def consequence_of_edit(
    core: Core, graph: facts.Graph, edit: SceneEdit | None, guide: Mapping[str, str] | None = None
) -> Consequence:
    """What an edit of a scene, of the style guide or of both makes stale, and what redoing just that would cost."""
    already: set[Slot] = set(stale_slots(graph))
    after = graph if edit is None else edited(graph, edit)
    after = replace(after, style_guide={**graph.style_guide, **_checked_guide(guide or {})})
    if edit is not None and edit.cut is not None and edit.cut != scene_at(graph, edit.scene_index).cut:
        newly = [slot for slot in spread(after, {(edit.scene_index, "start")}) if slot not in already]
    else:
        newly = [slot for slot in stale_slots(after) if slot not in already]
    opened = core.driver.provider(graph.provider)
    return Consequence(
        stale=tuple((index + 1, slot) for index, slot in newly),
        estimate=estimates.of_slots(opened.catalogue, after, newly),
        cut=bool(edit is not None and edit.cut),
    )


async def edit_scene(core: Core, project_id: UUID, edit: SceneEdit) -> None:
    """Stores an edit of a scene; takes made before become stale and stay usable."""
    values = _edited_values(edit)
    async with write() as session:
        graph = await load_graph(session, project_id)
        scene = scene_at(graph, edit.scene_index)
        if edit.cut and scene.index == 0:
            raise UsageError("The first scene has nothing to be chained to.", hint="Choose a later scene.")
        if edit.seconds is not None:
            core.driver.provider(graph.provider).catalogue.video(graph.video_model).check(
                ratio=graph.aspect_ratio, seconds=edit.seconds, resolution=graph.resolution, audio=graph.audio
            )
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        await set_columns(session, scene, values, before, after)
        if edit.texts:
            await clear_trouble(session, scene.id)
        title = f"the edit of scene {scene.number}"
        await remember(session, project_id, "edit", title, before=before, after=after)
    core.driver.wake(project_id)


async def edit_style_guide(core: Core, project_id: UUID, guide: Mapping[str, str]) -> None:
    """Stores another style guide (keys visual_style, color_palette, camera_style)."""
    texts = _checked_guide(guide)
    async with write() as session:
        row = await session.get(Project, project_id)
        if row is None:
            raise UsageError(f"There is no project {project_id}.")
        old = dict(row.style_guide or {})
        row.style_guide = {**old, **texts}
        entry = {"table": "project", "id": str(project_id)}
        await remember(
            session,
            project_id,
            "edit",
            "the edit of the style guide",
            before={"rows": [{**entry, "values": {"style_guide": old}}]},
            after={"rows": [{**entry, "values": {"style_guide": row.style_guide}}]},
        )
    core.driver.wake(project_id)
