"""A filtered clip: once more as it was, then in milder words where that is allowed, in and outside of a run."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.google.emulator import Emulator
from tests.google.filming import crew
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.providers.errors import NoAccessError

MILD = "A calm harbour; nobody is hurt."


@pytest.mark.parametrize("road", ["key", "express"])
async def test_the_escalation_ends_with_a_milder_prompt(emulator: Emulator, tmp_path: Path, road: str) -> None:
    emulator.script("clip:1:filtered,clip:2:filtered")
    async with crew(emulator, tmp_path, road) as on:
        outcome = await on.film(1, auto_soften=True)
        assert outcome.exit_status == 0
        scene = (await on.view()).scenes[0]
        assert scene.clip is not None
        assert (scene.clip.softened, scene.clip.take) == (True, 3)
        assert scene.clip.prompt_used.startswith(MILD)
        assert MILD not in scene.video_motion_prompt
        assert f"asking with a softer prompt: {MILD}" in await on.said()
        assert [call.state.value for call in await on.calls("clip")] == ["failed", "failed", "succeeded"]
        assert [call.state.value for call in await on.calls("soften")] == ["succeeded"]
        assert (emulator.accepted("clip"), emulator.accepted("text")) == (3, 2)


async def test_without_leave_the_film_is_made_without_the_scene(emulator: Emulator, tmp_path: Path) -> None:
    emulator.script("clip:1:filtered,clip:3:filtered")
    async with crew(emulator, tmp_path, pipeline={"video_gen_concurrency": 1}) as on:
        outcome = await on.film(2)
        assert outcome.exit_status in {0, 4}
    emulator.script("clip:*:filtered")
    async with crew(emulator, tmp_path / "home") as on:
        outcome = await on.film(1)
        assert (outcome.exit_status, outcome.status.value) == (1, "failed")
        assert "it may show violence" in outcome.message
        scene = (await on.view()).scenes[0]
        assert scene.status.value == "rai_filtered"
        assert await on.calls("soften") == []


async def test_a_milder_prompt_outside_a_run_is_in_the_ledger(emulator: Emulator, tmp_path: Path) -> None:
    emulator.script("clip:*:filtered")
    async with crew(emulator, tmp_path) as on:
        await on.film(1)
        assert on.project_id is not None
        assert await on.studio.soften(on.project_id, 0) == MILD
        (call,) = await on.calls("soften")
        assert (call.state.value, call.scene_index, call.model) == ("succeeded", 0, "gemini-3.8-flash")
        assert call.cost == pytest.approx((900 * 0.75 + 1500 * 3.75) / 1e6)
        assert not (await on.view()).driven
        emulator.script("")
        assert (await on.run()).exit_status == 0
        await on.agrees()


async def test_a_refused_softening_is_in_the_ledger_too(emulator: Emulator, tmp_path: Path) -> None:
    emulator.script("clip:*:filtered")
    async with crew(emulator, tmp_path) as on:
        await on.film(1)
        assert on.project_id is not None
        emulator.script("text:1:reset,text:2:billing")
        with pytest.raises(NoAccessError):
            await on.studio.soften(on.project_id, 0)
        assert [call.state.value for call in await on.calls("soften")] == ["unknown", "failed"]


async def test_the_budget_holds_for_a_softening(emulator: Emulator, tmp_path: Path) -> None:
    emulator.script("clip:*:filtered")
    async with crew(emulator, tmp_path) as on:
        await on.film(1)
        assert on.project_id is not None
        asked = emulator.accepted("text")
        await on.studio.set_budget(on.project_id, (await on.view()).spent)
        with pytest.raises(VidpipeError, match="budget"):
            await on.studio.soften(on.project_id, 0)
        assert emulator.accepted("text") == asked
        assert await on.calls("soften") == []


async def test_a_run_waits_for_a_softening_under_way(emulator: Emulator, tmp_path: Path) -> None:
    emulator.script("clip:*:filtered")
    async with crew(emulator, tmp_path) as on:
        await on.film(1)
        assert on.project_id is not None
        emulator.script("")
        emulator.seconds["text"] = 0.3
        soft, outcome = await asyncio.gather(on.studio.soften(on.project_id, 0), on.run())
        assert (soft, outcome.exit_status) == (MILD, 0)
        assert [call.state.value for call in await on.calls("soften")] == ["succeeded"]
