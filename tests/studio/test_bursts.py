"""Keys that come in bursts: several in one read, faster than anything can be drawn."""

from __future__ import annotations

import random
import time

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.studio.fake import FakeStudio, opener
from tests.studio.stage import text_of
from tests.studio.waiting import burst, until
from vidpipe_tui.app import VidpipeApp
from vidpipe_tui.door import Door
from vidpipe_tui.interface import Interface
from vidpipe_tui.screens import type_ahead
from vidpipe_tui.screens.project import ProjectScreen
from vidpipe_tui.screens.projects import ProjectsScreen
from vidpipe_tui.widgets.project_list import ProjectList
from vidpipe_tui.widgets.scene_strip import SceneStrip


def studio_app(studio: FakeStudio) -> VidpipeApp:
    return VidpipeApp(Door(opener(studio)), Interface())


def the_list(app: VidpipeApp) -> ProjectList:
    return app.screen_stack[0].query_one(ProjectList)


async def stand(pilot: Pilot[int], app: VidpipeApp, rows: int = 8) -> None:
    await until(lambda: bool(app.screen.query(ProjectList)) and the_list(app).rows.total == rows, "the list stands")
    await pilot.pause()


@pytest.mark.parametrize(
    ("opening", "ending"), [("ctrl+p", "enter"), ("B", "enter"), ("ctrl+o", "escape"), ("comma", "escape")]
)
async def test_a_screen_ends_once_however_often_it_is_told(opening: str, ending: str) -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        await pilot.press(opening)
        await until(lambda: not isinstance(app.screen, ProjectsScreen))
        await pilot.pause()
        screen = app.screen
        for _ in range(3):
            screen.dismiss(None)
        await until(lambda: isinstance(app.screen, ProjectsScreen))
        burst(app, opening, ending, ending, ending)
        await pilot.pause()
        assert app.is_running


async def test_what_is_typed_after_the_filter_key_is_text_even_in_one_read() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        burst(app, *"/done")
        await until(lambda: bool(app.screen.query(Input)) and app.screen.query_one(Input).value == "done")
        await until(lambda: 0 < the_list(app).rows.total < 8)
        assert isinstance(app.screen, ProjectsScreen)
        assert not studio.asked("delete")


async def test_what_is_typed_after_new_is_the_prompt() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        burst(app, *"nA dog drinks")
        await until(lambda: bool(app.screen.query(TextArea)))
        await until(lambda: app.screen.query_one(TextArea).text == "A dog drinks")


async def test_what_is_typed_after_a_dialogs_key_is_its_text_and_enter_ends_it() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        studio.gate.clear()
        burst(app, "e", *"er", "enter", "j", "j")
        await until(lambda: bool(app.screen.query(Input)))
        studio.gate.set()
        await until(lambda: bool(studio.asked("rename")))
        await until(lambda: the_list(app).cursor == 2)
        assert studio.asked("rename")[0][1] == "Neon rainer"


async def test_keys_after_enter_go_to_the_film_that_it_opens() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        studio.gate.clear()
        burst(app, "enter", "j", "j")
        await until(lambda: isinstance(app.screen, ProjectScreen))
        await pilot.pause()
        studio.gate.set()
        await until(lambda: bool(app.screen.query(SceneStrip)) and app.screen.query_one(SceneStrip).cursor > 0)
        await until(lambda: app.screen.query_one(SceneStrip).cursor == 2)
        assert the_list(app).cursor == 0


async def test_a_film_shows_what_the_list_knows_until_it_is_read() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        studio.gate.clear()
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, ProjectScreen) and "Opening the film" in text_of(app))
        await until(lambda: "? help" in text_of(app).splitlines()[-1])
        top, bottom = text_of(app).splitlines()[0], text_of(app).splitlines()[-1]
        assert all(words in top for words in ("Neon rain", "filming", "$3.20"))
        assert bottom.split() == ["esc", "back", "?", "help"]
        studio.gate.set()
        await until(lambda: "Opening the film" not in text_of(app))


async def test_the_palettes_command_has_the_keys_after_enter() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        burst(app, "ctrl+p", *"new", "enter", *"A dog")
        await until(lambda: bool(app.screen.query(TextArea)))
        await until(lambda: app.screen.query_one(TextArea).text == "A dog")


async def test_enter_applies_the_filter_and_the_next_one_opens_what_it_found() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        burst(app, *"/storm", "enter", "enter")
        await until(lambda: isinstance(app.screen, ProjectScreen) and app.screen.project is not None)
        assert app.screen.project.title == "Storm"


async def test_the_key_that_quits_never_waits() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        studio.gate.clear()
        burst(app, "r", "d", "d", "ctrl+q")
        await until(lambda: app.screen.__class__.__name__ == "QuitDialog" or not app.is_running)
        studio.gate.set()
        await pilot.pause()
        assert not studio.asked("delete")


async def test_nothing_is_held_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type_ahead, "_MOST_LOOKS", 5)
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        studio.gate.clear()
        burst(app, "r", "j", "j")
        await until(lambda: the_list(app).cursor == 2)


async def test_enter_never_acts_on_a_list_that_is_not_yet_what_the_filter_says() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        studio.gate.clear()
        burst(app, *"/storm", "enter")
        await until(lambda: app.screen.query_one("#projects-left")._behind and isinstance(app.focused, ProjectList))
        assert not [command for command in ("open", "delete", "run") if app.screen.check_action(command, ())]
        await until(lambda: "looking ..." in text_of(app))
        burst(app, "enter")
        await until(lambda: len(app._type_ahead._held) == 1)
        studio.gate.set()
        await until(lambda: isinstance(app.screen, ProjectScreen) and app.screen.project is not None)
        assert app.screen.project.title == "Storm"


KEYS = (
    *"nerxvaRtTb][sc$L,DpP05uyo /?BSzwdhjklfAFXgGJK<>.",
    *("enter", "escape", "ctrl+p", "ctrl+o") * 4,
    *("tab", "shift+tab", "up", "down", "left", "right", "pagedown", "home", "end", "backspace"),
    *("ctrl+s", "ctrl+a", "ctrl+r", "f1", "f4", "f8"),
)


@pytest.mark.parametrize("seed", [1, 2])
async def test_nothing_that_is_pressed_ends_the_studio(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    chance = random.Random(seed)
    app = studio_app(FakeStudio())
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        end = time.monotonic() + 4.0
        for _ in range(150):
            burst(app, *chance.choices(KEYS, k=chance.choice([1, 2, 3, 6])))
            if chance.random() < 0.1:
                await pilot.click(offset=(chance.randrange(40), chance.randrange(12)))
            if chance.random() < 0.1:
                await pilot.resize_terminal(chance.choice([40, 80, 100, 140]), chance.choice([12, 24, 30, 40]))
            await pilot.pause()
            assert app.is_running
            if time.monotonic() > end:
                break
        for _ in range(40):
            burst(app, "escape")
        await until(lambda: isinstance(app.screen, ProjectsScreen))
