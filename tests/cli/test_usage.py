"""Wrong usage: a sentence, status 2, nothing half-created, and with --json exactly one document."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import FOX, Command

UNKNOWN_ID = "0123abcd"
WRONG = [
    ["nosuchcommand"],
    ["generate"],
    ["generate", FOX, "--bogus"],
    ["generate", FOX, "more"],
    ["generate", FOX, "--style", "bogus"],
    ["generate", FOX, "--style", "[red]"],
    ["generate", FOX, "--style", ""],
    ["generate", FOX, "--aspect-ratio", "4:3"],
    ["generate", FOX, "--provider", "nobody"],
    ["generate", FOX, "--provider", "google"],
    ["generate", FOX, "--review", "sometimes"],
    ["generate", FOX, "--scenes", "0"],
    ["generate", FOX, "--scenes", "-1"],
    ["generate", FOX, "--scenes", "16"],
    ["generate", FOX, "--scenes", "many"],
    ["generate", FOX, "--scenes", "1.5"],
    ["generate", FOX, "--clip-duration", "0"],
    ["generate", FOX, "--clip-duration", "16"],
    ["generate", FOX, "--clip-duration", "-4"],
    ["generate", FOX, "--clip-duration", "long"],
    ["generate", FOX, "--seed", "-1"],
    ["generate", FOX, "--seed", "4294967296"],
    ["generate", FOX, "--seed", "x"],
    ["generate", FOX, "--budget", "-1"],
    ["generate", FOX, "--budget", "nan"],
    ["generate", FOX, "--budget", "inf"],
    ["generate", FOX, "--budget", "much"],
    ["generate", FOX, "--crossfade", "0.5"],
    ["generate", FOX, "--crossfade", "-1"],
    ["generate", FOX, "--crossfade", "nan"],
    ["generate", FOX, "--title", "x" * 201],
    ["generate", FOX, "--title", "\x1b[2J"],
    ["generate", FOX, "--resolution", "9000p"],
    ["generate", FOX, "--reference", "nowhere.png"],
    ["estimate", FOX, "--scenes", "0"],
    ["estimate"],
    ["resume"],
    ["resume", UNKNOWN_ID],
    ["resume", UNKNOWN_ID, "--budget", "nan"],
    ["status"],
    ["status", UNKNOWN_ID],
    ["status", UNKNOWN_ID, "--follow"],
    ["status", ""],
    ["verify", ""],
    ["ledger", ""],
    ["status", "nothex"],
    ["status", "%"],
    ["approve", UNKNOWN_ID],
    ["regenerate", UNKNOWN_ID, "--scene", "1", "--what", "clip"],
    ["regenerate", UNKNOWN_ID, "--scene", "1"],
    ["regenerate", UNKNOWN_ID, "--scene", "1", "--what", "everything"],
    ["stitch", UNKNOWN_ID],
    ["stop", UNKNOWN_ID],
    ["work", UNKNOWN_ID],
    ["doubt", UNKNOWN_ID, "--scene", "1"],
    ["doubt", UNKNOWN_ID, "--scene", "1", "--resubmit", "--give-up"],
    ["doubt", UNKNOWN_ID, "--scene", "1", "--resubmit"],
    ["ledger", UNKNOWN_ID],
    ["verify", UNKNOWN_ID],
    ["delete", UNKNOWN_ID],
    ["delete", UNKNOWN_ID, "--now", "--undo"],
    ["backup"],
    ["restore", "nowhere.tar"],
    ["list", "--limit", "-1"],
    ["list", "--limit", "x"],
    ["--json"],
]
PROMPTS = ["", " ", "\n\t ", "\x1b[2J", "\u200b\u202e", "\x00", "x" * 100_001]


def rows() -> int:
    path = Path("data/vidpipe/vidpipe.db")
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(*) FROM projects").fetchone()[0])


def nothing_was_made() -> bool:
    projects = Path("data/vidpipe/projects")
    return rows() == 0 and (not projects.exists() or not [path for path in projects.iterdir() if path.name[0] != "."])


@pytest.mark.parametrize("arguments", WRONG, ids=lambda arguments: " ".join(arguments)[:60])
def test_wrong_usage_is_a_sentence_and_status_2(vidpipe: Command, arguments: list[str]) -> None:
    ended = vidpipe(*arguments, *([] if "--json" in arguments else ["--json"]))
    assert ended.status == 2, ended
    assert ended.error
    assert ended.error.endswith((".", "?")) or "\n" in ended.error
    assert "Traceback" not in ended.err
    assert ended.error in ended.err
    assert nothing_was_made()


@pytest.mark.parametrize("arguments", [WRONG[0], WRONG[4], ["status", UNKNOWN_ID], ["-x"], []], ids=" ".join)
def test_without_json_the_sentence_is_on_stderr_alone(vidpipe: Command, arguments: list[str]) -> None:
    ended = vidpipe(*arguments)
    assert ended.status == 2
    assert ended.out == ""
    assert ended.err.startswith(("vidpipe: ", "Usage: "))


@pytest.mark.parametrize("prompt", PROMPTS, ids=["empty", "blank", "blanks", "control", "invisible", "nul", "long"])
@pytest.mark.parametrize("piped", [False, True])
def test_a_prompt_that_says_nothing_or_too_much_is_refused(vidpipe: Command, prompt: str, piped: bool) -> None:
    ended = vidpipe("generate", *(["-"] if piped else [prompt]), "--json", stdin=prompt.encode())
    assert ended.status == 2
    assert "prompt" in ended.error
    assert nothing_was_made()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff", "no UTF-8 text"),
        ("ein Fuchs".encode("utf-16"), "no UTF-8 text"),
        ("狐".encode() * 500_000, "at most 100,000"),
        ("🦊".encode() * 500_000, "at most 100,000"),
        (b"fox " * 1_000_000, "at most 100,000"),
        (b"fox \xe7", "no UTF-8 text"),
        (None, "closed"),
    ],
    ids=["empty", "bom", "bom-blank", "binary", "utf-16", "cjk", "emoji", "huge", "cut", "closed"],
)
def test_standard_input_that_is_no_prompt_is_refused(vidpipe: Command, data: bytes | None, said: str) -> None:
    ended = vidpipe("generate", "-", "--json", stdin=data)
    assert ended.status == 2
    assert said in ended.error
    assert nothing_was_made()


def test_a_prefix_that_fits_two_is_refused_and_a_longer_one_is_not(vidpipe: Command) -> None:
    assert vidpipe("list").status == 0
    with closing(sqlite3.connect("data/vidpipe/vidpipe.db")) as connection:
        for number in (1, 2):
            connection.execute(
                "INSERT INTO projects (id, prompt, style, aspect_ratio, target_clip_duration, status)"
                f" VALUES ('abcd000{number}{'0' * 24}', 'A cat.', 'noir', '16:9', 4, 'pending')"
            )
        connection.commit()
    ended = vidpipe("status", "abcd", "--json")
    assert ended.status == 2
    assert "2 projects" in ended.error
    assert vidpipe("status", "ABCD-0001", "--json").json["id"] == "abcd0001-0000-0000-0000-000000000000"
    assert vidpipe("status", "abcd0002", "--json").status == 0


def test_an_error_of_the_settings_is_a_document_too(vidpipe: Command) -> None:
    ended = vidpipe("list", "--json", VIDPIPE_PIPELINE__MAX_SCENES="many")
    assert ended.status == 2
    assert "pipeline.max_scenes" in ended.error


def test_json_that_is_a_prompt_is_a_prompt(vidpipe: Command) -> None:
    ended = vidpipe("generate", "--", "--json", "two")
    assert ended.status == 2
    assert ended.out == ""
    with pytest.raises(json.JSONDecodeError):
        _ = ended.json
