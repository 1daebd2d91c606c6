"""New takes, cascades, pins, cuts and reviews: what is made again, what stays, and when the film is joined anew."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.pipeline.fake import FakeProvider, catalogue
from tests.pipeline.stage import Stage, stage, until
from vidpipe_tui.domain.commands import NewTake, SceneEdit
from vidpipe_tui.domain.statuses import ProjectStatus
from vidpipe_tui.errors import UsageError
from vidpipe_tui.providers.base import OperationState, PollAnswer
from vidpipe_tui.providers.errors import FilteredError

RUNNING = PollAnswer(OperationState.RUNNING)


async def takes_of(on: Stage, project_id: Any) -> list[tuple[int, int, int]]:
    """(start, end, clip) take numbers that are selected, scene by scene."""
    graph = await on.graph(project_id)
    return [
        (
            scene.start.take if scene.start else 0,
            scene.end.take if scene.end else 0,
            scene.clip.take if scene.clip else 0,
        )
        for scene in graph.scenes
    ]


async def stale(on: Stage, project_id: Any) -> list[tuple[int, str]]:
    from vidpipe_tui.domain.redoing import stale_slots

    return stale_slots(await on.graph(project_id))


async def test_nothing_is_done_again_and_the_film_is_joined_only_once() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2)
        calls = len(on.provider.calls)
        assert (await on.run(project_id)).exit_status == 0
        assert len(on.provider.calls) == calls
        assert len((await on.graph(project_id)).films) == 1


async def test_a_new_clip_is_selected_and_the_film_joined_again() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2)
        await on.studio.new_take(project_id, NewTake(1, "clip"))
        assert (await on.run(project_id, retry_ended=False)).exit_status == 0
        assert await takes_of(on, project_id) == [(1, 1, 1), (1, 1, 2)]
        graph = await on.graph(project_id)
        assert [film.selected for film in graph.films] == [False, True]
        assert graph.output_path is not None
        assert graph.output_path.endswith("final_2.mp4")
        manifest = json.loads((on.core.files.absolute(graph.output_path).parent / "manifest.json").read_bytes())
        assert manifest["film"]["file"] == "output/final_2.mp4"
        assert manifest["scenes"][1]["clip"]["take"] == 2


async def test_a_new_end_frame_is_handed_on_and_what_hangs_on_it_becomes_stale() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(3)
        await on.studio.new_take(project_id, NewTake(0, "end"))
        assert (await on.run(project_id, retry_ended=False)).exit_status == 0
        assert await takes_of(on, project_id) == [(1, 2, 1), (2, 1, 1), (1, 1, 1)]
        graph = await on.graph(project_id)
        assert graph.scenes[1].start is not None
        assert graph.scenes[0].end is not None
        assert graph.scenes[1].start.file_id == graph.scenes[0].end.file_id
        assert await stale(on, project_id) == [
            (0, "clip"),
            (1, "end"),
            (1, "clip"),
            (2, "end"),
            (2, "clip"),
        ]
        assert (await on.run(project_id, cascade=True)).exit_status == 0
        assert await stale(on, project_id) == []
        assert await takes_of(on, project_id) == [(1, 2, 2), (2, 2, 2), (2, 2, 2)]


async def test_a_cascade_redoes_at_once_what_hangs_on_the_new_take() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(3)
        await on.studio.new_take(project_id, NewTake(1, "end", cascade=True))
        assert (await on.run(project_id, retry_ended=False)).exit_status == 0
        assert await takes_of(on, project_id) == [(1, 1, 1), (1, 2, 2), (2, 2, 2)]
        assert await stale(on, project_id) == []


async def test_a_new_start_frame_turns_its_scene_into_a_cut() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2)
        await on.studio.new_take(project_id, NewTake(1, "start", prompt="Another picture."))
        assert (await on.run(project_id, retry_ended=False)).exit_status == 0
        scene = (await on.graph(project_id)).scenes[1]
        assert scene.cut
        assert scene.start is not None
        assert (scene.start.source, scene.start.take) == ("generated", 2)
        assert (await on.run(project_id)).exit_status == 0
        assert await takes_of(on, project_id) == [(1, 1, 1), (2, 1, 1)]


async def test_pinned_takes_are_never_redone() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2)
        await on.studio.pin(project_id, 1, "end", True)
        await on.studio.pin(project_id, 1, "clip", True)
        await on.studio.edit_scene(project_id, SceneEdit(0, {"end_frame_prompt": "Something else."}))
        assert (await on.run(project_id, cascade=True)).exit_status == 0
        assert await takes_of(on, project_id) == [(1, 2, 2), (2, 1, 1)]


async def test_a_pinned_start_frame_is_not_taken_over_by_the_scene_before() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2)
        await on.studio.pin(project_id, 1, "start", True)
        await on.studio.new_take(project_id, NewTake(0, "end"))
        assert (await on.run(project_id, retry_ended=False)).exit_status == 0
        assert await takes_of(on, project_id) == [(1, 2, 1), (1, 1, 1)]


async def test_an_edit_makes_stale_and_only_a_cascade_redoes() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2)
        await on.studio.edit_scene(project_id, SceneEdit(1, {"video_motion_prompt": "It stands still."}))
        assert await stale(on, project_id) == [(1, "clip")]
        assert (await on.run(project_id)).exit_status == 0
        assert on.provider.accepted("clip") == 2
        assert (await on.run(project_id, cascade=True)).exit_status == 0
        assert on.provider.accepted("clip") == 3
        assert await stale(on, project_id) == []


async def test_the_price_of_another_style_guide_is_that_of_everything_it_goes_into() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2)
        await on.studio.pin(project_id, 1, "clip", True)
        guide = {"color_palette": "ochre and ash"}
        told = await on.studio.edit_consequence(project_id, None, guide)
        assert told.stale == ((1, "start"), (1, "end"), (1, "clip"), (2, "end"))
        assert [stage.count for stage in told.estimate.stages] == [3, 1, 1]
        with_a_scene = await on.studio.edit_consequence(project_id, SceneEdit(1, {"end_frame_prompt": "Else."}), guide)
        assert with_a_scene.stale == told.stale
        await on.studio.edit_style_guide(project_id, guide)
        assert await stale(on, project_id) == [(number - 1, slot) for number, slot in told.stale]
        with pytest.raises(UsageError, match="color palette is empty"):
            await on.studio.edit_consequence(project_id, None, {"color_palette": " "})


async def test_a_cut_starts_a_chain_of_its_own() -> None:
    async with stage(FakeProvider(cuts=(1,))) as on:
        project_id, _ = await on.film(2)
        graph = await on.graph(project_id)
        assert [scene.start.source for scene in graph.scenes if scene.start] == ["generated", "generated"]
        assert on.provider.accepted("image") == 4


async def test_making_a_cut_a_chain_again_inherits() -> None:
    async with stage(FakeProvider(cuts=(1,))) as on:
        project_id, _ = await on.film(2)
        await on.studio.edit_scene(project_id, SceneEdit(1, cut=False))
        assert (await on.run(project_id)).exit_status == 0
        scene = (await on.graph(project_id)).scenes[1]
        assert scene.start is not None
        assert scene.start.source == "inherited"


async def test_a_wish_made_while_a_take_is_under_way_is_not_forgotten() -> None:
    filming, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> PollAnswer:
        filming.set()
        await go_on.wait()
        return PollAnswer(OperationState.DONE)

    async with stage(FakeProvider().then("poll", slow)) as on:
        project_id = await on.create(1)
        await on.studio.start(project_id)
        await filming.wait()
        await on.studio.new_take(project_id, NewTake(0, "clip"))
        go_on.set()
        outcome = await on.studio.wait(project_id)
        assert outcome.exit_status == 0
        assert on.provider.accepted("clip") == 2
        assert await takes_of(on, project_id) == [(1, 1, 2)]


async def test_a_new_take_replaces_one_that_timed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDPIPE_PIPELINE__VIDEO_POLL_MAX", "1")
    async with stage(FakeProvider().then("poll", RUNNING)) as on:
        project_id, outcome = await on.film(1)
        assert outcome.exit_status == 1
        await on.studio.new_take(project_id, NewTake(0, "clip"))
        assert (await on.run(project_id, retry_ended=False)).exit_status == 0
        assert on.provider.accepted("clip") == 2


async def test_a_refused_new_take_leaves_the_old_one_in_the_film() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2)
        on.provider.then("image", FilteredError("No."), FilteredError("No."))
        await on.studio.new_take(project_id, NewTake(0, "end"))
        outcome = await on.run(project_id, retry_ended=False)
        assert (outcome.exit_status, outcome.status) == (0, ProjectStatus.COMPLETE)
        assert await takes_of(on, project_id) == [(1, 1, 1), (1, 1, 1)]
        assert (await on.graph(project_id)).scenes[0].trouble is not None


@pytest.mark.parametrize("mode", ["storyboard", "keyframes", "both"])
async def test_reviews_stop_the_run_and_approval_lets_it_go_on(mode: str) -> None:
    async with stage(FakeProvider()) as on:
        project_id, outcome = await on.film(2, review=mode)
        statuses = [outcome.status]
        while outcome.exit_status == 3:
            assert (await on.run(project_id)).status is outcome.status
            assert await on.studio.approve_all(project_id) > 0
            outcome = await on.run(project_id, retry_ended=False)
            statuses.append(outcome.status)
        reviews = {
            "storyboard": [ProjectStatus.STORYBOARD_REVIEW],
            "keyframes": [ProjectStatus.KEYFRAME_REVIEW],
            "both": [ProjectStatus.STORYBOARD_REVIEW, ProjectStatus.KEYFRAME_REVIEW],
        }[mode]
        assert statuses == [*reviews, ProjectStatus.COMPLETE]
        assert on.provider.accepted("image") == 3


async def test_a_rejected_frame_is_drawn_again_with_the_note_and_waits_for_review_again() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2, review="keyframes")
        await on.studio.decide(project_id, "end", 0, accept=False, note="Less fog.")
        outcome = await on.run(project_id, retry_ended=False)
        assert outcome.status is ProjectStatus.KEYFRAME_REVIEW
        assert on.provider.accepted("clip") == 0
        end = (await on.graph(project_id)).scenes[0].end
        assert end is not None
        assert (end.take, "Less fog." in end.prompt_used) == (2, True)


async def test_rejecting_an_inherited_start_frame_draws_the_picture_it_is_again() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2, review="keyframes")
        await on.studio.decide(project_id, "start", 1, accept=False, note="Darker.")
        outcome = await on.run(project_id, retry_ended=False)
        assert outcome.status is ProjectStatus.KEYFRAME_REVIEW
        graph = await on.graph(project_id)
        first, second = graph.scenes
        assert first.end is not None
        assert second.start is not None
        assert (first.end.take, second.start.source) == (2, "inherited")
        assert second.start.file_id == first.end.file_id
        assert on.provider.accepted("image") == 4


async def test_a_rejected_storyboard_is_written_anew_with_the_note() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2, review="storyboard")
        await on.studio.decide(project_id, "storyboard", None, accept=False, note="Shorter.")
        outcome = await on.run(project_id, retry_ended=False)
        assert outcome.status is ProjectStatus.STORYBOARD_REVIEW
        assert on.provider.accepted("storyboard") == 2
        assert on.provider.requests[-1].note == "Shorter."


async def test_stitch_joins_what_there_is_and_names_what_is_missing() -> None:
    lost = PollAnswer(OperationState.LOST, reason="Gone.")
    async with stage(FakeProvider().then("poll", lost, scene=0)) as on:
        project_id, outcome = await on.film(2)
        assert outcome.exit_status == 4
        outcome = await on.run(project_id, only_join=True, retry_ended=False)
        assert (outcome.exit_status, outcome.missing) == (4, (0,))
        graph = await on.graph(project_id)
        assert len(graph.films) == 2
        manifest = json.loads((on.core.files.get_project_dir(project_id) / "output" / "manifest.json").read_bytes())
        assert manifest["missing"] == [{"index": 0, "reason": "Gone."}]
        assert [entry["index"] for entry in manifest["scenes"]] == [1]


async def test_stitch_leaves_a_clip_out_whose_file_was_changed() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(3)
        clip = (await on.graph(project_id)).scenes[1].clip
        assert clip is not None
        on.core.files.absolute(clip.path or "").write_bytes(b"something else")
        outcome = await on.run(project_id, only_join=True, retry_ended=False)
        assert (outcome.status, outcome.exit_status, outcome.missing) == (ProjectStatus.COMPLETE, 4, (1,))
        manifest = json.loads((on.core.files.get_project_dir(project_id) / "output" / "manifest.json").read_bytes())
        assert [entry["index"] for entry in manifest["scenes"]] == [0, 2]
        assert (await on.run(project_id)).exit_status == 0
        assert on.provider.accepted("clip") == 3


async def test_stitch_without_clips_says_so() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2, review="storyboard")
        with pytest.raises(UsageError, match="no clip"):
            await on.run(project_id, only_join=True, retry_ended=False)
        assert (await on.graph(project_id)).status is ProjectStatus.STORYBOARD_REVIEW


async def test_stitch_with_a_wish_open_is_complete_all_the_same() -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2)
        await on.studio.new_take(project_id, NewTake(0, "clip"))
        outcome = await on.run(project_id, only_join=True, retry_ended=False)
        assert (outcome.exit_status, outcome.status) == (0, ProjectStatus.COMPLETE)


async def test_two_projects_share_the_lanes_and_both_get_done() -> None:
    async with stage(FakeProvider().then("poll", *[RUNNING] * 60), lanes=1) as on:
        ids = [await on.create(2) for _ in range(3)]
        for project_id in ids:
            await on.studio.start(project_id)
        outcomes = [await on.studio.wait(project_id) for project_id in ids]
        assert [outcome.exit_status for outcome in outcomes] == [0, 0, 0]
        assert on.provider.accepted("clip") == 6


async def test_starting_a_project_twice_at_once_starts_it_once() -> None:
    async with stage(FakeProvider()) as on:
        project_id = await on.create(1)
        await asyncio.gather(on.studio.start(project_id), on.studio.start(project_id))
        await until(lambda: project_id in on.studio.driving)
        assert (await on.studio.wait(project_id)).exit_status == 0
        assert on.provider.accepted("storyboard") == 1


async def test_the_budget_holds_with_calls_side_by_side_and_raising_it_goes_on() -> None:
    provider = FakeProvider(cuts=(1, 2, 3, 4, 5), prices=catalogue(image=0.07, second=0.4))
    async with stage(provider, lanes=6) as on:
        project_id = await on.create(6, budget=0.0)
        budget, outcome = 0.0, await on.run(project_id)
        while outcome.exit_status == 1:
            graph = await on.graph(project_id)
            assert graph.spent <= budget + 1e-9
            assert graph.status is ProjectStatus.STOPPED
            spent_at_provider = on.provider.accepted("image") * 0.07 + on.provider.accepted("clip") * 0.4
            assert graph.spent == pytest.approx(spent_at_provider)
            budget += 0.55
            outcome = await on.run(project_id, budget=budget)
        assert outcome.exit_status == 0
        assert (on.provider.accepted("image"), on.provider.accepted("clip")) == (12, 6)
        assert (await on.graph(project_id)).spent <= budget


async def test_screens_hear_of_another_title_and_budget() -> None:
    async with stage(FakeProvider()) as on:
        project_id = await on.create()
        heard: list[object] = []
        unsubscribe = on.studio.subscribe(lambda event: heard.append(event.project_id))
        await on.studio.rename(project_id, "Another")
        await until(lambda: heard == [project_id])
        await on.studio.set_budget(project_id, 6.0)
        await until(lambda: heard == [project_id] * 2)
        unsubscribe()


async def test_each_copy_has_a_title_of_its_own() -> None:
    async with stage(FakeProvider()) as on:
        project_id = await on.create()
        await on.studio.rename(project_id, "100 % neon_rain")
        first = await on.studio.duplicate(project_id)
        second = await on.studio.duplicate(project_id)
        third = await on.studio.duplicate(first)
        titles = [(await on.studio.project(copy)).title for copy in (first, second, third)]
        assert titles == [f"100 % neon_rain (copy{number})" for number in ("", " 2", " 3")]
