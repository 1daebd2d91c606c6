"""What is typed is stored as it is, without control characters, and what is taken out is said."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Command

TAKEN_OUT = "Control characters were taken out of the prompt."


@pytest.fixture
def board(vidpipe: Command) -> Command:
    """Makes projects that stop at their storyboard, with the prompt on standard input."""

    def make(prompt: str, *arguments: str) -> object:
        piped = prompt.encode("utf-8", "surrogatepass")
        return vidpipe("generate", "-", "--review", "storyboard", *arguments, "--json", stdin=piped)

    return make  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("A \x1b[2Jfox\x1b[31m runs.\x07", "A fox runs."),
        ("\x1b]0;evil title\x07A fox.", "A fox."),
        ("A\x00 fox\x9b runs\x7f.", "A fox runs."),
        ("A \u202exof\u202c and a \u2066bear\u2069.", "A xof and a bear."),
        ("\x0cA fox.", "A fox."),
    ],
    ids=["ansi", "title", "nul", "bidi", "formfeed"],
)
def test_control_characters_are_taken_out_and_that_is_said(board: Command, typed: str, stored: str) -> None:
    ended = board(typed)
    assert ended.status == 3, ended.err
    assert ended.json["prompt"] == stored
    assert TAKEN_OUT in ended.err
    assert "\x1b" not in ended.out + ended.err


@pytest.mark.parametrize(
    "prompt",
    [
        "A [red]fox[/red] runs. [link=x]It[/] sleeps. [bold",
        "A fox 🦊 meets 👩‍🚀 under 🏳️‍🌈.",
        "雪の中を狐が走る。狐は湖に着く。",
        "ثعلب يركض في الثلج. الثعلب ينام.",
        "Ein Fuchs läuft. \\[ {braces} %s $HOME `ls` 'quoted' \"twice\"",
        "1. A fox.\n\t2. A lake.\n3. The end.",
    ],
    ids=["markup", "emoji", "japanese", "arabic", "quotes", "beats"],
)
def test_markup_emoji_and_every_script_stay_as_they_are(board: Command, vidpipe: Command, prompt: str) -> None:
    ended = board(prompt)
    assert ended.status == 3, ended.err
    assert ended.json["prompt"] == prompt
    assert TAKEN_OUT not in ended.err
    assert vidpipe("list").out.count("\n") == 2
    assert vidpipe("status", ended.json["id"]).status == 0


def test_line_ends_of_other_systems_and_a_mark_at_the_beginning_are_no_control_characters(board: Command) -> None:
    ended = board("\ufeffA fox.\r\nA lake.\rThe end.\n")
    assert ended.json["prompt"] == "A fox.\nA lake.\nThe end."
    assert TAKEN_OUT not in ended.err


def test_the_longest_prompt_is_taken(board: Command) -> None:
    ended = board("A fox. " + "x" * 99_993)
    assert ended.status == 3, ended.err
    assert len(ended.json["prompt"]) == 100_000


def test_a_title_is_one_clean_line(board: Command) -> None:
    ended = board("A fox.", "--title", " My\n[b]film\x1b[2J\u202e 🦊 ")
    assert ended.json["title"] == "My [b]film 🦊"
    assert "title" in ended.err


@pytest.mark.parametrize(("prompt", "scenes"), [("A fox.", 3), ("A fox runs. It sleeps.", 2), ("1. A\n2. B\n3. C", 3)])
def test_a_film_has_as_many_scenes_as_its_prompt_asks_for(board: Command, prompt: str, scenes: int) -> None:
    assert len(board(prompt).json["scenes"]) == scenes


def test_wishes_are_kept_with_the_project(board: Command) -> None:
    wishes = {"style": "noir", "aspect_ratio": "9:16", "target_clip_duration": 2, "seed": 7, "crossfade_seconds": 0.5}
    made = board(
        "A fox.", "--style", "Noir", "--aspect-ratio", "9:16", "--clip-duration", "2", "--seed", "7",
        "--crossfade", "0.5", "--budget", "3", "--scenes", "1",
    ).json  # fmt: skip
    assert {key: made[key] for key in wishes} == wishes
    assert made["cost"]["budget"] == 3
    assert len(made["scenes"]) == 1


def test_a_list_with_dashes_is_a_prompt(vidpipe: Command) -> None:
    prompt = "- A fox runs.\n- A hen flies."
    ended = vidpipe("generate", prompt, "--review", "storyboard", "--json")
    assert ended.status == 3, ended.err
    assert ended.json["prompt"] == prompt
    assert len(ended.json["scenes"]) == 2
