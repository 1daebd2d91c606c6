"""What calls cost: estimated from the price file before, recorded from what was used after, call by call."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.google.emulator import Emulator
from tests.google.filming import crew
from vidpipe_tui.domain.commands import NewProject, NewTake, SceneEdit
from vidpipe_tui.errors import UsageError

TEXT = (900 * 0.75 + 1500 * 3.75) / 1e6
IMAGE = 0.0336
PRICES = [("key", "gemini-omni-1.2-flash", 4 * 0.07), ("express", "veo-3.1-generate-001", 4 * 0.40)]


@pytest.mark.parametrize(("road", "model", "clip"), PRICES)
async def test_every_call_says_what_it_used(
    emulator: Emulator, tmp_path: Path, road: str, model: str, clip: float
) -> None:
    async with crew(emulator, tmp_path, road) as on:
        await on.film(2)
        view = await on.ledger()
        told = {call.kind: (call.units, call.cost) for call in view.calls}
        assert told["storyboard"] == ("900 + 1,500 tokens", pytest.approx(TEXT))
        assert told["image"] == ("900 + 1,500 tokens 1 picture", pytest.approx(IMAGE))
        tokens = "700 + 9,000 tokens " if road == "key" else ""
        assert told["clip"] == (f"{tokens}4 s 720p", pytest.approx(clip))
        assert view.totals.spent == pytest.approx(TEXT + 3 * IMAGE + 2 * clip)
        assert (await on.view()).spent == pytest.approx(view.totals.spent)
        clips = [scene.clip for scene in (await on.view()).scenes if scene.clip]
        assert [take.cost for take in clips] == [pytest.approx(clip)] * 2
        assert model in {call.model for call in view.calls}


async def test_an_answer_that_could_not_be_used_is_paid_for(emulator: Emulator, tmp_path: Path) -> None:
    emulator.script("text:1:cut")
    async with crew(emulator, tmp_path) as on:
        await on.film(1)
        assert [call.cost for call in await on.calls("storyboard")] == [pytest.approx(TEXT)] * 2
        assert [call.units for call in await on.calls("storyboard")] == ["900 + 1,500 tokens"] * 2


async def test_a_filtered_clip_is_not(emulator: Emulator, tmp_path: Path) -> None:
    emulator.script("clip:1:filtered")
    async with crew(emulator, tmp_path) as on:
        await on.film(1)
        assert [(call.state.value, call.cost) for call in await on.calls("clip")] == [
            ("failed", None),
            ("succeeded", pytest.approx(0.28)),
        ]
        assert (await on.view()).spent == pytest.approx(TEXT + 2 * IMAGE + 0.28)


async def test_the_estimate_comes_from_the_price_file(emulator: Emulator, tmp_path: Path) -> None:
    async with crew(emulator, tmp_path) as on:
        price = await on.studio.estimate(NewProject(prompt="A ferry.", scenes=3, resolution="1080p"))
        stages = {stage.stage: stage.total for stage in price.stages}
        assert stages["keyframes"] == pytest.approx(4 * IMAGE)
        assert stages["clips"] == pytest.approx(3 * 4 * 0.105)
        assert 0.001 < stages["storyboard"] < 0.05
        assert "Gemini Developer API" in price.note


async def test_prices_of_ones_own_hold_for_google(emulator: Emulator, tmp_path: Path) -> None:
    prices = tmp_path / "prices.toml"
    prices.write_text(
        '[models."gemini-omni-1.2-flash"]\nsecond = 0.5\n[models."gemini-nano-banana-2.1"]\nimage = 0.1\n'
        '[models."gemini-3.8-flash"]\noutput_per_million = 10.0\n'
    )
    async with crew(emulator, tmp_path, pricing={"file": prices}) as on:
        price = await on.studio.estimate(NewProject(prompt="A ferry.", scenes=2))
        stages = {stage.stage: stage.total for stage in price.stages}
        assert (stages["keyframes"], stages["clips"]) == (pytest.approx(0.3), pytest.approx(4.0))
        await on.film(1)
        costs = {call.kind: call.cost for call in (await on.ledger()).calls}
        assert costs == {
            "storyboard": pytest.approx((900 * 0.75 + 1500 * 10) / 1e6),
            "image": pytest.approx(0.1),
            "clip": pytest.approx(2.0),
        }


async def test_the_budget_counts_calls_under_way(emulator: Emulator, tmp_path: Path) -> None:
    async with crew(emulator, tmp_path) as on:
        outcome = await on.film(3, budget=TEXT + 4 * IMAGE + 2 * 0.28 + 0.1)
        assert (outcome.exit_status, outcome.status.value) == (1, "stopped")
        assert "budget" in outcome.message
        assert emulator.accepted("clip") == 2
        assert (await on.run(budget=9.0)).exit_status == 0
        await on.agrees()


WRONG: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("key", {"clip_seconds": 2}, {}, "3 to 10 seconds, not 2"),
    ("key", {"clip_seconds": 12}, {}, "3 to 10 seconds, not 12"),
    ("express", {"clip_seconds": 5}, {}, "4, 6 or 8 seconds, not 5"),
    ("express", {"aspect_ratio": "1:1"}, {}, "cannot film in 1:1"),
    ("key", {"resolution": "2k"}, {}, "no resolution 2k"),
    ("express", {"resolution": "4k"}, {"video_gen": "veo-3.1-lite-generate-001"}, "no resolution 4k"),
    ("key", {"audio": False}, {}, "always makes sound"),
    ("key", {}, {"image_size": "8K"}, "no size 8K"),
    ("key", {}, {"video_resolution": "8k"}, "no resolution 8k"),
]


@pytest.mark.parametrize(("road", "wish", "models", "said"), WRONG)
async def test_what_a_model_cannot_do_is_refused_before_anything_is_paid(
    emulator: Emulator, tmp_path: Path, road: str, wish: dict[str, Any], models: dict[str, Any], said: str
) -> None:
    async with crew(emulator, tmp_path, road, models=models) as on:
        with pytest.raises(UsageError, match=said) as caught:
            await on.create(2, **wish)
        assert caught.value.exit_status == 2
        assert caught.value.hint
        assert emulator.journal == []


async def test_a_length_of_one_scene_and_a_model_of_one_take_are_checked_too(
    emulator: Emulator, tmp_path: Path
) -> None:
    async with crew(emulator, tmp_path, "express") as on:
        await on.film(1)
        assert on.project_id is not None
        asked = len(emulator.journal)
        with pytest.raises(UsageError, match="4, 6 or 8 seconds, not 5"):
            await on.studio.edit_scene(on.project_id, SceneEdit(0, seconds=5))
        await on.studio.edit_scene(on.project_id, SceneEdit(0, seconds=8))
        fast = NewTake(0, "clip", model="veo-3.1-fast-generate-001")
        assert (await on.studio.take_consequence(on.project_id, fast)).estimate.total == pytest.approx(0.8)
        with pytest.raises(UsageError, match="No model called 'veo-9'"):
            await on.studio.new_take(on.project_id, NewTake(0, "clip", model="veo-9"))
        with pytest.raises(UsageError, match="4, 6 or 8"):
            await on.studio.edit_scene(on.project_id, SceneEdit(0, seconds=12))
        await on.studio.new_take(on.project_id, fast)
        assert len(emulator.journal) == asked
        assert (await on.run()).exit_status == 0
        clip = (await on.view()).scenes[0].clip
        assert clip is not None
        assert (clip.model, clip.cost) == ("veo-3.1-fast-generate-001", pytest.approx(0.8))
        assert clip.duration_seconds == pytest.approx(8, abs=0.1)
