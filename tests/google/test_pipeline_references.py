"""Cast and places: which pictures go with which call, what is said of it, and how frames become references."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.google import emulator_media as media
from tests.google.emulator import Emulator, Entry
from tests.google.filming import Crew, crew
from vidpipe_tui.domain.commands import NewReference
from vidpipe_tui.errors import UsageError


@pytest.fixture
def ada(tmp_path: Path) -> NewReference:
    path = tmp_path / "ada.png"
    path.write_bytes(media.picture("1:1", 90))
    return NewReference(path, "Ada", "character")


def pictures(entry: Entry) -> list[bytes]:
    """The pictures of a request, in order."""
    parts = entry.body["contents"][0]["parts"]
    return [base64.urlsafe_b64decode(part["inlineData"]["data"]) for part in parts if "inlineData" in part]


def texts(entry: Entry) -> str:
    return "\n".join(part["text"] for part in entry.body["contents"][0]["parts"] if "text" in part)


async def frame(on: Crew, scene: int, slot: str) -> bytes:
    view = (await on.view()).scenes[scene]
    shown = view.start if slot == "start" else view.end
    assert shown is not None
    return shown.path.read_bytes()


async def test_every_keyframe_gets_its_references_and_the_frame_before(
    emulator: Emulator, tmp_path: Path, ada: NewReference
) -> None:
    look = tmp_path / "look.png"
    look.write_bytes(media.picture("16:9", 91))
    async with crew(emulator, tmp_path) as on:
        await on.film(2, references=(ada, NewReference(look, "", "style")))
        assert "- ada (character)\n- look (style)" in texts(emulator.calls("text")[0])
        first, second, third = emulator.calls("image")
        given = [ada.path.read_bytes(), look.read_bytes()]
        assert pictures(first) == given
        assert pictures(second) == [await frame(on, 0, "start"), *given]
        assert pictures(third)[0] == await frame(on, 0, "end")
        assert "Reference picture of the character «ada»" in texts(second)
        said = await on.said()
        assert "Scene 1: drawing the start frame with the references ada, look." in said
        assert "Scene 1: drawing the end frame from the frame before it and the references ada, look." in said
        assert "Without the references ada, look: gemini-omni-1.2-flash takes none beside" in said
        assert [row.references for row in (await on.view()).scenes] == [
            ("ada", "pier"),
            ("ada", "ferry-captain", "pier"),
        ]


async def test_what_a_model_does_not_take_is_left_out_and_said(
    emulator: Emulator, tmp_path: Path, ada: NewReference
) -> None:
    many = []
    for number in range(15):
        path = tmp_path / f"look{number:02}.png"
        path.write_bytes(media.picture("1:1", number))
        many.append(NewReference(path, "", "style"))
    async with crew(emulator, tmp_path) as on:
        await on.film(1, references=(ada, *many))
        assert [len(pictures(entry)) for entry in emulator.calls("image")] == [14, 14]
        said = await on.said()
        assert "look12; left out: look13, look14, because gemini-nano-banana-2.1 takes no more pictures." in said
        assert "look11; left out: look12, look13, look14, because" in said


async def test_a_tag_that_was_not_given_is_refused_with_a_complaint(
    emulator: Emulator, tmp_path: Path, ada: NewReference, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.google import emulator_answers

    honest = emulator_answers.storyboard

    def inventive(schema: dict[str, Any], said: str) -> dict[str, Any]:
        board = honest(schema, said)
        if "attempt" not in said:
            board["scenes"][0]["references"] = ["the Kraken"]
        else:
            board["scenes"][0]["references"] = ["@ADA", "captain"]
        return board

    monkeypatch.setattr(emulator_answers, "storyboard", inventive)
    async with crew(emulator, tmp_path) as on:
        assert (await on.film(1, references=(ada,))).exit_status == 0
        complaint = texts(emulator.calls("text")[1])
        assert "scene 1 names the reference 'the Kraken'; given were: ada, ferry-captain, pier" in complaint
        assert (await on.view()).scenes[0].references == ("ada", "ferry-captain")


async def test_the_first_good_frame_becomes_a_reference_if_the_person_accepts(
    emulator: Emulator, tmp_path: Path
) -> None:
    async with crew(emulator, tmp_path) as on:
        await on.film(3)
        assert on.project_id is not None
        references = on.studio.references
        offers = await references.proposals(on.project_id)
        told = [(offer.tag, offer.kind, offer.scene_index, offer.slot) for offer in offers]
        assert told == [("ferry-captain", "character", 1, "end"), ("pier", "place", 0, "start")]
        assert "Frames of ferry-captain, pier could hold them steady in every later take" in await on.said()
        price = await references.consequence(on.project_id, ["pier"])
        assert await references.accept(on.project_id, ["Pier"]) == price
        # The frame that is the reference is not made from itself; what comes after it is.
        assert price.stale == (
            (1, "end"),
            (1, "clip"),
            (2, "end"),
            (2, "clip"),
            (3, "end"),
            (3, "clip"),
        )
        assert price.estimate.total == pytest.approx(3 * 0.0336 + 3 * 0.28)
        assert [offer.tag for offer in await references.proposals(on.project_id)] == ["ferry-captain"]
        picture = await frame(on, 0, "start")
        asked = len(emulator.calls("image"))
        assert (await on.run()).exit_status == 0
        assert len(emulator.calls("image")) == asked
        assert (await on.run(cascade=True)).exit_status == 0
        again = emulator.calls("image")[asked:]
        assert [pictures(entry)[1:] for entry in again] == [[picture]] * 3
        assert not any(scene.stale for scene in (await on.view()).scenes)
        await on.agrees()


async def test_a_picture_can_be_added_and_let_go(emulator: Emulator, tmp_path: Path, ada: NewReference) -> None:
    async with crew(emulator, tmp_path) as on:
        await on.film(2)
        assert on.project_id is not None
        references = on.studio.references
        gulls = NewReference(ada.path, "2 gulls", "character")
        assert (await references.add(on.project_id, [gulls])).stale == ((2, "end"), (2, "clip"))
        assert (await on.view()).scenes[1].references[-1] == "2-gulls"
        with pytest.raises(UsageError, match="already"):
            await references.add(on.project_id, [gulls])
        assert (await references.drop(on.project_id, "2-gulls")).stale == ()
        assert not any(scene.stale for scene in (await on.view()).scenes)
        with pytest.raises(UsageError, match="no reference"):
            await references.drop(on.project_id, "2-gulls")
        only = await references.add(on.project_id, [NewReference(ada.path, "", "character")], 1)
        assert only.stale == ((2, "end"), (2, "clip"))
        with pytest.raises(UsageError, match="No frame is proposed for 'nobody'"):
            await references.accept(on.project_id, ["nobody"])
        wrong = tmp_path / "notes.txt"
        wrong.write_text("no picture")
        with pytest.raises(UsageError, match="no picture"):
            await references.add(on.project_id, [NewReference(wrong, "notes")])
        found = await on.studio.verify(on.project_id)
        assert found.findings == ()


async def test_the_schema_asks_for_a_cast(emulator: Emulator, tmp_path: Path) -> None:
    async with crew(emulator, tmp_path) as on:
        await on.film(1)
        schema = emulator.calls("text")[0].body["generationConfig"]["responseSchema"]
        assert set(schema["properties"]) == {"style_guide", "cast", "scenes"}
        raw = (await on.view()).storyboard_raw
        assert raw is not None
        assert json.loads(raw)["cast"][0] == {"name": "Ferry Captain", "kind": "character"}
