"""What the shell is made of, without a screen: words, keys, the first page, the clipboard, what is remembered."""

from __future__ import annotations

import asyncio
import base64
import dataclasses
import shutil
import sqlite3
import stat
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.benchmarks.films_database import make
from tests.studio.films import project
from vidpipe_tui.clipboard import copy, local_tool, osc52
from vidpipe_tui.domain.statuses import ProjectStatus
from vidpipe_tui.keys.__main__ import table
from vidpipe_tui.keys.binding import checked_keymap
from vidpipe_tui.keys.registry import BY_ID, COMMANDS, SCOPES, clashes
from vidpipe_tui.remembered import recall, remember
from vidpipe_tui.screens.new_project_fields import read_form
from vidpipe_tui.screens.project_pages import Query
from vidpipe_tui.screens.projects import ProjectsScreen
from vidpipe_tui.services.first_page import first_page
from vidpipe_tui.widgets.project_rows import GroupLine, ProjectRows
from vidpipe_tui.widgets.states import LOOKS, PROJECT_LOOKS
from vidpipe_tui.widgets.words import bar, fit, money, one_line


@given(st.text(max_size=60), st.integers(min_value=1, max_value=40), st.booleans())
def test_any_text_takes_exactly_its_column(text: str, width: int, right: bool) -> None:
    assert cell_len(fit(one_line(text), width, right=right)) == width


@given(st.text(max_size=200))
def test_one_line_holds_nothing_a_terminal_obeys(text: str) -> None:
    assert one_line(text).isprintable() or not one_line(text)


@given(st.floats(min_value=-1, max_value=2), st.integers(min_value=1, max_value=30), st.booleans())
def test_a_bar_is_as_wide_as_it_should_be(part: float, width: int, plain: bool) -> None:
    filled, empty = bar(part, width, plain=plain)
    assert len(filled) + len(empty) == width


def test_money_is_never_nothing_when_it_is_something() -> None:
    assert [money(value) for value in (None, 0, 0.001, 3.2, 1234.5)] == ["-", "$0.00", "<$0.01", "$3.20", "$1,234.50"]


def test_every_key_has_one_meaning_in_its_scope_and_every_command_its_words() -> None:
    assert not clashes()
    assert len(BY_ID) == len(COMMANDS)
    for command in COMMANDS:
        assert command.id.isidentifier()
        assert command.help.endswith(".")
        assert set(command.scopes) <= set(SCOPES)
        assert command.title in table()


def test_the_list_answers_every_command_of_its_scope() -> None:
    missing = [
        command.id
        for command in COMMANDS
        if "list" in command.scopes and command.id != "redo" and not hasattr(ProjectsScreen, f"action_{command.id}")
    ]
    assert not missing


def test_every_status_has_a_look_and_looks_differ_in_glyph_and_ascii() -> None:
    assert set(PROJECT_LOOKS) == set(ProjectStatus)
    for kind in ("glyph", "ascii", "word", "name"):
        assert len({getattr(look, kind) for look in LOOKS}) == len(LOOKS)


def test_own_keys_are_checked() -> None:
    good, complaints = checked_keymap({"new": "N", "copy": "?!", "zap": "z", "delete": "r", "help": "?"})
    assert good == {"new": "N", "help": "question_mark"}
    assert len(complaints) == 3


def test_osc52_carries_the_text() -> None:
    assert base64.b64decode(osc52("a\nb").split(";")[2][:-1]) == b"a\nb"


async def test_copying_says_the_way_it_went(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "wl-copy"
    tool.write_text(f"#!/bin/sh\ncat > {tmp_path}/clipboard\n")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT", "TMUX", "DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    sent: list[str] = []
    assert "wl-copy" in await copy("päth", sent.append)
    assert (tmp_path / "clipboard").read_text("utf-8") == "päth"
    assert not sent
    monkeypatch.setenv("SSH_TTY", "/dev/pts/1")
    assert local_tool() is None
    assert "OSC 52" in await copy("far", sent.append)
    assert sent == [osc52("far")]
    assert "Not copied" in await copy("x" * 100_000, sent.append)
    monkeypatch.setenv("TMUX", "/tmp/tmux,1,0")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "Sent to tmux" in await copy("far", sent.append)
    assert sent[1] == osc52("far")


@pytest.mark.skipif(not shutil.which("tmux"), reason="there is no tmux here")
async def test_copying_fills_the_buffer_of_a_real_tmux(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    tmux = ["tmux", "-S", str(tmp_path / "tmux"), "-f", "/dev/null"]
    subprocess.run([*tmux, "new-session", "-d", "cat"], check=True)
    try:
        monkeypatch.setenv("TMUX", f"{tmp_path / 'tmux'},1,0")
        sent: list[str] = []
        assert "Copied to tmux" in await copy("päth", sent.append)
        assert subprocess.run([*tmux, "show-buffer"], check=True, capture_output=True).stdout.decode() == "päth"
        assert not sent
    finally:
        subprocess.run([*tmux, "kill-server"], check=False)


def test_remembering_survives_rubbish(home: Path) -> None:
    remember(project="a", theme="b")
    remember(theme="c")
    assert recall() == {"project": "a", "theme": "c"}
    (home / "state" / "vidpipe" / "studio.json").write_text("[1,")
    assert recall() == {}
    remember(project="d")
    assert recall() == {"project": "d"}


def test_the_first_page_shows_what_the_service_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in make(tmp_path / "films", 130).items():
        monkeypatch.setenv(name, value)
    page = first_page(50)
    assert page is not None
    assert (len(page.rows), page.total) == (50, 130)

    async def through_the_service() -> object:
        from vidpipe_tui.services.studio import Studio

        async with Studio.open() as studio:
            return await studio.list_projects(limit=50)

    same = asyncio.run(through_the_service())
    assert same == page
    following = first_page(50, 50)
    assert following is not None
    assert not {row.id for row in page.rows} & {row.id for row in following.rows}


def test_the_first_page_never_complains(tmp_path: Path) -> None:
    assert first_page(database=tmp_path / "none.db") is None
    (tmp_path / "rubbish.db").write_bytes(b"no database at all" * 100)
    assert first_page(database=tmp_path / "rubbish.db") is None
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE notes (id)")
    assert first_page(database=tmp_path / "other.db") is None
    make(tmp_path / "films", 3)
    database = tmp_path / "films" / "vidpipe.db"
    assert first_page(database=database) is not None
    with sqlite3.connect(database) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    assert first_page(database=database) is None


def test_a_locked_database_is_not_waited_for(tmp_path: Path) -> None:
    make(tmp_path / "films", 3)
    database = tmp_path / "films" / "vidpipe.db"
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("PRAGMA journal_mode=DELETE")
    holder.execute("BEGIN EXCLUSIVE")
    assert first_page(database=database) is None
    holder.close()


def test_rows_find_their_lines_with_and_without_groups() -> None:
    from tests.studio.films import row

    films = [row(project(number)) for number in range(6)]
    rows = ProjectRows((ProjectStatus.COMPLETE, ProjectStatus.FAILED), grouped=True)
    rows.lay_out([3, 2])
    assert rows.height == 7
    rows.put(rows.sections[0], 0, films[:3])
    assert list(rows.missing(0, 6)) == [(rows.sections[1], 0)]
    rows.put(rows.sections[1], 0, films[3:5])
    assert isinstance(rows.at(0), GroupLine)
    assert isinstance(rows.at(4), GroupLine)
    assert rows.at(5) == films[3]
    assert rows.line_of(films[4].id) == 6
    changed = dataclasses.replace(films[4], spent=9.0)
    assert rows.replace(changed) == 6
    assert rows.at(6) == changed
    assert rows.replace(films[5]) is None
    assert rows.at(7) is None
    assert rows.at(-1) is None


def test_words_of_the_filter_that_name_a_state_say_so() -> None:
    reviews = {ProjectStatus.STORYBOARD_REVIEW, ProjectStatus.KEYFRAME_REVIEW}
    assert [word.states for word in Query("Rain failed").words()] == [set(), {ProjectStatus.FAILED}]
    assert [word.states for word in Query("your turn").words()] == [reviews, reviews]
    assert [word.states for word in Query("fil fi").words()] == [{ProjectStatus.GENERATING_VIDEO}, set()]
    assert [word.undriven for word in Query("interrupted filming").words()] == [True, False]
    assert Query("failed").statuses() == (None,)


def test_the_filter_looks_for_each_word_in_title_prompt_or_state(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in make(tmp_path / "films", 0).items():
        monkeypatch.setenv(name, value)
    films = {
        "Tall film": "complete",
        "A story that stopped": "keyframe_review",
        "Rain": "generating_video",
        "50% done": "stopped",
    }
    with sqlite3.connect(tmp_path / "films" / "vidpipe.db") as connection:
        for number, (title, status) in enumerate(films.items()):
            connection.execute(
                "INSERT INTO projects (id, prompt, style, aspect_ratio, target_clip_duration, status, created_at,"
                " updated_at, title) VALUES (?, 'A river', 'cinematic', '16:9', 4, ?, ?, ?, ?)",
                (f"{number:032x}", status, "2026-11-01 00:00:00", "2026-11-01 00:00:00", title),
            )

    async def found() -> dict[str, set[str]]:
        from vidpipe_tui.services.studio import Studio

        texts = ("tall FILM", "fil", "your turn", "stop", "stopped river", "done", "interrupted", "filming", "%", "sto")
        async with Studio.open() as studio:
            pages = {text: await studio.list_projects(words=Query(text).words()) for text in texts}
        assert all(page.total == len(page.rows) for page in pages.values())
        return {text: {row.title for row in page.rows} for text, page in pages.items()}

    assert asyncio.run(found()) == {
        "tall FILM": {"Tall film"},
        "fil": {"Tall film"},
        "your turn": {"A story that stopped"},
        "stop": {"A story that stopped", "50% done"},
        "stopped river": {"A story that stopped", "50% done"},
        "done": {"Tall film", "50% done"},
        "interrupted": {"Rain"},
        "filming": set(),
        "%": {"50% done"},
        "sto": {"A story that stopped", "50% done"},
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("clip_seconds", "0"),
        ("clip_seconds", "4.5"),
        ("scenes", "201"),
        ("scenes", "²"),
        ("seed", "4294967296"),
        ("budget", "-1"),
        ("budget", "nan"),
        ("crossfade", "much"),
        ("title", "x" * 201),
        ("reference", "/no/such/picture.png"),
        ("prompt", "x" * 100_001),
        ("prompt", " \n"),
    ],
)
def test_a_wrong_value_of_the_form_is_a_sentence(name: str, value: str) -> None:
    made, wrong = read_form({"prompt": "A fox.", name: value})
    assert made is None
    assert list(wrong) == [name]
    assert wrong[name].endswith(".")


def test_the_form_makes_a_request() -> None:
    made, wrong = read_form({"prompt": "A fox.", "budget": "$6,50", "seed": "7", "audio": "no", "scenes": " 3 "})
    assert not wrong
    assert made is not None
    assert (made.budget, made.seed, made.audio, made.scenes, made.clip_seconds) == (6.5, 7, False, 3, None)
