"""Pinned pictures of the screens. `pytest tests/studio/test_snapshots.py --snapshot-update` pins them anew.

Nothing of the machine is in them: the clock, the zone, the terminal and the folders are fixed, cursors do not blink,
and pictures are made of whole-number colours.
"""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.studio.fake import FakeStudio, opener
from tests.studio.films import HOSTILE, NOW, project, scene
from tests.studio.stage import Stage, text_of, until
from vidpipe_tui.app import VidpipeApp
from vidpipe_tui.domain.statuses import ProjectStatus, SceneStatus
from vidpipe_tui.domain.views import FrameView, ProjectView
from vidpipe_tui.door import Door
from vidpipe_tui.interface import Interface
from vidpipe_tui.screens.editor import EditorScreen
from vidpipe_tui.screens.ledger import LedgerScreen
from vidpipe_tui.screens.new_project import NewProjectScreen
from vidpipe_tui.screens.project import ProjectScreen
from vidpipe_tui.screens.review import ReviewScreen
from vidpipe_tui.widgets.preview_store import store_of

SMALL, LARGE = (80, 24), (140, 40)
BOTH = pytest.mark.parametrize("size", (SMALL, LARGE), ids=("80x24", "140x40"))
STILL = Interface(still=True)
SAME_LOOKS = 12
"""So many looks in a row must show the same before the picture is taken."""

Compare = Callable[..., bool]
Before = Callable[[Pilot[Any]], Awaitable[None]]


class FrozenClock(datetime):
    """It is always the same moment."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> FrozenClock:
        return cls.fromtimestamp(NOW.timestamp(), tz)


@pytest.fixture(autouse=True)
def fixed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The same terminal, zone and moment everywhere; nothing blinks or turns."""
    for name in ("NO_COLOR", "COLUMNS", "LINES", "TMUX", "SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLORTERM", "truecolor")
    monkeypatch.setattr("vidpipe_tui.screens.project.datetime", FrozenClock)
    monkeypatch.setattr("vidpipe_tui.widgets.project_list.datetime", FrozenClock)
    monkeypatch.setattr(ProjectScreen, "_turn", lambda _: None)
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)
    monkeypatch.setattr(TextArea, "_toggle_cursor_blink_visible", lambda _: None)
    with pytest.MonkeyPatch.context() as zone:
        zone.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


def shows(*words: str, press: tuple[str, ...] = ()) -> Before:
    """Waits until the words stand there (after each key: the next of them), and nothing changes any more."""

    async def before(pilot: Pilot[Any]) -> None:
        first, *rest = words
        await until(pilot, lambda: first in text_of(pilot.app))
        for key, following in zip(press, rest, strict=True):
            await settle(pilot)
            await pilot.press(key)
            await until(pilot, lambda following=following: following in text_of(pilot.app))  # type: ignore[misc]
        await settle(pilot)

    return before


async def settle(pilot: Pilot[Any]) -> None:
    """Every picture is drawn, and the screen shows the same for a while."""
    seen: list[str] = []

    def same() -> bool:
        drawing = bool(store_of(pilot.app)._under_way)
        seen.append(f"{drawing} {pilot.app.export_screenshot(simplify=True).split('</style>')[-1]}")
        return not drawing and len(seen) > SAME_LOOKS and len(set(seen[-SAME_LOOKS:])) == 1

    await until(pilot, same)


def painted(view: ProjectView, folder: Path) -> ProjectView:
    """The film with a flag of its own colours behind every keyframe."""

    def frame(shown: FrameView | None, number: int) -> FrameView | None:
        if shown is None:
            return None
        path = folder / f"{number}.png"
        picture = Image.new("RGB", (320, 180), (40 + number * 9, 70, 120))
        picture.paste((20, 30 + number * 7, 40), (0, 110, 320, 180))
        picture.paste((230, 190, 90), (40 + number * 11, 40, 80 + number * 11, 80))
        picture.save(path)
        return dataclasses.replace(shown, path=path)

    scenes = tuple(
        dataclasses.replace(made, start=frame(made.start, made.index * 2), end=frame(made.end, made.index * 2 + 1))
        for made in view.scenes
    )
    return dataclasses.replace(view, scenes=scenes)


def listing(projects: list[ProjectView], **interface: Any) -> VidpipeApp:
    return VidpipeApp(Door(opener(FakeStudio(projects))), dataclasses.replace(STILL, **interface))


def many(folder: Path) -> list[ProjectView]:
    first = painted(project(0), folder)
    return [first, *(project(number) for number in range(1, 60))]


def film(view: ProjectView) -> Stage:
    studio = FakeStudio([view])
    studio.tell(view.id, "Scene 4: clip fetched, 6.0 s, checked.", 3)
    studio.tell(view.id, "Scene 5: poll 7, still running.", 4)
    return Stage(studio, lambda: ProjectScreen(view.id), STILL)


@BOTH
def test_list_many(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    words = "▄" if size == LARGE else "Neon rain"
    assert snap_compare(listing(many(tmp_path)), terminal_size=size, run_before=shows(words))


def test_list_empty(snap_compare: Compare) -> None:
    assert snap_compare(listing([]), terminal_size=SMALL, run_before=shows("No films yet"))


def test_list_hostile(snap_compare: Compare) -> None:
    rows = [project(number, title=text, prompt=text) for number, text in enumerate(HOSTILE)]
    assert snap_compare(listing(rows), terminal_size=LARGE, run_before=shows("16:9"))


def test_list_light(snap_compare: Compare, tmp_path: Path) -> None:
    app = listing(many(tmp_path), theme="vidpipe-light")
    assert snap_compare(app, terminal_size=LARGE, run_before=shows("▄"))


@BOTH
def test_project_in_flight(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    app = film(painted(project(), tmp_path))
    assert snap_compare(app, terminal_size=size, run_before=shows("What happens"))


@BOTH
def test_project_in_trouble(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    stopped = project(status=ProjectStatus.STOPPED, scenes=4)
    states = (SceneStatus.IN_DOUBT, SceneStatus.RAI_FILTERED, SceneStatus.FAILED, SceneStatus.VIDEO_DONE)
    view = dataclasses.replace(stopped, scenes=tuple(scene(index, state) for index, state in enumerate(states)))
    before = shows("A adopt")
    assert snap_compare(film(painted(view, tmp_path)), terminal_size=size, run_before=before)


@BOTH
def test_project_done(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    app = film(painted(project(status=ProjectStatus.COMPLETE, scenes=6), tmp_path))
    assert snap_compare(app, terminal_size=size, run_before=shows("What happens"))


@BOTH
def test_review(snap_compare: Compare, tmp_path: Path, size: tuple[int, int]) -> None:
    view = painted(project(status=ProjectStatus.KEYFRAME_REVIEW, scenes=4), tmp_path)
    app = Stage(FakeStudio([view]), lambda: ReviewScreen(view.id), STILL)
    assert snap_compare(app, terminal_size=size, run_before=shows("not decided"))


def test_editor(snap_compare: Compare) -> None:
    view = project(2, scenes=4)
    app = Stage(FakeStudio([view]), lambda: EditorScreen(view, 1), STILL)
    assert snap_compare(app, terminal_size=SMALL, run_before=shows("Puddles", "$0.64", press=("x",)))


def test_new_film(snap_compare: Compare) -> None:
    app = Stage(FakeStudio([]), NewProjectScreen, STILL)
    assert snap_compare(app, terminal_size=SMALL, run_before=shows("as soon as", "Free with", press=("x",)))


def test_ledger(snap_compare: Compare) -> None:
    app = Stage(FakeStudio(), LedgerScreen, STILL)
    assert snap_compare(app, terminal_size=LARGE, run_before=shows("newest first"))


def test_help(snap_compare: Compare) -> None:
    app = listing([project()])
    before = shows("Neon rain", "One line down.", press=("question_mark",))
    assert snap_compare(app, terminal_size=SMALL, run_before=before)


def test_quit_dialog(snap_compare: Compare) -> None:
    app = listing([project()])

    before = shows("enter open", "Quit?", press=("ctrl+q",))
    assert snap_compare(app, terminal_size=SMALL, run_before=before)


def test_too_small(snap_compare: Compare) -> None:
    app = listing([project()])
    assert snap_compare(app, terminal_size=(40, 12), run_before=shows("The studio needs"))
