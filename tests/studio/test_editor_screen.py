"""The editor: drafts at once, the price before, undo in the field, nothing lost by leaving."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from textual.widgets import TextArea

from tests.studio.fake import FakeStudio
from tests.studio.films import HOSTILE, project
from tests.studio.stage import SIZES, staged, text_of, until
from vidpipe_tui.domain.commands import SceneEdit
from vidpipe_tui.screens.dialogs import Ask
from vidpipe_tui.screens.editor import EditorScreen

pytestmark = pytest.mark.parametrize("size", SIZES, ids=("80x24", "140x40"))
TEXT = "Puddles"


def on_scene_two(drafts: dict[tuple[int | None, str], str] | None = None) -> tuple[FakeStudio, Any, Any]:
    view = project(2, scenes=4)
    studio = FakeStudio([view])
    studio.texts[view.id] = dict(drafts or {})
    return studio, view, lambda: EditorScreen(view, 1)


async def test_typing_is_a_draft_with_its_price(size: tuple[int, int]) -> None:
    studio, view, first = on_scene_two()
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: isinstance(app.focused, TextArea) and TEXT in text_of(app))
        await pilot.press("end", *" at night")
        await until(pilot, lambda: studio.texts[view.id] == {(1, "scene_description"): f"{TEXT} at night"})
        await until(pilot, lambda: "$0.64" in text_of(app) and "draft, not applied" in text_of(app))
        assert not studio.asked("edit_scene")
        assert len(studio.asked("save_draft")) < len(" at night")


async def test_a_draft_is_kept_while_somebody_types_without_a_pause(size: tuple[int, int]) -> None:
    studio, _, first = on_scene_two()
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: isinstance(app.focused, TextArea) and TEXT in text_of(app))
        for _ in range(300):
            await pilot.press("x")
            if studio.asked("save_draft"):
                break
        else:
            raise AssertionError("nothing was kept while somebody typed")


async def test_applying_while_the_film_is_made_says_that_it_goes_on(size: tuple[int, int]) -> None:
    view = dataclasses.replace(project(2, scenes=4), driven=True)
    studio = FakeStudio([view])
    async with staged(studio, lambda: EditorScreen(view, 1), size) as (app, pilot):
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        await pilot.press("x", "ctrl+s")
        await until(pilot, lambda: "also from what is stale" in " ".join(text_of(app).split()))


async def test_undo_back_to_the_stored_text_drops_the_draft(size: tuple[int, int]) -> None:
    studio, view, first = on_scene_two()
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        await pilot.press("x")
        await until(pilot, lambda: studio.texts[view.id])
        await pilot.press("ctrl+z")
        await until(pilot, lambda: studio.texts[view.id] == {})
        await pilot.press("ctrl+y")
        await until(pilot, lambda: studio.texts[view.id])


async def test_applying_shows_what_becomes_stale_first(size: tuple[int, int]) -> None:
    studio, view, first = on_scene_two()
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        await pilot.press("x", "tab", "y")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Ask) and "clip of scene 2" in text_of(app))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, EditorScreen))
        assert not studio.asked("edit_scene")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Ask))
        await pilot.press("y")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        texts = {"scene_description": f"x{TEXT}", "start_frame_prompt": "yA cat stops before a red door, looks up."}
        assert studio.asked("edit_scene") == [(view.id, SceneEdit(1, texts))]
        assert studio.texts[view.id] == {}


async def test_the_style_guide_is_edited_too(size: tuple[int, int]) -> None:
    studio, view, first = on_scene_two()
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        await pilot.press(*["tab"] * 5)
        await pilot.press(*"very ")
        await until(pilot, lambda: "costs about $0.64" in text_of(app))
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "Apply the change to the style guide?" in text_of(app))
        assert not studio.asked("edit_style_guide")
        await pilot.press("y")
        await until(pilot, lambda: studio.asked("edit_style_guide"))
        assert studio.asked("edit_style_guide") == [(view.id, {"visual_style": "very wet neon"})]
        assert not studio.asked("edit_scene")


async def test_leaving_keeps_the_draft_and_coming_back_shows_it(size: tuple[int, int]) -> None:
    studio, view, first = on_scene_two()
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        await pilot.press("z", "escape")
        await until(pilot, lambda: len(app.screen_stack) == 1)
        await until(pilot, lambda: studio.texts[view.id] == {(1, "scene_description"): f"z{TEXT}"})
        app.push_screen(EditorScreen(view, 1))
        await until(pilot, lambda: f"z{TEXT}" in text_of(app) and "draft, not applied" in text_of(app))


async def test_drafts_are_thrown_away_after_asking(size: tuple[int, int]) -> None:
    studio, view, first = on_scene_two({(1, "video_motion_prompt"): "Whip pan."})
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "Whip pan." in text_of(app))
        await pilot.press("f8")
        await until(pilot, lambda: "1 text that was not applied" in text_of(app))
        await pilot.press("y")
        await until(pilot, lambda: studio.texts[view.id] == {})


async def test_an_external_editor_is_one_undoable_edit(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    from vidpipe_tui.screens import outside

    async def edited(app: Any, text: str, name: str) -> str:
        return f"{text}, from outside"

    monkeypatch.setattr(outside, "edit_text", edited)
    studio, _, first = on_scene_two()
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: isinstance(app.focused, TextArea))
        await pilot.press("f4")
        await until(pilot, lambda: f"{TEXT}, from outside" in text_of(app))
        await pilot.press("ctrl+z")
        await until(pilot, lambda: "from outside" not in text_of(app))


async def test_hostile_drafts_are_only_text(size: tuple[int, int]) -> None:
    studio, _, first = on_scene_two({(1, "scene_description"): HOSTILE[0], (1, "video_motion_prompt"): HOSTILE[7]})
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "[bold red]markup" in text_of(app))
        await pilot.press("end", "x")
        assert app.is_running


async def test_other_line_ends_are_no_change(size: tuple[int, int]) -> None:
    view = project(2, scenes=2)
    scenes = (view.scenes[0], dataclasses.replace(view.scenes[1], scene_description="one\r\ntwo\rthree"))
    view = dataclasses.replace(view, scenes=scenes)
    studio = FakeStudio([view])
    async with staged(studio, lambda: EditorScreen(view, 1), size) as (app, pilot):
        await until(pilot, lambda: isinstance(app.focused, TextArea) and "three" in text_of(app))
        assert "draft, not applied" not in text_of(app)


async def test_fields_stand_at_their_height_from_the_start(size: tuple[int, int]) -> None:
    studio, view, _ = on_scene_two()
    long = dataclasses.replace(view.scenes[1], start_frame_prompt="a long way over wet stones " * 12)
    view = dataclasses.replace(view, scenes=(view.scenes[0], long, *view.scenes[2:]))
    seen: list[set[int]] = []
    async with staged(studio, lambda: EditorScreen(view, 1), size) as (app, pilot):

        def height() -> bool:
            areas = [area for area in app.screen.query(TextArea) if "wet stones" in area.text]
            seen.extend({area.size.height} for area in areas if area.size.height)
            return bool(areas) and isinstance(app.focused, TextArea) and len(seen) > 5

        await until(pilot, height)
        assert len({frozenset(found) for found in seen}) == 1
        assert min(seen[0]) > 1
