"""The project screen: what it shows, that it lives, what its keys ask the service for."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from tests.studio.fake import FakeStudio
from tests.studio.films import HOSTILE, clip, event, project, scene
from tests.studio.real_pictures import with_pictures
from tests.studio.stage import SIZES, staged, text_of, until
from vidpipe_tui.domain.commands import NewTake, RunOptions, SceneEdit
from vidpipe_tui.domain.statuses import ProjectStatus, SceneStatus
from vidpipe_tui.domain.views import ProjectView, Trouble
from vidpipe_tui.errors import UsageError
from vidpipe_tui.screens.dialogs import Ask
from vidpipe_tui.screens.editor import EditorScreen
from vidpipe_tui.screens.log import LogScreen
from vidpipe_tui.screens.new_take import NewTakeDialog
from vidpipe_tui.screens.project import ProjectScreen
from vidpipe_tui.screens.review import ReviewScreen
from vidpipe_tui.screens.seam import SeamScreen
from vidpipe_tui.widgets.log_view import LogView
from vidpipe_tui.widgets.player import Player
from vidpipe_tui.widgets.preview import Preview
from vidpipe_tui.widgets.scene_strip import SceneStrip

pytestmark = pytest.mark.parametrize("size", SIZES, ids=("80x24", "140x40"))


def on(view: ProjectView) -> tuple[FakeStudio, Any]:
    return FakeStudio([view]), lambda: ProjectScreen(view.id)


def with_status(status: SceneStatus) -> ProjectView:
    view = project(status=ProjectStatus.STOPPED, scenes=3)
    return dataclasses.replace(view, scenes=(scene(0, status), *view.scenes[1:]))


async def test_shows_film_scenes_and_log(size: tuple[int, int], tmp_path: Path) -> None:
    view = with_pictures(project(scenes=8), tmp_path)
    studio, first = on(view)
    studio.tell(view.id, "poll 7, still running", 4)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "What happens" in text_of(app) and "poll 7" in text_of(app))
        await until(pilot, lambda: all(preview.ready for preview in app.screen.query(Preview)))
        shown = text_of(app)
        assert "Neon rain" in shown
        assert "filming 4 of 8" in shown
        assert "$3.20 of $6.00" in shown
        assert "▄▄▄" in shown


async def test_without_storyboard_says_what_to_do(size: tuple[int, int]) -> None:
    studio, first = on(project(status=ProjectStatus.PENDING, scenes=0))
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "Press r to run" in text_of(app))


async def test_a_project_that_is_gone_is_a_sentence(size: tuple[int, int]) -> None:
    view = project()
    studio = FakeStudio([])
    async with staged(studio, lambda: ProjectScreen(view.id), size) as (app, pilot):
        await until(pilot, lambda: "This project is gone." in text_of(app))


async def test_moves_and_updates_without_jumping(size: tuple[int, int]) -> None:
    view = project(scenes=50)
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        strip = app.screen.query_one(SceneStrip)
        await until(pilot, lambda: "filming" in text_of(app))
        await pilot.press(*["j"] * 30)
        assert strip.cursor == 30
        scrolled = strip.scroll_offset
        lines = {index: made for index, made in strip._lines.items() if index != 25}
        for number in range(5):
            studio.change(view.id, f"poll {number}", spent=number + 4.0)
        await until(pilot, lambda: "$8.00 of $6.00" in text_of(app))
        assert strip.cursor == 30
        assert strip.scroll_offset == scrolled
        unchanged = [index for index, made in lines.items() if strip._lines.get(index) is made]
        assert len(unchanged) == len(lines)
        await pilot.press("G")
        assert strip.cursor == 49
        await pilot.press("g")
        assert strip.cursor == 0


async def test_the_head_is_cut_to_its_room_when_the_terminal_changes(size: tuple[int, int]) -> None:
    path = Path("/a/folder/of/films/with/a/long/name/and/another/one/below/it/output") / "final.mp4"
    studio, first = on(dataclasses.replace(project(2, scenes=3), output_path=path))
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "final.mp4" in text_of(app))
        await pilot.resize_terminal(70, 30)
        await until(pilot, lambda: "/…/" in text_of(app))
        await pilot.resize_terminal(120, 30)
        await until(pilot, lambda: str(path) in text_of(app))


async def test_progress_of_hints_is_shown(size: tuple[int, int]) -> None:
    view = project(scenes=8)
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "filming" in text_of(app))
        await pilot.press(*["j"] * 4)
        hint = dataclasses.replace(event(view, 0, "", 4), progress=0.42)
        for listener in list(studio.listeners):
            listener(hint)
        await until(pilot, lambda: "42%" in text_of(app))


async def test_readings_are_coalesced(size: tuple[int, int]) -> None:
    view = project()
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "filming" in text_of(app))
        before = len(studio.asked("project"))
        for number in range(200):
            studio.change(view.id, f"line {number}")
        await until(pilot, lambda: "line 199" in text_of(app))
        assert len(studio.asked("project")) - before <= 4


@pytest.mark.parametrize(
    ("status", "keys"),
    [
        (SceneStatus.IN_DOUBT, ("A adopt", "F submit again", "X give up")),
        (SceneStatus.RAI_FILTERED, ("w soften", "n new take", "e edit")),
        (SceneStatus.FAILED, ("n new take", "e edit")),
    ],
)
async def test_trouble_is_a_sentence_with_its_keys(
    size: tuple[int, int], status: SceneStatus, keys: tuple[str, ...]
) -> None:
    studio, first = on(with_status(status))
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: all(key in text_of(app) for key in keys))


async def test_a_clip_in_doubt_is_adopted(size: tuple[int, int]) -> None:
    view = with_status(SceneStatus.IN_DOUBT)
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "in doubt" in text_of(app))
        await pilot.press("A")
        await until(pilot, lambda: "Adopt an operation" in text_of(app))
        await pilot.press("end", "x", "enter")
        await until(pilot, lambda: studio.asked("adopt"))
        assert studio.asked("adopt") == [(view.id, 0, "operations/8f3ax")]


async def test_giving_up_and_submitting_again_are_asked_first(size: tuple[int, int]) -> None:
    view = with_status(SceneStatus.IN_DOUBT)
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "in doubt" in text_of(app))
        await pilot.press("X")
        await until(pilot, lambda: "Give scene 1 up?" in text_of(app))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, ProjectScreen))
        assert not studio.asked("give_up")
        await pilot.press("F")
        await until(pilot, lambda: "$0.64" in text_of(app) and "paid twice" in text_of(app))
        await pilot.press("y")
        await until(pilot, lambda: studio.asked("resubmit"))


async def test_softening_says_its_price_and_keeps_what_was_paid_for(size: tuple[int, int]) -> None:
    view = with_status(SceneStatus.RAI_FILTERED)
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "w soften" in text_of(app))
        await pilot.press("w")
        await until(pilot, lambda: "$0.52" in text_of(app))
        assert not studio.asked("soften")
        await pilot.press("enter")
        await until(pilot, lambda: "A milder prompt." in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ProjectScreen))
        await pilot.press("w")
        await until(pilot, lambda: "A milder prompt." in text_of(app))
        assert len(studio.asked("soften")) == 1
        await pilot.press("ctrl+s")
        await until(pilot, lambda: studio.asked("new_take"))
        await until(pilot, lambda: studio.texts[view.id] == {})
        ((_, options),) = studio.asked("start")
        assert options.retry_ended is False


async def test_what_is_stale_in_a_finished_film_is_said_and_redone_after_its_price(size: tuple[int, int]) -> None:
    view = project(2, scenes=3)
    studio, first = on(dataclasses.replace(view, redone=((2, "end"), (2, "clip"), (3, "clip"))))
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "2 stale" in text_of(app) and "Scenes 2 and 3 are stale" in text_of(app))
        await pilot.press("r")
        await until(pilot, lambda: "Redo what is stale in " in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: studio.asked("start"))
        assert studio.asked("start") == [(view.id, RunOptions(cascade=True))]


async def test_running_a_finished_film_says_that_there_is_nothing_to_do(size: tuple[int, int]) -> None:
    studio, first = on(project(2, scenes=3))
    studio.remaining = 0
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "done" in text_of(app))
        await pilot.press("r")
        await until(pilot, lambda: "nothing in it is stale" in text_of(app))
        assert not studio.asked("start")


async def test_what_is_stale_and_pinned_is_said_to_stay(size: tuple[int, int]) -> None:
    view = project(2, scenes=3)
    scenes = list(view.scenes)
    scenes[1] = dataclasses.replace(scenes[1], end=dataclasses.replace(scenes[1].end, pinned=True, stale=True))
    studio, first = on(dataclasses.replace(view, scenes=tuple(scenes), redone=((2, "end"),)))
    studio.remaining = 0
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "Scene 2 is stale, but pinned" in text_of(app))
        await pilot.press("r")
        await until(pilot, lambda: "is pinned, and stays as it is" in text_of(app))
        await pilot.press("v")
        await until(pilot, lambda: "nothing waits for you" in text_of(app) or "to decide" in text_of(app))
        for _ in range(12):
            if "pinned   stale" in text_of(app):
                break
            await pilot.press("l")
        assert "pinned   stale" in text_of(app)


async def test_running_shows_the_price_first(size: tuple[int, int]) -> None:
    view = project(status=ProjectStatus.STOPPED)
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "stopped" in text_of(app))
        await pilot.press("r")
        await until(pilot, lambda: "$1.80" in text_of(app))
        assert not studio.asked("start")
        await pilot.press("r")
        await until(pilot, lambda: studio.asked("start"))
        await until(pilot, lambda: isinstance(app.screen, ProjectScreen))
        await pilot.press("x")
        await until(pilot, lambda: studio.asked("stop"))


async def test_the_film_is_joined_again_with_another_crossfade(size: tuple[int, int], tmp_path: Path) -> None:
    view = with_pictures(project(2, scenes=3), tmp_path)
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "done" in text_of(app))
        await pilot.press("ctrl+p", *"join", "enter")
        await until(pilot, lambda: "Seconds of crossfade" in text_of(app))
        await pilot.press("backspace", *"half", "enter")
        await until(pilot, lambda: "A number of seconds" in text_of(app))
        await pilot.press(*["backspace"] * 4, *"0,5", "enter")
        await until(pilot, lambda: studio.asked("start"))
        assert studio.asked("set_crossfade") == [(view.id, 0.5)]
        ((_, options),) = studio.asked("start")
        assert options == RunOptions(only_join=True, retry_ended=False)


async def test_a_refusal_of_the_service_is_a_notice(size: tuple[int, int]) -> None:
    view = project(status=ProjectStatus.STOPPED)
    studio, first = on(view)
    studio.failing["run_estimate"] = UsageError("Another process drives this film.", hint="Stop it there.")
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "stopped" in text_of(app))
        await pilot.press("r")
        await until(pilot, lambda: "Another process drives this film." in text_of(app))


async def test_takes_and_pins(size: tuple[int, int], tmp_path: Path) -> None:
    view = with_pictures(project(2, scenes=3), tmp_path, takes=3)
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "done" in text_of(app))
        await pilot.press("tab", "h", "t")
        await until(pilot, lambda: "take 2 of 3" in text_of(app))
        await pilot.press("T", "p")
        await until(pilot, lambda: studio.asked("pin"))
        assert studio.asked("select_take") == [(view.id, 0, "end", 2), (view.id, 0, "end", 1)]
        assert studio.asked("pin") == [(view.id, 0, "end", True)]


async def test_a_new_take_says_its_price_and_is_made(size: tuple[int, int], tmp_path: Path) -> None:
    view = project(2, scenes=3)
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "done" in text_of(app))
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NewTakeDialog) and "$0.64" in text_of(app))
        app.screen.query_one("#take-seed").focus()
        await pilot.press(*"12a", "ctrl+s")
        await until(pilot, lambda: "whole number" in text_of(app))
        await pilot.press("backspace", "ctrl+s")
        await until(pilot, lambda: studio.asked("new_take"))
        assert studio.asked("new_take") == [(view.id, NewTake(0, "clip", seed=12))]
        await until(pilot, lambda: studio.asked("start"))


async def test_chain_or_cut_shows_its_price(size: tuple[int, int]) -> None:
    view = project(2, scenes=3)
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "done" in text_of(app))
        await pilot.press("j", "c")
        await until(pilot, lambda: isinstance(app.screen, Ask) and "$0.64" in text_of(app))
        await pilot.press("y")
        await until(pilot, lambda: studio.asked("edit_scene"))
        assert studio.asked("edit_scene") == [(view.id, SceneEdit(1, cut=True))]


async def test_plays_steps_and_jumps(size: tuple[int, int], tmp_path: Path) -> None:
    view = with_pictures(project(2, scenes=2), tmp_path, clips=True)
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "done" in text_of(app))
        await pilot.press("space")
        player = app.screen.query_one(Player)
        await until(pilot, lambda: player.playing and player.index > 2)
        await pilot.press("space")
        assert not player.playing
        await pilot.press("5")
        await until(pilot, lambda: "frame 25 of 48" in text_of(app))
        await pilot.press("<")
        await until(pilot, lambda: "frame 24 of 48" in text_of(app))
        await pilot.press(">", ">")
        await until(pilot, lambda: "frame 26 of 48" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: player.path is None and app.screen.query_one("#frames").display)
        assert isinstance(app.screen, ProjectScreen)


async def test_a_broken_clip_is_a_sentence(size: tuple[int, int], tmp_path: Path) -> None:
    studio, first = on(project(2, scenes=2))
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "done" in text_of(app))
        await pilot.press("space")
        await until(pilot, lambda: "cannot be played" in text_of(app))


async def test_other_screens_open_and_close(size: tuple[int, int], tmp_path: Path) -> None:
    view = with_pictures(project(2, scenes=3), tmp_path)
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "done" in text_of(app))
        for key, kind in (
            ("s", SeamScreen),
            ("L", LogScreen),
            ("v", ReviewScreen),
            ("enter", ReviewScreen),
            ("e", EditorScreen),
        ):
            await pilot.press(key)
            await until(pilot, lambda kind=kind: isinstance(app.screen, kind))
            await pilot.press("escape")
            await until(pilot, lambda: isinstance(app.screen, ProjectScreen))


async def test_the_whole_log_filters_and_follows(size: tuple[int, int]) -> None:
    view = project(2, scenes=2)
    studio, first = on(view)
    for number in range(300):
        studio.tell(view.id, f"line number {number}", number % 2, level="warning" if number % 7 == 0 else "info")
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "done" in text_of(app))
        await pilot.press("slash")
        await until(pilot, lambda: isinstance(app.screen, LogScreen) and "line number 299" in text_of(app))
        await pilot.press(*"number 117", "enter")
        log = app.screen.query_one(LogView)
        await until(pilot, lambda: len(log.shown) == 1)
        await pilot.press("g", "f")
        studio.tell(view.id, "line number 117000")
        await until(pilot, lambda: "line number 117000" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: len(log.shown) == 301)


async def test_the_films_path_stands_there_whole(size: tuple[int, int]) -> None:
    path = Path("/home/me") / "a-long-folder-name" / "projects" / "0d9c2f" / "output" / "final.mp4"
    view = project(2, scenes=2, output_path=path)
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: str(path) in text_of(app).replace("\n", ""))
        copied: list[str] = []
        app.copy_to_clipboard = copied.append  # type: ignore[method-assign]
        await pilot.press("y")
        await until(pilot, lambda: isinstance(app.screen, Ask))
        await pilot.press("f")
        await until(pilot, lambda: copied)
        assert copied == [str(path)]


async def test_a_projects_trouble_names_the_budget_key(size: tuple[int, int]) -> None:
    view = project(status=ProjectStatus.STOPPED, trouble=Trouble("The budget of $6.00 is reached.", "", "budget"))
    studio, first = on(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "B raises the budget" in text_of(app))
        await pilot.press("B")
        await until(pilot, lambda: "US dollars" in text_of(app))
        await pilot.press(*["backspace"] * 5, *"9", "enter")
        await until(pilot, lambda: studio.asked("set_budget") == [(view.id, 9.0)])


async def test_hostile_text_breaks_nothing(size: tuple[int, int]) -> None:
    view = project(2, scenes=len(HOSTILE), title=HOSTILE[0] + HOSTILE[1])
    scenes = [
        dataclasses.replace(
            made,
            scene_description=HOSTILE[made.index],
            video_motion_prompt=HOSTILE[(made.index + 1) % len(HOSTILE)],
            trouble=Trouble(HOSTILE[made.index], HOSTILE[0]),
        )
        for made in view.scenes
    ]
    studio, first = on(dataclasses.replace(view, scenes=tuple(scenes)))
    for text in HOSTILE:
        studio.tell(view.id, text)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "done" in text_of(app))
        for _ in HOSTILE:
            shown = text_of(app)
            assert "\x1b" not in shown
            assert "\u202e" not in shown
            assert "[bold red]" in shown
            await pilot.press("j")


async def test_every_key_at_random_and_every_size(size: tuple[int, int], tmp_path: Path) -> None:
    import random

    from vidpipe_tui.keys.registry import COMMANDS

    view = with_pictures(project(scenes=6), tmp_path)
    studio, first = on(view)
    dice = random.Random(size[0])
    keys = [key for command in COMMANDS for key in command.keys if command.id not in {"quit", "edit_outside"}]
    keys = [key for key in keys if key not in {"f4", "E", "o"}]
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "filming" in text_of(app))
        for number in range(120):
            if len(app.screen_stack) < 2:
                app.push_screen(ProjectScreen(view.id))
            await pilot.press(dice.choice(keys))
            if number % 15 == 0:
                await pilot.resize_terminal(dice.randint(40, 200), dice.randint(10, 60))
                studio.change(view.id, "meanwhile")
        assert app.is_running


async def test_what_is_not_announced_is_read_again(size: tuple[int, int]) -> None:
    view = project(2, scenes=3)
    studio, first = on(view)

    async def undo(project_id: Any) -> str:
        old = dataclasses.replace(view.scenes[0], scene_description="As it was before")
        studio.projects[view.id] = dataclasses.replace(view, scenes=(old, *view.scenes[1:]))
        return "the edit of scene 1"

    studio.undo = undo  # type: ignore[method-assign]
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "done" in text_of(app))
        await pilot.press("u")
        await until(pilot, lambda: "As it was before" in text_of(app))
        studio.projects[view.id] = view
        await pilot.press("s")
        await until(pilot, lambda: isinstance(app.screen, SeamScreen))
        await pilot.press("s")
        await until(pilot, lambda: "As it was before" not in text_of(app) and "What happens" in text_of(app))


async def test_several_lines_of_the_log_are_marked_and_copied(size: tuple[int, int]) -> None:
    view = project(2, scenes=2)
    studio, _ = on(view)
    for number in range(30):
        studio.tell(view.id, f"line number {number}", 0)
    async with staged(studio, lambda: LogScreen(view), size) as (app, pilot):
        await until(pilot, lambda: "line number 29" in text_of(app))
        copied: list[str] = []
        app.copy_to_clipboard = copied.append  # type: ignore[method-assign]
        await pilot.press("shift+up", "shift+up", "y", "k", "y")
        await until(pilot, lambda: len(copied) == 2)
        assert [line.split()[-1] for line in copied[0].splitlines()] == ["27", "28", "29"]
        assert copied[1].endswith("line number 26")


async def test_takes_without_a_file_are_stepped_over(size: tuple[int, int]) -> None:
    """Filtered takes are no takes to look at: neither counted nor chosen."""
    view = project(2, scenes=2)
    filtered = scene(0, clip=clip(take=3, takes=(1, 2, 3), made=(3,)))
    two = scene(1, clip=clip(take=3, takes=(1, 2, 3), made=(1, 3)))
    studio, first = on(dataclasses.replace(view, scenes=(filtered, two)))
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "done" in text_of(app))
        assert "clip take" not in text_of(app)
        assert isinstance(app.screen, ProjectScreen)
        assert not app.screen.command_state("next_take")
        await pilot.press("j")
        await until(pilot, lambda: "clip take 2 of 2" in text_of(app))
        await pilot.press("t")
        await until(pilot, lambda: studio.asked("select_take") == [(view.id, 1, "clip", 1)])


async def test_the_project_says_where_a_draft_waits(size: tuple[int, int]) -> None:
    view = project(2, scenes=4)
    studio, first = on(view)
    studio.texts[view.id] = {(1, "scene_description"): "typed", (None, "camera_style"): "typed"}
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "Draft in scene 2 and the style guide" in text_of(app))
