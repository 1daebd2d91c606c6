"""Verify, backup, restore and edit keep the contract of all commands."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Command


def test_verify_finds_what_was_changed(vidpipe: Command, film: str) -> None:
    whole = vidpipe("verify", film, "--json")
    assert whole.status == 0, whole.err
    assert whole.json["ok"] is True
    path = Path(vidpipe("status", film, "--json").json["scenes"][1]["clip"]["path"])
    path.write_bytes(path.read_bytes()[:-10])
    broken = vidpipe("verify", "--json")
    assert broken.status == 1
    assert broken.json["ok"] is False
    assert [finding["path"] for finding in broken.json["findings"]] == [str(path)]
    assert vidpipe("verify").status == 1


def test_a_backup_is_restored_whole(vidpipe: Command, film: str, home: Path) -> None:
    before = vidpipe("status", film, "--json").json
    written = vidpipe("backup", home / "all.tar", "--json")
    assert written.status == 0, written.err
    assert written.json["ok"] is True
    assert vidpipe("backup", home / "all.tar", "--json").status == 2
    refused = vidpipe("restore", home / "all.tar", "--json")
    assert refused.status == 2
    assert "--force" in refused.json["error"]["hint"]
    assert vidpipe("delete", film, "--now", "--yes").status == 0
    restored = vidpipe("restore", home / "all.tar", "--force", "--json")
    assert restored.status == 0, restored.err
    assert restored.json["ok"] is True
    assert vidpipe("status", film, "--json").json == before
    assert vidpipe("verify", "--json").json["ok"] is True


def test_a_bare_database_can_be_backed_up(vidpipe: Command, film: str, home: Path) -> None:
    assert vidpipe("backup", home / "base.db", "--database-only", "--json").status == 0
    with closing(sqlite3.connect(home / "base.db")) as connection:
        assert connection.execute("SELECT count(*) FROM scenes").fetchone() == (3,)
    letter = home / "letter.tar"
    letter.write_text("Dear aunt, ")
    ended = vidpipe("restore", letter, "--force", "--json")
    assert ended.status == 2
    assert vidpipe("status", film, "--json").status == 0


def test_an_edit_makes_stale_what_hangs_on_it(vidpipe: Command, film: str) -> None:
    ended = vidpipe("edit", film, "--scene", 2, "--motion", "A slow [push] in.", "--json")
    assert ended.status == 0, ended.err
    scene = vidpipe("status", film, "--json").json["scenes"][1]
    assert scene["video_motion_prompt"] == "A slow [push] in."
    assert scene["stale"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--scene", "9", "--motion", "x"],
        ["--scene", "0", "--motion", "x"],
        ["--scene", "1", "--motion", " "],
        ["--scene", "1", "--clip-duration", "16"],
        ["--scene", "1", "--clip-duration", "nan"],
        ["--scene", "1", "--cut"],
        ["--scene", "1"],
    ],
    ids=" ".join,
)
def test_a_wrong_edit_changes_nothing(vidpipe: Command, film: str, arguments: list[str]) -> None:
    before = vidpipe("status", film, "--json").json
    ended = vidpipe("edit", film, *arguments, "--json")
    assert ended.status == 2, ended
    assert ended.error
    assert vidpipe("status", film, "--json").json == before
