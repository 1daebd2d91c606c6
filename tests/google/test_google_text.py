"""Storyboards and softened prompts: what is asked, and how each kind of answer is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.google.conftest import MakeProvider
from tests.google.emulator import Emulator
from tests.google.requests_of import storyboard
from vidpipe_tui.providers.base import Reference, SoftenRequest
from vidpipe_tui.providers.errors import BadAnswerError, FilteredError, RetryLaterError


def asked(emulator: Emulator, number: int = -1) -> tuple[str, dict[str, Any]]:
    body = emulator.calls("text")[number].body
    return body["contents"][0]["parts"][0]["text"], body["generationConfig"]


async def test_a_storyboard_is_structured_and_has_the_scenes_asked_for(make: MakeProvider, emulator: Emulator) -> None:
    provider = make("key")
    answer = await provider.storyboards.write(storyboard(scene_count=5, title="Ferry", note="More gulls."))
    board = json.loads(answer.raw)
    assert len(board["scenes"]) == 5
    assert set(board) == {"style_guide", "cast", "scenes"}
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (900, 1500)
    text, config = asked(emulator)
    assert "exactly 5 scenes" in text
    assert "More gulls." in text
    assert config["responseSchema"]["properties"]["scenes"]["min_items"] == 5
    assert "temperature" not in config
    await provider.storyboards.write(storyboard(scene_count=None, max_scenes=7))
    scenes = asked(emulator)[1]["responseSchema"]["properties"]["scenes"]
    assert (scenes["min_items"], scenes["max_items"]) == (1, 7)


async def test_the_instruction_is_worth_a_cinematographer(make: MakeProvider, emulator: Emulator) -> None:
    await make("key").storyboards.write(storyboard())
    instruction = emulator.calls("text")[0].body["systemInstruction"]["parts"][0]["text"].lower()
    for word in ("lens", "wardrobe", "light", "natural next moment", "single continuous shot", "never put text"):
        assert word in instruction


async def test_references_are_named_with_their_tags(make: MakeProvider, emulator: Emulator, tmp_path: Path) -> None:
    references = [Reference("Ada", "character", tmp_path / "a.png", "0"), Reference("Pier", "place", tmp_path, "1")]
    answer = await make("key").storyboards.write(storyboard(references=references))
    assert "- Ada (character)\n- Pier (place)" in asked(emulator)[0]
    assert json.loads(answer.raw)["scenes"][0]["references"][0] == "Ada"


async def test_later_tries_say_what_was_wrong_and_vary(make: MakeProvider, emulator: Emulator) -> None:
    provider = make("key")
    await provider.storyboards.write(storyboard())
    await provider.storyboards.write(storyboard(attempt=2, complaint="Scenes 1 and 2 are the same."))
    await provider.storyboards.write(storyboard(attempt=2, complaint="Too short.", model="gemini-4-argon"))
    first, second, third = (asked(emulator, number) for number in range(3))
    assert "Scenes 1 and 2 are the same." in second[0]
    assert "temperature" not in first[1]
    assert second[1]["temperature"] == 0.7
    assert "temperature" not in third[1]
    assert second[1]["seed"] != first[1]["seed"]


@pytest.mark.parametrize(
    ("fault", "kind", "says"),
    [
        ("thoughts", BadAnswerError, "thought, but wrote no answer"),
        ("cut", BadAnswerError, "cut off"),
        ("nothing", BadAnswerError, "answered with nothing"),
        ("none", BadAnswerError, "answered with nothing"),
        ("block", FilteredError, "not allowed"),
        ("safety", FilteredError, "unsafe"),
    ],
)
async def test_every_kind_of_useless_answer_has_its_sentence(
    make: MakeProvider, emulator: Emulator, fault: str, kind: type[Exception], says: str
) -> None:
    emulator.script(f"text:1:{fault}")
    with pytest.raises(kind, match=says) as caught:
        await make("key").storyboards.write(storyboard())
    assert emulator.accepted("text") == 1
    if fault == "cut":
        assert isinstance(caught.value, BadAnswerError)
        assert caught.value.raw.startswith('{"style_guide"')
        assert caught.value.usage is not None
        assert caught.value.usage.output_tokens == 1500


async def test_prose_is_given_to_the_pipeline_as_it_came(make: MakeProvider, emulator: Emulator) -> None:
    emulator.script("text:1:prose")
    assert (await make("key").storyboards.write(storyboard())).raw == "Sure! Here is your storyboard."


async def test_a_model_that_rejects_a_temperature_is_asked_without_one_next(
    make: MakeProvider, emulator: Emulator
) -> None:
    provider = make("key")
    emulator.script("text:1:no_temperature")
    with pytest.raises(RetryLaterError):
        await provider.storyboards.write(storyboard(attempt=2, complaint="Too short."))
    await provider.storyboards.write(storyboard(attempt=2, complaint="Too short."))
    assert "temperature" in asked(emulator, 0)[1]
    assert "temperature" not in asked(emulator, 1)[1]


async def test_a_prompt_is_softened_by_the_text_model(make: MakeProvider, emulator: Emulator) -> None:
    provider = make("express")
    answer = await provider.softener.soften(SoftenRequest("A fight in the harbour.", "violence", "gemini-3.8-flash"))
    assert answer.prompt == "A calm harbour; nobody is hurt."
    text = emulator.calls("text")[0].body["contents"][0]["parts"][0]["text"]
    assert "violence" in text
    assert "A fight in the harbour." in text
