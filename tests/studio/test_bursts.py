"""Keys that come in bursts: several in one read, faster than anything can be drawn."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.studio.fake import FakeStudio, opener
from tests.studio.waiting import burst, until
from vidpipe_tui.app import VidpipeApp
from vidpipe_tui.door import Door
from vidpipe_tui.interface import Interface
from vidpipe_tui.screens.projects import ProjectsScreen
from vidpipe_tui.widgets.project_list import ProjectList


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
