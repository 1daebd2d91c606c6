"""The project list in the studio: what it shows, how it follows, what its keys do."""

from __future__ import annotations

import dataclasses

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Input

from tests.studio.fake import FakeStudio, opener
from tests.studio.films import HOSTILE, NOW, project
from tests.studio.waiting import until
from vidpipe_tui.app import VidpipeApp
from vidpipe_tui.domain.statuses import ProjectStatus
from vidpipe_tui.door import Door
from vidpipe_tui.errors import DatabaseError
from vidpipe_tui.interface import Interface
from vidpipe_tui.screens.projects import ProjectsScreen
from vidpipe_tui.widgets.project_list import ProjectList

SIZES = [(80, 24), (140, 40)]


def studio_app(studio: FakeStudio, **interface: object) -> VidpipeApp:
    return VidpipeApp(Door(opener(studio)), Interface(**interface))  # type: ignore[arg-type]


def the_list(app: VidpipeApp) -> ProjectList:
    return app.screen_stack[0].query_one(ProjectList)


def lines(app: VidpipeApp) -> list[str]:
    shown = the_list(app)
    return [shown.render_line(y).text for y in range(shown.size.height)]


def words_of(app: VidpipeApp, selector: str) -> str:
    shown = app.screen.query(selector)  # none, as long as it is not mounted
    return "\n".join(widget.render_line(y).text for widget in shown for y in range(widget.size.height))


async def stand(pilot: Pilot[int], app: VidpipeApp, rows: int) -> None:
    await until(lambda: bool(app.screen.query(ProjectList)) and the_list(app).rows.total == rows, "the list stands")
    await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
async def test_a_line_says_state_progress_and_spend(size: tuple[int, int]) -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=size) as pilot:
        await stand(pilot, app, 8)
        first = lines(app)[0]
        assert "Neon rain" in first
        assert "filming" in first
        assert "$3.20" in first
        assert "4/8" in first
        assert "◆ Fox and river" in lines(app)[1]


async def test_columns_stand_under_each_other_whatever_the_title() -> None:
    films = [project(number, title=title, status=ProjectStatus.COMPLETE) for number, title in enumerate(HOSTILE)]
    app = studio_app(FakeStudio(films))
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app, len(films))
        shown = lines(app)[: len(films)]
        assert {cell_len(line[: line.index("done")]) for line in shown} == {
            cell_len(shown[0][: shown[0].index("done")])
        }
        assert {cell_len(line) for line in shown} == {80}
        assert not any(char in "".join(shown) for char in "\x1b\x07\x9b\u202e\u200d")
        assert "[bold red]markup" in "".join(shown)


async def test_moving_goes_to_both_ends_of_ten_thousand_and_fetches_only_what_is_seen() -> None:
    studio = FakeStudio([project(number, scenes=1) for number in range(10_000)])
    app = studio_app(studio)
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app, 10_000)
        await pilot.press("G")
        await until(lambda: the_list(app).row is not None and the_list(app).cursor == 9_999)
        last = the_list(app).row
        assert last is not None
        assert last.title.endswith("9999")
        await pilot.press("g", "j", "j", "k")
        assert the_list(app).cursor == 1
        pages = {arguments[3] for arguments in studio.asked("list_projects") if arguments[1] is None}
        assert len(pages) < 8


async def test_a_change_is_shown_on_its_line_and_a_hundred_changes_are_read_a_few_times() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app, 8)
        await pilot.press("j", "j")
        storm = next(view for view in studio.projects.values() if view.title == "Storm")
        for number in range(100):
            studio.change(storm.id, spent=float(number), status=ProjectStatus.COMPLETE)
        await until(lambda: "$99.00" in lines(app)[3])
        assert "incomplete" in lines(app)[3]
        assert the_list(app).cursor == 2
        assert len(studio.asked("project")) <= 5


async def test_the_filter_finds_titles_prompts_and_states_and_esc_shows_all() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app, 8)
        await pilot.press("slash", *"river")
        await stand(pilot, app, 1)
        assert "Fox and river" in lines(app)[0]
        await pilot.press(*["backspace"] * 5, *"failed")
        await until(lambda: the_list(app).rows.total == 1 and "Storm" in lines(app)[0])
        await pilot.press(*["backspace"] * 6, *"zebra")
        await until(lambda: the_list(app).rows.total == 0)
        await until(lambda: "Nothing has zebra" in str(app.screen.query_one("#projects-empty").render()))
        await pilot.press("escape")
        await stand(pilot, app, 8)
        assert not app.screen.query(Input)


async def test_grouping_puts_a_line_above_each_state_and_the_cursor_passes_over_it() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app, 8)
        await pilot.press("z")
        await until(lambda: the_list(app).rows.grouped)
        await pilot.pause()
        shown = lines(app)
        assert shown[0].strip().startswith("◐ filming")
        assert "Neon rain" in shown[1]
        await pilot.press("g")
        assert the_list(app).cursor == 1
        await pilot.press("j")
        assert the_list(app).row is not None
        assert not shown[the_list(app).cursor].strip().endswith("1")


async def test_delete_hides_and_undo_brings_back() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app, 8)
        await pilot.press("j", "d")
        await stand(pilot, app, 7)
        assert not any("Fox and river" in line for line in lines(app))
        await pilot.press("u")
        await stand(pilot, app, 8)
        row = the_list(app).row
        assert row is not None
        assert row.title == "Fox and river"


async def test_rename_and_duplicate() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app, 8)
        await pilot.press("e")
        await until(lambda: bool(app.screen.query("#dialog-input")))
        await pilot.press(*"er", "enter")
        await until(lambda: any("Neon rainer" in line for line in lines(app)))
        await pilot.press("D")
        await stand(pilot, app, 9)


async def test_running_shows_the_price_first_and_no_means_no() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app, 8)
        await pilot.press("j", "j", "j", "r")
        await until(lambda: bool(app.screen.query("#dialog-text")))
        assert "$1.80" in str(app.screen.query_one("#dialog-text").render())
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, ProjectsScreen))
        assert not studio.asked("start")
        await pilot.press("r")
        await until(lambda: bool(app.screen.query("#dialog-text")))
        await pilot.press("r")
        await until(lambda: bool(studio.asked("start")))
        await until(lambda: "writing" in lines(app)[3])


async def test_a_database_that_cannot_be_opened_is_told_in_place_and_r_tries_again() -> None:
    studio = FakeStudio()
    studio.failing["list_projects"] = DatabaseError(
        "The database is newer than this program.", hint="Install a newer one."
    )
    app = studio_app(studio)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: bool(app.screen.query("#projects-empty")))
        await until(lambda: "newer than this program" in str(app.screen.query_one("#projects-empty").render()))
        studio.failing.clear()
        await pilot.press("r")
        await stand(pilot, app, 8)


async def test_an_empty_list_says_the_first_step() -> None:
    app = studio_app(FakeStudio([]))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(lambda: bool(app.screen.query("#projects-empty")))
        await until(lambda: "Press n" in str(app.screen.query_one("#projects-empty").render()))
        await pilot.press("d", "enter", "r", "x", "y", "G", "g", "D", "z", "S")
        assert app.is_running


async def test_the_details_follow_when_the_cursor_rests() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(140, 40)) as pilot:
        await stand(pilot, app, 8)
        await pilot.press("j", "j", "j")
        await until(lambda: bool(app.screen.query("#details-heading")) and "Storm" in words_of(app, "#details-heading"))
        await until(lambda: "The provider asks for a wait" in words_of(app, "#details-text"))


async def test_another_size_lays_the_details_out_anew() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app, 8)
        await pilot.press("G")
        row = the_list(app).row
        assert row is not None
        studio.tell(row.id, "last line")
        await pilot.pause()
        for size in ((140, 40), (200, 60), (104, 30)):
            await pilot.resize_terminal(*size)
            await until(lambda: "last line" in words_of(app, "#details-text"), str(size))
            await until(lambda: row.title in words_of(app, "#details-heading"), str(size))


async def test_another_film_in_the_details_lays_nothing_out_anew() -> None:
    films = [project(number, status=ProjectStatus.COMPLETE, scenes=0, title=f"Film {number}") for number in range(3)]
    app = studio_app(FakeStudio(films))
    async with app.run_test(size=(120, 40)) as pilot:
        await stand(pilot, app, 3)
        await until(lambda: "Film 0" in words_of(app, "#details-heading"))
        await until(lambda: not app.screen._layout_required)
        await pilot.pause()
        laid_out: list[object] = []
        app.screen._refresh_layout = lambda *size, **options: laid_out.append(size)  # type: ignore[method-assign]
        await pilot.press("j")
        await until(lambda: "Film 1" in words_of(app, "#details-heading"))
        await pilot.pause()
        assert not laid_out


async def test_the_studio_opens_with_the_project_it_was_left_at() -> None:
    studio = FakeStudio()
    for _ in range(2):
        app = studio_app(studio)
        async with app.run_test(size=(80, 24)) as pilot:
            await stand(pilot, app, 8)
            start = the_list(app).cursor
            if not start:
                await pilot.press("j", "j", "j")
    assert start == 3


async def test_turning_glyphs_rest_when_nothing_is_worked_on_or_motion_is_unwanted() -> None:
    studio = FakeStudio([project(2), project(5)])
    app = studio_app(studio)
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app, 2)
        assert not the_list(app).turn()
    moving = FakeStudio([project(0)])
    still = studio_app(moving, still=True)
    async with still.run_test(size=(80, 24)) as pilot:
        await stand(pilot, still, 1)
        assert still.screen.query_one("#projects-left")._turning is None


async def test_small_terminals_get_a_sentence_and_everything_comes_back() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app, 8)
        await pilot.resize_terminal(40, 12)
        await until(lambda: bool(app.screen.query("TooSmall")))
        await pilot.resize_terminal(120, 30)
        await until(lambda: not app.screen.query("TooSmall"))
        await until(lambda: "Neon rain" in lines(app)[0])


async def test_a_film_made_elsewhere_appears() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app, 8)
        fresh = dataclasses.replace(project(77), title="From elsewhere", updated_at=NOW)
        studio.projects[fresh.id] = fresh
        studio.tell(fresh.id, "created")
        await stand(pilot, app, 9)
        assert any("From elsewhere" in line for line in lines(app))
