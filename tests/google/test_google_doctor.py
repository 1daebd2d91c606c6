"""What `vidpipe doctor` says about Google, for nothing."""

from __future__ import annotations

from tests.google.conftest import MakeProvider
from tests.google.emulator import PAID, Emulator
from vidpipe_tui.providers.base import Check


def by_name(checks: list[Check]) -> dict[str, Check]:
    return {check.name: check for check in checks}


async def test_all_is_well_and_costs_nothing(make: MakeProvider, emulator: Emulator) -> None:
    for road in ("key", "express", "project"):
        checks = await make(road).doctor()
        assert all(check.ok for check in checks)
        assert checks[0].name == "google"
    assert not any(emulator.accepted(kind) for kind in PAID)
    assert {call.kind for call in emulator.journal} == {"model"}


async def test_a_gone_model_names_its_replacement_and_fails_only_where_it_is_used(
    make: MakeProvider, emulator: Emulator
) -> None:
    emulator.gone = {"gemini-omni-1.1-flash", "gemini-4-argon"}
    checks = by_name(await make("key", models={"video_gen": "gemini-omni-1.1-flash"}).doctor())
    used, unused = checks["google gemini-omni-1.1-flash"], checks["google gemini-4-argon"]
    assert (used.ok, unused.ok) == (False, None)
    assert "gone" in used.detail
    assert "gemini-omni-1.2-flash" in used.hint


async def test_a_wrong_key_is_one_line(make: MakeProvider) -> None:
    checks = await make("key", api_key="wrong").doctor()
    assert [check.ok for check in checks] == [False]
    assert "does not accept this key" in checks[0].detail


async def test_no_network_is_one_line(make: MakeProvider) -> None:
    checks = await make("key", base_url="http://127.0.0.1:9").doctor()
    assert [check.ok for check in checks] == [False]
    assert "cannot be reached" in checks[0].detail


async def test_the_last_frame_is_unknown_where_no_document_says(make: MakeProvider) -> None:
    checks = by_name(await make("project", models={"video_gen": "veo-3.1-lite-generate-001"}).doctor())
    assert checks["google last frame"].ok is None
