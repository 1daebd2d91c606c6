"""What is said before a run, a new take or a softer prompt is what is paid then."""

from __future__ import annotations

import pytest

from tests.pipeline.fake import FakeProvider, catalogue
from tests.pipeline.stage import Stage, stage, until
from vidpipe_tui.domain.commands import NewTake, SceneEdit
from vidpipe_tui.providers.base import OperationState, PollAnswer
from vidpipe_tui.providers.errors import InDoubtError, RefusedRequestError

IMAGE, SECOND, BOARD = 0.04, 0.5, 0.2
RUNNING = PollAnswer(OperationState.RUNNING)
FILTERED = PollAnswer(OperationState.FILTERED, reason="held back")


def priced(**options: object) -> FakeProvider:
    return FakeProvider(prices=catalogue(storyboard=BOARD, image=IMAGE, second=SECOND), **options)  # type: ignore[arg-type]


async def spent(on: Stage, project_id: object) -> float:
    return float((await on.studio.project(project_id)).spent)  # type: ignore[arg-type]


async def test_a_new_take_beside_a_filtered_scene_pays_for_itself_alone() -> None:
    async with stage(priced(softens=False).then("poll", FILTERED, FILTERED, scene=1)) as on:
        project_id, outcome = await on.film(3)
        assert outcome.exit_status == 4
        before = await spent(on, project_id)
        told = await on.studio.take_consequence(project_id, NewTake(0, "clip"))
        assert (told.own, told.rest) == (SECOND, 0)
        await on.studio.new_take(project_id, NewTake(0, "clip"))
        await on.run(project_id, retry_ended=False)
        assert await spent(on, project_id) - before == pytest.approx(told.estimate.total)
        assert on.provider.accepted("clip", 1) == 2


async def test_a_plain_run_says_that_it_asks_for_the_filtered_clip_again() -> None:
    async with stage(priced(softens=False).then("poll", FILTERED, FILTERED, scene=1)) as on:
        project_id, _ = await on.film(3)
        before = await spent(on, project_id)
        assert (await on.studio.run_estimate(project_id, retry_ended=False)).total == 0
        told = (await on.studio.run_estimate(project_id)).total
        assert told == SECOND
        assert (await on.run(project_id)).exit_status == 0
        assert await spent(on, project_id) - before == pytest.approx(told)


async def test_a_new_take_in_an_unfinished_film_names_what_the_run_makes_besides() -> None:
    async with stage(
        priced().then("clip", RefusedRequestError("no")).then("image", RefusedRequestError("no"), scene=2)
    ) as on:
        project_id, _ = await on.film(4)
        before = await spent(on, project_id)
        told = await on.studio.take_consequence(project_id, NewTake(0, "end"))
        # Scene 3's end was refused, so nothing of scene 4 comes; scene 1's clip was refused, scene 2's is there.
        assert told.own == IMAGE
        await on.studio.new_take(project_id, NewTake(0, "end"))
        await on.run(project_id, retry_ended=False)
        assert await spent(on, project_id) - before == pytest.approx(told.estimate.total)


async def test_what_is_under_way_is_not_priced_again() -> None:
    provider = priced()
    async with stage(provider) as on:
        project_id, _ = await on.film(2)
        await on.studio.new_take(project_id, NewTake(0, "clip"))
        provider.then("poll", *[RUNNING] * 100_000, scene=0)
        await on.studio.start(project_id)
        await until(lambda: len(provider.polled) >= 6)
        await on.studio.stop(project_id)
        await on.studio.wait(project_id)
        before = await spent(on, project_id)
        assert (await on.studio.run_estimate(project_id)).total == 0
        provider.script.clear()
        assert (await on.run(project_id)).exit_status == 0
        assert await spent(on, project_id) == pytest.approx(before)


async def test_a_clip_in_doubt_is_not_in_the_price_of_going_on() -> None:
    async with stage(priced().then("clip", InDoubtError("reset"), scene=0)) as on:
        project_id, outcome = await on.film(2)
        assert outcome.exit_status == 3
        assert (await on.studio.run_estimate(project_id)).total == 0


async def test_the_price_of_softening_is_that_of_the_call_in_the_ledger() -> None:
    async with stage(priced().then("poll", FILTERED, FILTERED, scene=0)) as on:
        project_id, _ = await on.film(1)
        told = await on.studio.soften_price(project_id, 0)
        assert told > 0
        await on.studio.soften(project_id, 0)
        (call,) = (call for call in (await on.studio.ledger(project_id)).calls if call.kind == "soften")
        assert call.cost_estimate == pytest.approx(told)


async def test_a_view_tells_what_a_cascade_would_redo_beside_what_is_stale_itself() -> None:
    async with stage(FakeProvider(cuts=(2,))) as on:
        project_id, _ = await on.film(3)
        edit = SceneEdit(0, {"end_frame_prompt": "Something else."})
        told = (await on.studio.edit_consequence(project_id, edit)).stale
        await on.studio.edit_scene(project_id, edit)
        view = await on.studio.project(project_id)
        assert view.redone == told == ((1, "end"), (1, "clip"), (2, "end"), (2, "clip"))
        assert [scene.stale for scene in view.scenes] == [True, False, False]
