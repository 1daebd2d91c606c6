"""Every row of the table of how things end: exit status, statuses, sentences, ledger."""

from __future__ import annotations

import asyncio

import pytest

from tests.pipeline.fake import FakeProvider, catalogue
from tests.pipeline.stage import stage
from vidpipe_tui.domain.statuses import ProjectStatus, SceneStatus
from vidpipe_tui.providers.base import OperationState, Pacing, PollAnswer
from vidpipe_tui.providers.errors import (
    BadAnswerError,
    ExpiredError,
    FilteredError,
    InDoubtError,
    NoAccessError,
    RefusedRequestError,
    RetryLaterError,
)

FILTERED = PollAnswer(OperationState.FILTERED, reason="Not that.")
TRANSIENT = PollAnswer(OperationState.TRANSIENT, reason="The renderer fell over.")
RUNNING = PollAnswer(OperationState.RUNNING)
LOST = PollAnswer(OperationState.LOST, reason="Nobody knows it.")


async def test_a_film_without_trouble_is_complete() -> None:
    async with stage(FakeProvider()) as on:
        project_id, outcome = await on.film(3)
        assert (outcome.exit_status, outcome.status, outcome.missing) == (0, ProjectStatus.COMPLETE, ())
        graph = await on.graph(project_id)
        assert [scene.status for scene in graph.scenes] == [SceneStatus.VIDEO_DONE] * 3
        assert [scene.start.source for scene in graph.scenes if scene.start] == ["generated", "inherited", "inherited"]
        assert on.provider.accepted("image") == 4
        assert on.provider.accepted("clip") == 3
        assert set(await on.calls(project_id)) == {
            ("storyboard", "succeeded"),
            ("image", "succeeded"),
            ("clip", "succeeded"),
        }
        assert graph.output_path is not None
        assert on.core.files.absolute(graph.output_path).exists()


async def test_a_clip_filtered_again_and_again_leaves_its_scene_out() -> None:
    async with stage(FakeProvider().then("poll", FILTERED, FILTERED, FILTERED, scene=1)) as on:
        project_id, outcome = await on.film(2)
        assert (outcome.exit_status, outcome.status, outcome.missing) == (4, ProjectStatus.COMPLETE, (1,))
        scene = (await on.graph(project_id)).scenes[1]
        assert scene.status is SceneStatus.RAI_FILTERED
        assert scene.trouble is not None
        assert scene.trouble.message == "Not that."
        assert on.provider.accepted("clip", 1) == 2  # once, and once more as filtered_retries says
        assert await on.calls(project_id, "clip") == [("clip", "succeeded"), ("clip", "failed"), ("clip", "failed")]
        assert "scene 2 is missing" in outcome.message


async def test_a_filtered_clip_that_passes_the_second_time_is_no_trouble() -> None:
    async with stage(FakeProvider().then("poll", FILTERED, scene=0)) as on:
        project_id, outcome = await on.film(1)
        assert outcome.exit_status == 0
        assert (await on.graph(project_id)).scenes[0].trouble is None


async def test_a_softened_prompt_is_tried_once_where_allowed_and_kept() -> None:
    async with stage(FakeProvider().then("poll", FILTERED, FILTERED, scene=0)) as on:
        project_id, outcome = await on.film(1, auto_soften=True)
        assert outcome.exit_status == 0
        clip = (await on.graph(project_id)).scenes[0].clip
        assert clip is not None
        assert clip.softened
        assert "Gently:" in clip.prompt_used
        assert ("soften", "succeeded") in await on.calls(project_id)
        assert "softer prompt" in await on.said(project_id)


async def test_a_softened_prompt_that_is_filtered_too_is_the_end() -> None:
    async with stage(FakeProvider().then("poll", *[FILTERED] * 5)) as on:
        project_id, outcome = await on.film(1, auto_soften=True)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.FAILED)
        assert on.provider.accepted("clip") == 3
        assert (await on.graph(project_id)).scenes[0].status is SceneStatus.RAI_FILTERED


async def test_resume_asks_for_a_filtered_clip_again() -> None:
    async with stage(FakeProvider().then("poll", FILTERED, FILTERED, scene=1)) as on:
        project_id, outcome = await on.film(2)
        assert outcome.exit_status == 4
        assert (await on.run(project_id)).exit_status == 0


async def test_a_submission_that_is_filtered_counts_like_a_filtered_clip() -> None:
    async with stage(FakeProvider().then("clip", FilteredError("Not that."), FilteredError("Not that."))) as on:
        project_id, outcome = await on.film(1)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.FAILED)
        assert (await on.graph(project_id)).scenes[0].status is SceneStatus.RAI_FILTERED


async def test_a_refused_keyframe_ends_its_chain_and_the_film_is_made_of_the_rest() -> None:
    refusal = [FilteredError("No faces."), FilteredError("No faces.")]
    async with stage(FakeProvider(cuts=(3,)).then("image", *refusal, scene=1)) as on:
        project_id, outcome = await on.film(4)
        assert (outcome.exit_status, outcome.missing) == (4, (1, 2))
        graph = await on.graph(project_id)
        assert [scene.status.value for scene in graph.scenes] == ["video_done", "rai_filtered", "pending", "video_done"]
        assert graph.film is not None


async def test_when_every_keyframe_is_refused_the_project_fails() -> None:
    async with stage(FakeProvider().then("image", FilteredError("No."), FilteredError("No."))) as on:
        project_id, outcome = await on.film(2)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.FAILED)
        assert outcome.message == "No."
        assert [scene.status.value for scene in (await on.graph(project_id)).scenes] == ["rai_filtered", "pending"]


async def test_a_lost_operation_fails_its_scene_and_is_submitted_again_only_on_request() -> None:
    async with stage(FakeProvider().then("poll", LOST, scene=1)) as on:
        project_id, outcome = await on.film(2)
        assert (outcome.exit_status, outcome.missing) == (4, (1,))
        assert (await on.graph(project_id)).scenes[1].status is SceneStatus.FAILED
        assert (await on.calls(project_id, "clip"))[1][1] in {"unknown", "succeeded"}  # it was paid for
        again = await on.run(project_id)
        assert (again.exit_status, on.provider.accepted("clip", 1)) == (4, 1)
        from vidpipe_tui.domain.commands import NewTake

        await on.studio.new_take(project_id, NewTake(1, "clip"))
        assert (await on.run(project_id)).exit_status == 0
        assert on.provider.accepted("clip", 1) == 2


async def test_an_expired_file_is_like_a_lost_operation() -> None:
    async with stage(FakeProvider().then("fetch", ExpiredError("Gone."), scene=0)) as on:
        project_id, outcome = await on.film(1)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.FAILED)
        assert outcome.message == "Gone."
        assert "regenerate" in outcome.hint
        assert (await on.run(project_id)).exit_status == 1
        assert on.provider.accepted("clip") == 1


async def test_a_file_that_stays_broken_fails_its_scene_and_resume_fetches_again_for_nothing() -> None:
    async with stage(FakeProvider().then("fetch", *[b"no film"] * 3, scene=0)) as on:
        project_id, outcome = await on.film(2)
        assert (outcome.exit_status, outcome.missing) == (4, (0,))
        assert (await on.graph(project_id)).scenes[0].status is SceneStatus.FAILED
        again = await on.run(project_id)
        assert again.exit_status == 0
        assert on.provider.accepted("clip", 0) == 1


async def test_one_broken_download_is_fetched_again() -> None:
    async with stage(FakeProvider().then("fetch", b"no film", b"")) as on:
        _, outcome = await on.film(1)
        assert outcome.exit_status == 0
        assert on.provider.accepted("clip") == 1


async def test_polls_used_up_are_timed_out_and_resume_polls_the_same_operation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VIDPIPE_PIPELINE__VIDEO_POLL_MAX", "3")
    async with stage(FakeProvider().then("poll", *[RUNNING] * 3, scene=0)) as on:
        project_id, outcome = await on.film(2)
        assert (outcome.exit_status, outcome.missing) == (4, (0,))
        scene = (await on.graph(project_id)).scenes[0]
        assert scene.status is SceneStatus.FAILED
        assert scene.clips[-1].status.value == "timed_out"
        assert scene.clips[-1].poll_count == 3
        name = scene.clips[-1].operation_name
        on.provider.polled.clear()
        assert (await on.run(project_id)).exit_status == 0
        assert on.provider.polled[0] == name
        assert on.provider.accepted("clip", 0) == 1
        clip = (await on.graph(project_id)).scenes[0].clip
        assert clip is not None
        assert clip.poll_count == 4


async def test_timed_out_alone_fails_the_project(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDPIPE_PIPELINE__VIDEO_POLL_MAX", "2")
    async with stage(FakeProvider().then("poll", *[RUNNING] * 4)) as on:
        project_id, outcome = await on.film(1)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.FAILED)
        assert "2 polls" in outcome.message
        assert (await on.run(project_id)).exit_status == 1
        assert (await on.run(project_id)).exit_status == 0


async def test_a_clip_in_doubt_waits_while_everything_else_is_finished() -> None:
    async with stage(FakeProvider().then("clip", InDoubtError("The line broke."), scene=0)) as on:
        project_id, outcome = await on.film(2)
        assert (outcome.exit_status, outcome.status) == (3, ProjectStatus.STOPPED)
        graph = await on.graph(project_id)
        assert [scene.status.value for scene in graph.scenes] == ["in_doubt", "video_done"]
        assert graph.film is None
        assert sorted(await on.calls(project_id, "clip")) == [("clip", "succeeded"), ("clip", "unknown")]
        again = await on.run(project_id)
        assert (again.exit_status, on.provider.accepted("clip", 0)) == (3, 1)


async def test_an_unusable_answer_to_a_submission_is_in_doubt_too() -> None:
    async with stage(FakeProvider().then("clip", BadAnswerError("No name in it."))) as on:
        project_id, outcome = await on.film(1)
        assert outcome.exit_status == 3
        assert await on.calls(project_id, "clip") == [("clip", "unknown")]
        assert (await on.run(project_id)).exit_status == 3
        assert on.provider.accepted("clip") == 1


@pytest.mark.parametrize("way", ["adopt", "resubmit", "give_up", "option"])
async def test_the_ways_out_of_doubt(way: str) -> None:
    async with stage(FakeProvider().then("clip", InDoubtError("The line broke."), scene=0)) as on:
        project_id, _ = await on.film(2)
        operation = next(name for name, request in on.provider.operations.items() if request.scene.index == 0)
        if way == "adopt":
            await on.studio.adopt(project_id, 0, operation)
        elif way == "resubmit":
            await on.studio.resubmit(project_id, 0)
        elif way == "give_up":
            await on.studio.give_up(project_id, 0)
        outcome = await on.run(project_id, resubmit_in_doubt=way == "option")
        expected = {
            "adopt": (0, 1, ["succeeded", "succeeded"]),
            "resubmit": (0, 2, ["succeeded", "succeeded", "unknown"]),
            "option": (0, 2, ["succeeded", "succeeded", "unknown"]),
            "give_up": (4, 1, ["succeeded", "unknown"]),
        }[way]
        states = sorted(state for _, state in await on.calls(project_id, "clip"))
        assert (outcome.exit_status, on.provider.accepted("clip", 0), states) == expected
        if way == "give_up":
            assert (await on.run(project_id)).exit_status == 4
            assert on.provider.accepted("clip", 0) == 1


async def test_a_refused_storyboard_fails_the_project_with_its_reason() -> None:
    async with stage(FakeProvider().then("storyboard", FilteredError("Not that story."))) as on:
        project_id, outcome = await on.film(2)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.FAILED)
        assert "Not that story." in outcome.message
        assert (await on.graph(project_id)).error_message == outcome.message


async def test_a_storyboard_invalid_three_times_fails_with_the_raw_answer_kept() -> None:
    async with stage(FakeProvider().then("storyboard", "not json", "{}", "still not")) as on:
        project_id, outcome = await on.film(2)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.FAILED)
        assert "3 tries" in outcome.message
        assert (await on.graph(project_id)).storyboard_raw == "still not"
        assert [call.what for call in on.provider.calls] == ["", "the answer is no JSON", "style_guide is missing"]
        assert (await on.run(project_id)).exit_status == 0


async def test_a_storyboard_of_the_wrong_length_is_asked_for_again() -> None:
    from tests.pipeline.fake import storyboard

    async with stage(FakeProvider().then("storyboard", storyboard(5))) as on:
        _, outcome = await on.film(2)
        assert outcome.exit_status == 0
        assert on.provider.accepted("storyboard") == 2


@pytest.mark.parametrize("kind", ["storyboard", "image", "clip"])
async def test_a_wait_longer_than_allowed_fails_with_the_sentence(kind: str) -> None:
    async with stage(FakeProvider().then(kind, RetryLaterError("Quota used up.", wait_seconds=3600))) as on:
        project_id, outcome = await on.film(2)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.FAILED)
        assert "Quota used up." in outcome.message
        assert "3600 s" in outcome.message
        assert (await on.run(project_id)).exit_status == 0


@pytest.mark.parametrize("kind", ["storyboard", "image", "clip"])
async def test_attempts_used_up_fail_with_the_sentence_and_can_be_resumed(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VIDPIPE_PIPELINE__RETRY_MAX_ATTEMPTS", "3")
    async with stage(FakeProvider().then(kind, *[RetryLaterError("Overloaded.")] * 3, scene=None)) as on:
        project_id, outcome = await on.film(1)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.FAILED)
        assert "Tried 3 times" in outcome.message
        assert sum(call.kind == kind for call in on.provider.calls) == 3
        assert [state for _, state in await on.calls(project_id, kind)] == ["failed"] * 3
        assert (await on.run(project_id)).exit_status == 0


async def test_too_many_requests_is_waited_out() -> None:
    async with stage(FakeProvider()) as on:
        for kind in ("storyboard", "image", "clip", "poll", "fetch"):
            on.provider.then(kind, RetryLaterError("Slow down.", wait_seconds=0.001, rate_limited=True))
        _, outcome = await on.film(2)
        assert outcome.exit_status == 0
        assert (on.provider.accepted("clip"), on.provider.accepted("image")) == (2, 3)


async def test_the_budget_stops_the_project_before_the_call_that_would_break_it() -> None:
    async with stage(FakeProvider(prices=catalogue(image=0.1, second=1.0))) as on:
        project_id, outcome = await on.film(3, budget=1.5)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.STOPPED)
        assert "$1.50" in outcome.message
        assert "$1.00" in outcome.message
        graph = await on.graph(project_id)
        assert graph.spent <= 1.5
        assert graph.error_kind == "budget"
        assert (await on.run(project_id, budget=10.0)).exit_status == 0
        assert on.provider.accepted("clip") == 3
        assert on.provider.accepted("image") == 4


async def test_a_transient_end_of_an_operation_is_submitted_again_and_not_billed() -> None:
    async with stage(FakeProvider(prices=catalogue(second=1.0)).then("poll", TRANSIENT, scene=0)) as on:
        project_id, outcome = await on.film(1)
        assert outcome.exit_status == 0
        assert await on.calls(project_id, "clip") == [("clip", "failed"), ("clip", "succeeded")]
        assert (await on.graph(project_id)).spent == pytest.approx(1.0, abs=0.01)


async def test_transient_ends_are_limited_by_the_attempts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDPIPE_PIPELINE__RETRY_MAX_ATTEMPTS", "2")
    async with stage(FakeProvider().then("poll", *[TRANSIENT] * 2)) as on:
        project_id, outcome = await on.film(1)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.FAILED)
        assert "Tried twice" in outcome.message
        assert (await on.run(project_id)).exit_status == 0


async def test_an_operation_that_ends_refused_is_not_repeated() -> None:
    refused = PollAnswer(OperationState.REFUSED, reason="No last frame here.")
    async with stage(FakeProvider().then("poll", refused)) as on:
        project_id, outcome = await on.film(1)
        assert (outcome.exit_status, outcome.message) == (1, "No last frame here.")
        assert (await on.run(project_id)).exit_status == 1
        assert on.provider.accepted("clip") == 1


@pytest.mark.parametrize("kind", ["image", "clip"])
async def test_a_refused_request_is_not_repeated(kind: str) -> None:
    async with stage(FakeProvider().then(kind, RefusedRequestError("No such size."))) as on:
        project_id, outcome = await on.film(1)
        assert (outcome.exit_status, outcome.message) == (1, "No such size.")
        assert (await on.run(project_id)).exit_status == 1
        assert sum(call.kind == kind for call in on.provider.calls) == 1


async def test_polls_that_are_never_answered_end_the_run_where_no_number_of_them_is_set() -> None:
    async with stage(FakeProvider().then("poll", *[RetryLaterError("Overloaded.")] * 500)) as on:
        project_id, outcome = await on.film(1)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.FAILED)
        assert "Overloaded. Asked 5 times." in outcome.message
        on.provider.script.clear()
        assert (await on.run(project_id)).exit_status == 0
        assert on.provider.accepted("clip") == 1


@pytest.mark.parametrize("kind", ["poll", "fetch"])
async def test_access_that_stays_away_ends_the_run_too(kind: str) -> None:
    async with stage(FakeProvider().then(kind, *[NoAccessError("The key is not valid.")] * 50)) as on:
        project_id, outcome = await on.film(2)
        assert (outcome.exit_status, outcome.message) == (1, "The key is not valid.")
        on.provider.script.clear()
        assert (await on.run(project_id)).exit_status == 0
        assert on.provider.accepted("clip") == 2


@pytest.mark.parametrize("kind", ["storyboard", "image", "clip", "poll", "fetch"])
async def test_no_access_ends_the_run_with_its_sentence(kind: str) -> None:
    error = NoAccessError("The key is not valid.", hint="Set another one.")
    async with stage(FakeProvider().then(kind, error)) as on:
        project_id, outcome = await on.film(1)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.FAILED)
        assert (outcome.message, outcome.hint) == ("The key is not valid.", "Set another one.")
        assert (await on.run(project_id)).exit_status == 0
        assert on.provider.accepted("clip") == 1


async def test_storyboards_and_pictures_in_doubt_are_asked_for_again_and_both_counted() -> None:
    async with stage(FakeProvider(prices=catalogue(image=0.1))) as on:
        on.provider.then("storyboard", InDoubtError("Lost.")).then("image", InDoubtError("Lost."))
        project_id, outcome = await on.film(1)
        assert outcome.exit_status == 0
        assert (await on.calls(project_id))[:4] == [
            ("storyboard", "unknown"),
            ("storyboard", "succeeded"),
            ("image", "unknown"),
            ("image", "succeeded"),
        ]
        assert (await on.graph(project_id)).spent == pytest.approx(0.3)


async def test_a_picture_that_cannot_be_read_is_asked_for_again_and_both_counted() -> None:
    async with stage(FakeProvider(prices=catalogue(image=0.1)).then("image", b"no picture")) as on:
        project_id, outcome = await on.film(1)
        assert outcome.exit_status == 0
        assert (await on.graph(project_id)).spent == pytest.approx(0.3)


async def test_a_bug_in_a_provider_ends_as_doubt_not_as_a_crash() -> None:
    async with stage(FakeProvider().then("clip", KeyError("oops"))) as on:
        _, outcome = await on.film(1)
        assert outcome.exit_status == 3


async def test_a_stop_waits_for_the_paid_call_under_way_and_records_it() -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        reached.set()
        await go_on.wait()

    async with stage(FakeProvider().then("clip", slow).then("poll", *[RUNNING] * 500)) as on:
        project_id = await on.create(1)
        await on.studio.start(project_id)
        await reached.wait()
        await on.studio.stop(project_id)
        go_on.set()
        outcome = await on.studio.wait(project_id)
        assert (outcome.exit_status, outcome.status) == (130, ProjectStatus.STOPPED)
        assert "operations/0" in outcome.message
        on.provider.script.clear()
        assert (await on.run(project_id)).exit_status == 0
        assert on.provider.accepted("clip") == 1


async def test_a_call_cut_off_is_unknown_and_counted() -> None:
    reached = asyncio.Event()

    async def endless() -> None:
        reached.set()
        await asyncio.Event().wait()

    async with stage(FakeProvider(prices=catalogue(second=1.0)).then("clip", endless)) as on:
        project_id = await on.create(1)
        await on.studio.start(project_id)
        await reached.wait()
        await on.studio.stop_all(0.05)
        assert (await on.calls(project_id, "clip")) == [("clip", "unknown")]
        graph = await on.graph(project_id)
        assert (graph.status, graph.spent) == (ProjectStatus.STOPPED, pytest.approx(1.0))
        assert (await on.run(project_id)).exit_status == 3


async def test_clip_lanes_are_not_exceeded_and_pictures_of_chains_run_side_by_side() -> None:
    provider = FakeProvider(cuts=(1, 2, 3, 4), rhythm=Pacing(video_poll_interval=0.001, video_gen_concurrency=2))
    running: set[str] = set()
    most = 0

    async with stage(provider) as on:

        async def poll(name: str) -> PollAnswer:
            nonlocal most
            known = on.provider.polled.count(name) >= 40
            on.provider.polled.append(name)
            (running.discard if known else running.add)(name)
            most = max(most, len(running))
            return PollAnswer(OperationState.DONE if known else OperationState.RUNNING)

        provider.poll = poll  # type: ignore[method-assign]
        _, outcome = await on.film(5)
        assert outcome.exit_status == 0
        assert most == 2
