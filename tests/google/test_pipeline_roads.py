"""A whole film over every road: what is asked for, what is made, what is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.google.emulator import Emulator
from tests.google.filming import crew
from vidpipe_tui.media.probe import check_clip

ROADS = [
    ("key", None, "gemini-omni-1.2-flash"),
    ("express", None, "veo-3.1-generate-001"),
    ("project", None, "veo-3.1-generate-001"),
    ("express", "gemini-omni-1.2-flash", "gemini-omni-1.2-flash"),
    ("project", "gemini-omni-1.1-flash", "gemini-omni-1.1-flash"),
]


@pytest.mark.parametrize(("road", "chosen", "model"), ROADS)
async def test_a_film_on_every_road(
    emulator: Emulator, tmp_path: Path, road: str, chosen: str | None, model: str
) -> None:
    models = {"video_gen": chosen} if chosen else {}
    async with crew(emulator, tmp_path, road, models=models) as on:
        outcome = await on.film(3)
        assert (outcome.exit_status, outcome.message) == (0, "The film is complete.")
        view = await on.view()
        assert view.output_path is not None
        assert check_clip(view.output_path).duration_seconds == pytest.approx(12, abs=0.2)
        assert {kind: emulator.accepted(kind) for kind in ("text", "image", "clip")} == {
            "text": 1,
            "image": 4,
            "clip": 3,
        }
        assert {call.model for call in await on.calls("clip")} == {model}
        assert {call.state.value for call in (await on.ledger()).calls} == {"succeeded"}
        await on.agrees()
