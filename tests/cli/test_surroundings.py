"""Signals, other processes, a database that does not answer or is not ours, and a disk without room."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import FOX, Command, calls
from tests.cli.processes import PROGRAM, held, started, until

DATABASE = Path("data/vidpipe/vidpipe.db")


def test_a_signal_stops_a_film_that_goes_on_later(process: Command) -> None:
    log = Path.cwd() / "calls.jsonl"
    slow = {"VIDPIPE_LOCAL__CLIP_SECONDS": "60", "VIDPIPE_LOCAL__CALL_LOG": str(log)}
    with started("generate", FOX, "--scenes", "1", "--json", **slow) as running:
        until(lambda: [call for call in calls(log) if call["kind"] == "clip"])
        begun = time.monotonic()
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=10)
        assert time.monotonic() - begun < 4
    assert running.returncode == 130
    project = json.loads(out)
    assert project["status"] == "stopped"
    assert "provider goes on" in err
    with closing(sqlite3.connect(DATABASE)) as connection:
        assert connection.execute("SELECT owner FROM leases").fetchall() == [(None,)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_the_program_is_loaded_ends_it_as_any_other(ready: Path, number: signal.Signals) -> None:
    # The signal comes as soon as the command's modules are imported, before a loop could hear it.
    code = (
        "import os, sys, vidpipe_tui.__main__ as program\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        f"        name == 'vidpipe_tui.cli.main' and os.kill(os.getpid(), {int(number)})\n"
        "sys.meta_path.insert(0, Finder())\n"
        "sys.argv = ['vidpipe', 'list', '--json']\n"
        "program.main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ended.returncode == 130, ended.stderr
    assert json.loads(ended.stdout)["error"]["message"] == "Interrupted."
    assert ended.stderr == ""


def test_a_signal_at_the_very_beginning_shows_the_project_too(process: Command) -> None:
    with started("generate", FOX, "--scenes", "1", "--json") as running:
        assert running.stderr is not None
        while "Project " not in running.stderr.readline():
            assert running.poll() is None
        running.send_signal(signal.SIGTERM)
        out, _ = running.communicate(timeout=10)
    assert running.returncode == 130
    shown = json.loads(out)
    assert shown["status"] == "stopped"
    assert process("status", shown["id"], "--json").json["status"] == "stopped"


def test_a_signal_to_one_who_watches_leaves_the_film_alone(process: Command) -> None:
    log = Path.cwd() / "calls.jsonl"
    slow = {"VIDPIPE_LOCAL__CLIP_SECONDS": "60", "VIDPIPE_LOCAL__CALL_LOG": str(log)}
    with started("generate", FOX, "--scenes", "1", "--json", **slow) as running:
        until(lambda: [call for call in calls(log) if call["kind"] == "clip"])
        (project,) = process("list", "--json").json["projects"]
        with started("resume", project["id"], "--json", **slow) as watching:
            assert watching.stderr is not None
            while "Watching it" not in watching.stderr.readline():
                assert watching.poll() is None
            watching.send_signal(signal.SIGINT)
            out, _ = watching.communicate(timeout=10)
        assert watching.returncode == 130
        shown = json.loads(out)
        assert (shown["id"], shown["driven"]) == (project["id"], True)
        assert running.poll() is None


def test_stop_ends_the_process_that_drives(process: Command) -> None:
    log = Path.cwd() / "calls.jsonl"
    slow = {"VIDPIPE_LOCAL__CLIP_SECONDS": "60", "VIDPIPE_LOCAL__CALL_LOG": str(log)}
    with started("generate", FOX, "--scenes", "1", "--json", **slow) as running:
        until(lambda: [call for call in calls(log) if call["kind"] == "clip"])
        (project,) = process("list", "--json").json["projects"]
        assert project["driven"]
        seen = process("resume", project["id"], "--no-wait", "--json")
        assert seen.status == 0
        assert seen.json["driven"]
        busy = process("delete", project["id"], "--json")
        assert busy.status == 2
        assert "running" in busy.error
        stopped = process("stop", project["id"], "--json")
        assert stopped.json["ok"] is True
        out, _ = running.communicate(timeout=10)
    assert running.returncode == 130
    assert json.loads(out)["status"] == "stopped"


def test_a_locked_database_is_waited_for_and_that_is_said(ready: Path) -> None:
    lock = held(ready)
    with started("generate", FOX, "--review", "storyboard", "--json") as waiting:
        assert waiting.stderr is not None
        assert "held by another process" in waiting.stderr.readline()
        lock.execute("ROLLBACK")
        out, err = waiting.communicate(timeout=20)
    assert waiting.returncode == 3, err
    assert json.loads(out)["status"] == "storyboard_review"


def test_a_signal_ends_a_command_that_waits_for_the_database(ready: Path) -> None:
    lock = held(ready)
    with started("generate", FOX, "--json") as waiting:
        assert waiting.stderr is not None
        assert "held by another process" in waiting.stderr.readline()
        begun = time.monotonic()
        waiting.send_signal(signal.SIGTERM)
        out, _ = waiting.communicate(timeout=20)
        assert time.monotonic() - begun < 4
    assert waiting.returncode == 130
    assert json.loads(out)["error"]["message"] == "Interrupted."
    lock.close()


def test_a_database_that_stays_locked_is_refused(
    vidpipe: Command, ready: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vidpipe_tui.db.doors.LOCK_PATIENCE_SECONDS", 0.2)
    monkeypatch.setattr(sys.modules["vidpipe_tui.db.engine"], "PRAGMAS", ("busy_timeout=50",))
    lock = held(ready)
    ended = vidpipe("generate", FOX, "--json")
    assert ended.status == 2
    assert "held by another process" in ended.error
    lock.execute("ROLLBACK")
    assert vidpipe("list", "--json").json["projects"] == []


@pytest.mark.parametrize("command", [["list"], ["generate", FOX], ["status", "abcd"], ["verify"], ["work"]])
@pytest.mark.parametrize("kind", ["newer", "corrupt", "letter"])
def test_a_database_that_is_not_ours_is_refused_untouched(
    vidpipe: Command, ready: Path, kind: str, command: list[str]
) -> None:
    if kind == "newer":
        with closing(sqlite3.connect(ready)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
    else:
        data = ready.read_bytes()
        ready.write_bytes(b"Dear aunt, " * 1000 if kind == "letter" else data[:6000] + b"\xff" * (len(data) - 6000))
    before = ready.read_bytes()
    ended = vidpipe(*command, "--json")
    assert ended.status == 2
    assert {"newer": "newer", "corrupt": "damaged", "letter": "not a database"}[kind] in ended.error
    assert ready.read_bytes() == before


def test_an_unwritable_folder_is_found_before_anything_begins(vidpipe: Command, ready: Path, home: Path) -> None:
    (home / "file").write_text("")
    ended = vidpipe("generate", FOX, "--json", VIDPIPE_STORAGE__TMP_DIR=str(home / "file" / "x"))
    assert ended.status == 2
    assert str(home / "file") in ended.error
    assert vidpipe("list", "--json").json["projects"] == []
    base = vidpipe("list", "--json", VIDPIPE_STORAGE__DATABASE_URL=f"sqlite+aiosqlite:///{home}/file/x/y.db")
    assert base.status == 2


def test_a_full_disk_stops_the_film_and_loses_nothing(vidpipe: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, "link", full)
        ended = vidpipe("generate", FOX, "--scenes", 1, "--json")
    assert ended.status == 1, ended.err
    project = ended.json
    assert project["status"] == "stopped"
    assert "disk is full" in project["error_message"].lower()
    assert list(Path("data/vidpipe/projects").rglob(".part-*")) == []
    resumed = vidpipe("resume", project["id"], "--json")
    assert resumed.status == 0, resumed.err
    kinds = [call["kind"] for call in vidpipe("ledger", project["id"], "--json").json["calls"]]
    assert sorted(kinds) == ["clip", "image", "image", "storyboard"]


def test_a_database_that_cannot_grow_while_a_film_is_made_is_a_failure(vidpipe: Command, ready: Path) -> None:
    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (ready.stat().st_size, resource.RLIM_INFINITY))

    command = [*PROGRAM, "generate", FOX, "--scenes", "2", "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=no_room)
    assert ended.returncode == 1, ended.stderr
    assert json.loads(ended.stdout)
    assert "Traceback" not in ended.stderr
    (project,) = vidpipe("list", "--json").json["projects"]
    assert vidpipe("resume", project["id"], "--json").status == 0


@pytest.mark.parametrize(
    ("kibibytes", "status", "said"),
    [(16, 2, "cannot be opened"), (48, 1, "cannot be written"), (64, 1, "cannot be written")],
)
def test_a_database_without_room_beside_it_is_not_called_damaged(
    ready: Path, kibibytes: int, status: int, said: str
) -> None:
    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (kibibytes * 1024, resource.RLIM_INFINITY))

    command = [*PROGRAM, "generate", FOX, "--scenes", "1", "--json"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=no_room)
    message = json.loads(ended.stdout)["error"]["message"]
    assert ended.returncode == status, ended.stderr
    assert message.startswith("The database ")
    assert said in message
    assert "SQL:" not in ended.stderr


def test_a_film_that_another_process_took_over_is_watched_to_its_end(ready: Path) -> None:
    log = Path.cwd() / "calls.jsonl"
    slow = {"VIDPIPE_LOCAL__CLIP_SECONDS": "60", "VIDPIPE_LOCAL__CALL_LOG": str(log)}

    def tell(statement: str) -> None:
        with closing(sqlite3.connect(ready, timeout=10)) as connection, connection:
            connection.execute(statement)

    with started("generate", FOX, "--scenes", "1", "--json", **slow) as running:
        until(lambda: [call for call in calls(log) if call["kind"] == "clip"])
        tell(
            "UPDATE leases SET owner = 'other', token = token + 1, host = 'elsewhere', expires_at = '2999-01-01 00:00'"
        )
        assert running.stderr is not None
        while "taken this project over" not in running.stderr.readline():
            assert running.poll() is None
        tell("UPDATE projects SET status = 'failed', error_message = 'It broke there.'")
        tell("UPDATE leases SET owner = NULL")
        out, err = running.communicate(timeout=20)
    assert running.returncode == 1
    assert json.loads(out)["error_message"] == "It broke there."
    assert "It broke there." in err
    assert "Traceback" not in err
