"""What is written change by change shows the same as what is drawn whole."""

from __future__ import annotations

import random
from typing import Any

import pyte
import pytest
from rich.console import Console
from textual import events
from textual._compositor import ChopsUpdate
from textual.app import App
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tests.studio.fake import FakeStudio, opener
from tests.studio.films import project
from tests.studio.stage import SIZES, staged, until
from vidpipe_tui.app import VidpipeApp
from vidpipe_tui.door import Door
from vidpipe_tui.interface import Interface
from vidpipe_tui.screens.compositing import Standing
from vidpipe_tui.screens.help import HelpScreen
from vidpipe_tui.screens.ledger import LedgerScreen
from vidpipe_tui.screens.project import ProjectScreen
from vidpipe_tui.widgets.preview_strip import PixelStrip
from vidpipe_tui.widgets.project_list import ProjectList

STEPS = [*"jkjkhlGgf", "tab", "v escape", "question_mark escape", "L escape", "ctrl+p escape", "ctrl+o escape"]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> pyte.Screen:
    """A terminal that gets everything the program writes."""
    screen = pyte.Screen(80, 24)
    stream = pyte.Stream(screen)

    def display(app: App[int], shown: Screen[Any], update: Any) -> None:
        if shown is app.screen and update is not None:
            stream.feed(update.render_segments(app.console))

    monkeypatch.setattr(App, "_display", display)
    return screen


def whole(app: App[int]) -> list[str]:
    """The lines of the screen as they are when everything is drawn again."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def standing(screen: pyte.Screen) -> list[str]:
    """The lines of the terminal."""
    return [line.rstrip() for line in screen.display]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", [1, 2])
async def test_a_film_under_way_shows_the_same_as_drawn_whole(
    written: pyte.Screen, size: tuple[int, int], seed: int
) -> None:
    written.resize(size[1], size[0])  # lines, columns
    view = project(scenes=12)
    studio = FakeStudio([view])
    chance = random.Random(seed)
    async with staged(studio, lambda: ProjectScreen(view.id), size) as (app, pilot):
        await until(pilot, lambda: any("filming" in line for line in whole(app)))
        for number in range(25):
            await pilot.press(*chance.choice(STEPS).split())
            if chance.random() < 0.4:
                studio.change(view.id, f"poll {number}", spent=number * 0.25)
        await until(pilot, lambda: standing(written) == whole(app))


async def test_a_key_in_the_list_asks_only_what_stands_beside_the_two_lines(
    written: pyte.Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    written.resize(30, 100)
    app = VidpipeApp(Door(opener(FakeStudio())), Interface())
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: bool(app.screen.query(ProjectList)) and app.screen.query_one(ProjectList).row)
        await until(pilot, lambda: standing(written) == whole(app))
        asked: dict[Widget, Region] = {}
        for kind in (Widget, ProjectList):
            draw = kind.render_lines

            def noted(self: Widget, crop: Region, draw: object = draw) -> object:
                asked[self] = crop
                return draw(self, crop)  # type: ignore[operator]

            monkeypatch.setattr(kind, "render_lines", noted)
        # Before the details follow, which they do after a rest.
        app.screen.query_one(ProjectList).action_cursor_down()
        await until(pilot, lambda: any(isinstance(widget, ProjectList) for widget in asked))
        first = dict(asked)
        assert {crop.height for crop in first.values()} == {2}
        assert not [widget for widget in first if widget.id in {"top", "projects-heading"}]
        await until(pilot, lambda: standing(written) == whole(app))


async def test_the_lines_of_a_long_list_are_whole_before_its_scroll_bar_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[int, Region, set[int]]] = []
    draw = ProjectList.render_lines

    def noted(self: ProjectList, crop: Region) -> list[Strip]:
        strips = draw(self, crop)
        drawn.append((self.rows.height, crop, {strip.cell_length for strip in strips}))
        return strips

    monkeypatch.setattr(ProjectList, "render_lines", noted)
    studio = FakeStudio([project(number, scenes=1) for number in range(60)])
    app = VidpipeApp(Door(opener(studio)), Interface())
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: any(height == 60 for height, _, _ in drawn))
        assert all(lengths == {crop.width} for _, crop, lengths in drawn if crop.width)


async def test_what_changes_below_a_screen_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    app = VidpipeApp(Door(opener(FakeStudio())), Interface())
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: bool(app.screen.query(ProjectList)) and app.screen.query_one(ProjectList).row)
        below = app.screen.query_one(ProjectList)
        await pilot.press("dollar_sign")
        await until(pilot, lambda: isinstance(app.screen, LedgerScreen) and "Ledger" in "".join(whole(app)))
        await pilot.pause()
        drawn: list[Any] = []
        monkeypatch.setattr(App, "_display", lambda _, screen, update: drawn.append((screen, update)))
        below.refresh()
        below.screen.refresh()
        await pilot.pause()
        await pilot.pause()
        assert not [update for _, update in drawn if update is not None]
        await pilot.press("escape")
        await until(pilot, lambda: any(screen is below.screen and update is not None for screen, update in drawn))


async def test_what_stands_there_is_not_written_again_until_it_may_be_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []

    def display(app: App[int], _: Screen[Any], update: Any) -> None:
        written.append(update.render_segments(app.console) if update is not None else "")

    monkeypatch.setattr(App, "_display", display)
    app = VidpipeApp(Door(opener(FakeStudio())), Interface(still=True))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: bool(app.screen.query(ProjectList)) and app.screen.query_one(ProjectList).row)
        await pilot.pause()
        chosen = app.screen.query_one(ProjectList)

        async def drawn() -> str:
            await pilot.pause()
            text, written[:] = "".join(written), []
            return text

        await drawn()
        chosen.refresh()
        assert "Storm" not in await drawn()
        await pilot.press("ctrl+l")
        assert "Storm" in await drawn()
        await pilot.press("j")
        assert "Storm" not in await drawn()
        app.app_resume_signal.publish(app)
        chosen.refresh()
        assert "Storm" in await drawn(), "another program had the terminal"
        app.post_message(events.Resize(app.size, app.size))
        await pilot.pause()
        chosen.refresh()
        assert "Storm" in await drawn(), "the terminal was made smaller and larger"
        await pilot.press("question_mark")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        await drawn()
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is chosen.screen)
        assert "Storm" in await drawn(), "another screen was there"


def test_another_picture_in_the_same_place_is_news() -> None:
    """Pictures that the terminal shows by placeholders are blanks to whoever looks at their cells."""
    standing, console, size = Standing(), Console(force_terminal=True, color_system="truecolor"), Size(12, 1)

    def written(number: int) -> str:
        update = ChopsUpdate([{0: Strip.blank(2), 2: PixelStrip(number, 0, 0, 10)}], [(0, 0, 12)], [[2, 12]])
        shown = standing.changes(size, console, update)
        assert isinstance(shown, ChopsUpdate)
        return shown.render_segments(console)

    first = written(1)
    assert "\U0010eeee" in first
    assert "\U0010eeee" not in written(1)
    other = written(2)
    assert "\U0010eeee" in other
    assert len(other) < len(first), "the blanks beside it stand already"
