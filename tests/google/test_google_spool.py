"""Long base64 leaves a JSON answer for a file, wherever the pieces of the answer are cut."""

from __future__ import annotations

import base64
import json
import random
from pathlib import Path

import pytest

from vidpipe_tui.providers.google.spool import LONG, JsonStrainer, Spool, spooled_path

VIDEO = random.Random(1).randbytes(100_001)


def strained(document: bytes, folder: Path, size: int) -> tuple[object, JsonStrainer]:
    strainer = JsonStrainer(Spool(folder))
    for start in range(0, len(document), size):
        strainer.feed(document[start : start + size])
    return json.loads(strainer.finish()), strainer


@pytest.mark.parametrize("size", [1, 7, 4096, 10**9])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("escape", [False, True])
def test_a_long_string_goes_to_a_file_byte_for_byte(tmp_path: Path, size: int, encode: object, escape: bool) -> None:
    data = VIDEO if size > 7 else VIDEO[: LONG + 100]
    text = json.dumps({"a": 'say "x" \\ \u20ac', "video": encode(data).decode(), "n": [1, {"b": None}]})  # type: ignore[operator]
    document = (text.replace("/", "\\/").replace("=", "\\u003d") if escape else text).encode()
    answer, strainer = strained(document, tmp_path, size)
    assert isinstance(answer, dict)
    path = spooled_path(base64.b64decode(answer.pop("video")))
    assert path == strainer.files[0]
    assert path.read_bytes() == data
    assert answer == {"a": 'say "x" \\ \u20ac', "n": [1, {"b": None}]}


@pytest.mark.parametrize("size", [5, 10**9])
def test_long_text_and_short_base64_stay_where_they_are(tmp_path: Path, size: int) -> None:
    document = {"text": "Ein Satz, \u00e4hnlich. " * 5000, "data": base64.b64encode(b"short").decode()}
    for ascii_only in (True, False):
        answer, strainer = strained(json.dumps(document, ensure_ascii=ascii_only).encode(), tmp_path, size)
        assert answer == document
        assert strainer.files == []


def test_several_long_strings_get_files_of_their_own(tmp_path: Path) -> None:
    document = {"parts": [base64.b64encode(bytes([number]) * 90_000).decode() for number in range(3)]}
    answer, strainer = strained(json.dumps(document).encode(), tmp_path, 1000)
    assert isinstance(answer, dict)
    assert [path.read_bytes() for path in strainer.files] == [bytes([number]) * 90_000 for number in range(3)]


def test_an_abandoned_answer_leaves_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "spool"
    spool = Spool(folder)
    strainer = JsonStrainer(spool)
    strainer.feed(b'{"video": "' + base64.b64encode(VIDEO))
    strainer.abandon()
    assert not [path for path in folder.rglob("*") if path.is_file()]
    spool.close()
    assert not folder.exists() or list(folder.iterdir()) == []


def test_folders_of_killed_processes_are_cleared_away(tmp_path: Path) -> None:
    import os

    old, young = tmp_path / "spool-old", tmp_path / "spool-young"
    for folder in (old, young):
        folder.mkdir()
        (folder / "0.part").write_bytes(b"x")
    os.utime(old, (0, 0))
    spool = Spool(tmp_path)
    spool.new_file()
    assert not old.exists()
    assert young.exists()
    spool.close()
