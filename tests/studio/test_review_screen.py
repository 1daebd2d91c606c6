"""The review: one key per decision, the next undecided at once, every decision told to the service and undoable."""

from __future__ import annotations

import asyncio
import dataclasses
from pathlib import Path
from typing import Any

import pytest

from tests.studio.fake import FakeStudio
from tests.studio.films import clip, frame, project, scene
from tests.studio.real_pictures import with_pictures
from tests.studio.stage import SIZES, staged, text_of, until
from vidpipe_tui.domain.statuses import ProjectStatus, SceneStatus
from vidpipe_tui.domain.views import ProjectView
from vidpipe_tui.errors import UsageError
from vidpipe_tui.screens.dialogs import AskText
from vidpipe_tui.screens.editor import EditorScreen
from vidpipe_tui.screens.new_take import NewTakeDialog
from vidpipe_tui.screens.project import ProjectScreen
from vidpipe_tui.screens.review import ReviewScreen
from vidpipe_tui.widgets.player import Player
from vidpipe_tui.widgets.preview import Preview
from vidpipe_tui.widgets.review_items import STORYBOARD, items_of, step_to, undecided

BOTH = pytest.mark.parametrize("size", SIZES, ids=("80x24", "140x40"))


def in_review(folder: Path, *, scenes: int = 4, takes: int = 1) -> ProjectView:
    return with_pictures(project(status=ProjectStatus.KEYFRAME_REVIEW, scenes=scenes), folder, takes=takes)


def opened(view: ProjectView, **where: Any) -> tuple[FakeStudio, Any]:
    return FakeStudio([view]), lambda: ReviewScreen(view.id, **where)


def test_inherited_start_frames_are_not_decided_twice() -> None:
    inherited = dataclasses.replace(scene(1), start=frame(source="inherited"))
    view = project(status=ProjectStatus.KEYFRAME_REVIEW, scenes=2)
    view = dataclasses.replace(view, scenes=(scene(0), inherited))
    spots = [item.spot for item in items_of(view)]
    assert spots == [STORYBOARD, (0, "start"), (0, "end"), (0, "clip"), (1, "end"), (1, "clip")]


def test_only_what_the_film_waits_for_is_undecided() -> None:
    view = project(status=ProjectStatus.KEYFRAME_REVIEW, scenes=2)
    view = dataclasses.replace(view, scenes=(scene(0, end=frame(approved=True)), scene(1)))
    assert [item.spot for item in undecided(items_of(view))] == [(0, "start"), (1, "start"), (1, "end")]
    clips_only = dataclasses.replace(view, review_mode="none")
    assert (0, "clip") in [item.spot for item in undecided(items_of(clips_only))]


def test_steps_go_round() -> None:
    items = items_of(project(status=ProjectStatus.KEYFRAME_REVIEW, scenes=2))
    last = items[-1].spot
    after = step_to(items, last, 1, lambda _: True)
    before = step_to(items, items[0].spot, -1, lambda _: True)
    assert after is not None
    assert before is not None
    assert (after.spot, before.spot) == (items[0].spot, last)
    assert step_to(items, last, 1, lambda _: False) is None


def test_a_clip_without_file_is_nothing_to_review() -> None:
    view = project(status=ProjectStatus.GENERATING_VIDEO, scenes=1)
    filming = dataclasses.replace(scene(0, SceneStatus.VIDEO_GENERATING), clip=clip(path=None))
    assert (0, "clip") not in [item.spot for item in items_of(dataclasses.replace(view, scenes=(filming,)))]


@BOTH
async def test_accepting_shows_the_next_at_once(size: tuple[int, int], tmp_path: Path) -> None:
    view = in_review(tmp_path)
    studio, first = opened(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "start frame" in text_of(app) and "5 to decide" in text_of(app))
        await until(pilot, lambda: all(preview.ready for preview in app.screen.query(Preview)))
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        await until(pilot, lambda: not [worker for worker in app.workers if worker.group == "ahead"])
        studio.gate.clear()  # the service does not answer: the screen must not wait for it
        await pilot.press("a")
        assert screen.spot() == (0, "end")
        assert screen.query_one("#review-picture", Preview).ready
        await pilot.press("a", "a")
        assert screen.spot() == (2, "end")
        studio.gate.set()
        await until(pilot, lambda: len(studio.asked("decide")) == 3)
        told = [(slot, index, accept) for _, slot, index, accept, _ in studio.asked("decide")]
        assert told == [("start", 0, True), ("end", 0, True), ("end", 1, True)]
        await until(pilot, lambda: "2 to decide" in text_of(app))


@BOTH
async def test_the_last_decision_lets_the_film_go_on(size: tuple[int, int], tmp_path: Path) -> None:
    view = in_review(tmp_path, scenes=1)
    studio, first = opened(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "2 to decide" in text_of(app) and "$1.80" in text_of(app))
        await pilot.press("a")
        await until(pilot, lambda: "The last one" in text_of(app))
        assert not studio.asked("start")
        await pilot.press("a")
        await until(pilot, lambda: studio.asked("start"))


@BOTH
async def test_rejecting_takes_a_note(size: tuple[int, int], tmp_path: Path) -> None:
    view = in_review(tmp_path)
    studio, first = opened(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "start frame" in text_of(app))
        await pilot.press("R")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press(*"less fog", "enter")
        await until(pilot, lambda: studio.asked("decide"))
        assert studio.asked("decide") == [(view.id, "start", 0, False, "less fog")]
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen) and app.screen.spot() == (0, "end"))


@BOTH
async def test_a_refused_decision_comes_back(size: tuple[int, int], tmp_path: Path) -> None:
    view = in_review(tmp_path)
    studio, first = opened(view)
    studio.failing["decide"] = UsageError("This frame is being drawn again.")
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "5 to decide" in text_of(app))
        await pilot.press("a")
        await until(pilot, lambda: "being drawn again" in text_of(app) and "5 to decide" in text_of(app))


@BOTH
async def test_undo_redo_and_accept_all(size: tuple[int, int], tmp_path: Path) -> None:
    view = in_review(tmp_path)
    studio, first = opened(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "5 to decide" in text_of(app))
        await pilot.press("a")
        await until(pilot, lambda: studio.asked("decide"))
        await pilot.press("u")
        await until(pilot, lambda: "Taken back: accepted start" in text_of(app))
        await pilot.press("ctrl+r")
        await until(pilot, lambda: "Done again: accepted start" in text_of(app))


@BOTH
async def test_brackets_walk_the_undecided_and_j_k_everything(size: tuple[int, int], tmp_path: Path) -> None:
    view = in_review(tmp_path)
    decided = dataclasses.replace(view.scenes[0], end=dataclasses.replace(view.scenes[0].end, approved=True))  # type: ignore[type-var]
    view = dataclasses.replace(view, scenes=(decided, *view.scenes[1:]))
    studio, first = opened(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "4 to decide" in text_of(app))
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        await pilot.press("right_square_bracket")
        assert screen.spot() == (1, "end")
        await pilot.press("k")
        assert screen.spot() == (0, "end")
        await pilot.press("left_square_bracket")
        assert screen.spot() == (0, "start")
        await pilot.press("G")
        assert screen.spot() == (3, "end")
        await pilot.press("g")
        assert screen.spot() == STORYBOARD
        await until(pilot, lambda: "wet neon" in text_of(app))


@BOTH
async def test_flips_between_takes_in_place(size: tuple[int, int], tmp_path: Path) -> None:
    view = in_review(tmp_path, takes=2)
    studio, first = opened(view)
    other = tmp_path / "keyframes" / "scene_0_start_2.png"

    async def takes(project_id: Any, index: int, slot: str) -> list[Any]:
        shown = view.scenes[index].start
        assert shown is not None
        return [shown, dataclasses.replace(shown, take=2, path=other)]

    studio.frame_takes = takes  # type: ignore[method-assign]
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "take 1 of 2" in text_of(app))
        preview = app.screen.query_one("#review-picture", Preview)
        before = preview.path
        await pilot.press("b")
        await until(pilot, lambda: preview.path == other and "B: take 2" in text_of(app))
        await pilot.press("b")
        await until(pilot, lambda: preview.path == before)
        assert not studio.asked("select_take")
        await pilot.press("b")
        await until(pilot, lambda: preview.path == other)
        await pilot.press("a")
        await until(pilot, lambda: studio.asked("decide"))
        assert studio.asked("select_take") == [(view.id, 0, "start", 2)]


@BOTH
async def test_a_storyboard_is_read_and_accepted(size: tuple[int, int]) -> None:
    view = project(status=ProjectStatus.STORYBOARD_REVIEW, scenes=8, storyboard_approved=None)
    bare = tuple(dataclasses.replace(made, start=None, end=None, clip=None) for made in view.scenes)
    studio, first = opened(dataclasses.replace(view, scenes=bare))
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "Storyboard, 8 scenes" in text_of(app) and "wet neon" in text_of(app))
        await pilot.press("pagedown", "pagedown", "pagedown", "pagedown")
        await until(pilot, lambda: "8  Roof" in text_of(app))
        await pilot.press("a")
        await until(pilot, lambda: studio.asked("decide") == [(view.id, "storyboard", None, True, "")])
        await until(pilot, lambda: studio.asked("start"))


@BOTH
async def test_a_storyboard_is_edited_and_rejected_and_what_follows_is_said(size: tuple[int, int]) -> None:
    view = project(status=ProjectStatus.STORYBOARD_REVIEW, scenes=3, storyboard_approved=None)
    studio, first = opened(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "Storyboard, 3 scenes" in text_of(app))
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, EditorScreen) and "Edit scene 1" in text_of(app))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        await pilot.press("R")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press("enter")
        await until(pilot, lambda: "another storyboard is asked for" in text_of(app))


@BOTH
async def test_a_chosen_take_says_what_it_makes_stale(size: tuple[int, int], tmp_path: Path) -> None:
    view = in_review(tmp_path, takes=2)
    studio, first = opened(view)
    choose = studio.select_take

    async def select_take(*arguments: Any) -> None:
        await choose(*arguments)
        studio.change(view.id, redone=((1, "clip"),))

    studio.select_take = select_take  # type: ignore[method-assign]
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "take 1 of 2" in text_of(app))
        await pilot.press("t")
        await until(pilot, lambda: "Stale then: clip of scene 1" in text_of(app))


@BOTH
async def test_two_pictures_are_of_one_size_at_every_width(size: tuple[int, int], tmp_path: Path) -> None:
    studio, first = opened(in_review(tmp_path))
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "start frame" in text_of(app))
        await pilot.press("P")
        pictures = [app.screen.query_one(name, Preview) for name in ("#review-picture", "#review-second")]
        await until(pilot, lambda: pictures[1].size.width > 30)
        for width in (100, 101, 102):
            await pilot.resize_terminal(width, 30)
            await until(pilot, lambda width=width: pictures[1].region.right in (width - 1, width - 2))
            assert pictures[0].size == pictures[1].size


@BOTH
async def test_opens_at_a_clip_plays_it_and_asks_for_another(size: tuple[int, int], tmp_path: Path) -> None:
    view = with_pictures(project(2, scenes=2), tmp_path, clips=True)
    studio, first = opened(view, at=(1, "clip"))
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "space plays it" in text_of(app))
        await pilot.press("space")
        player = app.screen.query_one(Player)
        await until(pilot, lambda: player.index > 1)
        await pilot.press("k")
        await until(pilot, lambda: player.path is None and app.screen.query_one("#review-pictures").display)
        await pilot.press("n")
        await until(pilot, lambda: isinstance(app.screen, NewTakeDialog))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ReviewScreen))
        assert not studio.asked("new_take")


@BOTH
async def test_the_pair_and_every_size(size: tuple[int, int], tmp_path: Path) -> None:
    studio, first = opened(in_review(tmp_path))
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "5 to decide" in text_of(app))
        await pilot.press("P")
        second = app.screen.query_one("#review-second", Preview)
        await until(pilot, lambda: second.display and second.path is not None)
        for width, height in ((60, 16), (200, 60), (61, 17), (40, 12), size):
            await pilot.resize_terminal(width, height)
            await until(pilot, lambda: all(preview.ready for preview in app.screen.query(Preview)))
        assert "▄" in text_of(app)


@BOTH
async def test_nothing_made_is_a_sentence(size: tuple[int, int]) -> None:
    studio, first = opened(project(status=ProjectStatus.PENDING, scenes=0))
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "Nothing was made yet" in text_of(app))
        await pilot.press("a", "R", "b", "space", "j", "right_square_bracket")
        await asyncio.sleep(0)
        assert not studio.asked("decide")


@BOTH
@pytest.mark.parametrize("screen", [ProjectScreen, ReviewScreen])
async def test_the_footer_has_what_is_wanted_most(size: tuple[int, int], screen: Any, tmp_path: Path) -> None:
    view = in_review(tmp_path)
    async with staged(FakeStudio([view]), lambda: screen(view.id), size) as (app, pilot):
        await until(pilot, lambda: "a accept" in text_of(app).splitlines()[-1])
        footer = text_of(app).splitlines()[-1]
        assert all(words in footer for words in ("R reject", "n new take", "] next", "esc back", "? help"))


@BOTH
async def test_one_key_accepts_everything(size: tuple[int, int], tmp_path: Path) -> None:
    studio, first = opened(in_review(tmp_path))
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "a accept" in text_of(app))
        await pilot.press("ctrl+a")
        await until(pilot, lambda: bool(studio.asked("approve_all")))


@BOTH
async def test_after_the_last_decision_it_stays_and_undo_goes_back(size: tuple[int, int], tmp_path: Path) -> None:
    """What nobody asked for is not accepted by one key too many."""
    view = in_review(tmp_path, scenes=1)
    path = tmp_path / "clips" / "scene_0.mp4"
    view = dataclasses.replace(view, scenes=(dataclasses.replace(view.scenes[0], clip=clip(path=path)),))
    studio, first = opened(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "2 to decide" in text_of(app))
        screen = app.screen
        assert isinstance(screen, ReviewScreen)
        await pilot.press("a")
        await until(pilot, lambda: "The last one" in text_of(app))
        await pilot.press("a", "a")
        assert screen.spot() == (0, "end")
        await until(pilot, lambda: "Accepted." in text_of(app) and "goes on." in text_of(app))
        assert [asked[1:3] for asked in studio.asked("decide")] == [("start", 0), ("end", 0)]
        studio.done.append("approve the start of scene 1")
        await pilot.press("u")
        await until(pilot, lambda: screen.spot() == (0, "start"))


@BOTH
async def test_a_tall_film_has_its_words_beside_it(size: tuple[int, int], tmp_path: Path) -> None:
    view = dataclasses.replace(in_review(tmp_path), aspect_ratio="9:16")
    studio, first = opened(view)
    async with staged(studio, first, size) as (app, pilot):
        await until(pilot, lambda: "5 to decide" in text_of(app))
        words = app.screen.query_one("#review-words")
        await until(pilot, lambda: (words.region.x > 0) is (size[0] >= 100))
        assert app.screen.query_one("#review-prompt").size.height > (5 if size[0] >= 100 else 0)
