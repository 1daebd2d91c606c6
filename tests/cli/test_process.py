"""Commands as processes: streams, signals, encodings, terminals, and a database that does not answer."""

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
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.cli.conftest import FOX, Command, calls
from vidpipe_tui import __version__

PROGRAM = [sys.executable, "-m", "vidpipe_tui"]
DATABASE = Path("data/vidpipe/vidpipe.db")


def until(condition: Callable[[], object], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.02)


@contextmanager
def started(*arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """A command under way, with pipes; killed at the end if it still runs."""
    process = subprocess.Popen(
        [*PROGRAM, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **variables},
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def held(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    return connection


def test_the_version_needs_nothing() -> None:
    source = (
        "import sys\nsys.argv = ['vidpipe', '--version']\nfrom vidpipe_tui.__main__ import main\nmain()\n"
        "heavy = {'textual', 'sqlalchemy', 'pydantic', 'pydantic_settings', 'typer', 'rich', 'av', 'PIL', 'numpy',"
        " 'google', 'asyncio', 'alembic', 'aiosqlite', 'platformdirs', 'importlib.metadata'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", source],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "VIDPIPE_PIPELINE__MAX_SCENES": "many", "VIDPIPE_BOGUS": "1"},
    )
    assert run.stdout.splitlines() == [f"vidpipe {__version__}", "[]"]


@pytest.mark.parametrize("arguments", [["--version"], ["--debug", "--version"], ["--version", "--debug"]])
def test_the_version_is_printed_wherever_debug_stands(process: Command, arguments: list[str]) -> None:
    assert process(*arguments).out == f"vidpipe {__version__}\n"


def test_a_film_is_made_without_a_terminal(process: Command, tmp_path: Path) -> None:
    folder = tmp_path / 'it\'s a "data" folder'
    ended = process(
        "generate", FOX, "--scenes", 1, "--json",
        VIDPIPE_STORAGE__TMP_DIR=str(folder / "films %41"),
        VIDPIPE_STORAGE__DATABASE_URL=f"sqlite+aiosqlite:///{folder}/my base.db",
    )  # fmt: skip
    assert ended.status == 0, ended.err
    assert Path(ended.json["output_path"]).is_file()
    assert Path(ended.json["output_path"]).is_relative_to(folder / "films %41")
    assert (folder / "my base.db").is_file()
    lines = ended.err.splitlines()
    assert lines[0] == f"Project {ended.json['id']}"
    assert all(line[2] == line[5] == ":" for line in lines[1:])
    assert "\x1b" not in ended.err


def test_without_a_terminal_the_studio_says_what_to_use(process: Command) -> None:
    ended = process()
    assert ended.status == 2
    assert ended.out == ""
    assert "vidpipe generate" in ended.err


@pytest.mark.parametrize("where", ["before", "after"])
def test_debug_shows_more_and_no_secret(process: Command, where: str) -> None:
    command = ["--debug", "status", "ffff"] if where == "before" else ["status", "ffff", "--debug"]
    ended = process(*command, GEMINI_API_KEY="sesame-open")
    assert ended.status == 2
    assert "Traceback" in ended.err
    assert "sesame" not in ended.err


def test_a_variable_turns_debugging_on(vidpipe: Command) -> None:
    assert "Traceback" in vidpipe("status", "ffff", VIDPIPE_DEBUG="1").err
    assert "Traceback" not in vidpipe("status", "ffff").err


def test_the_configuration_masks_secrets(vidpipe: Command, home: Path) -> None:
    Path(".env").write_text("GEMINI_API_KEY=sesame-open\nVIDPIPE_STORAGE__DATABASE_URL=sqlite:////tmp/evil.db\n")
    plain = vidpipe("config")
    assert plain.status == 0
    assert "sesame" not in plain.out + plain.err
    assert "********" in plain.out
    assert "VIDPIPE_STORAGE__DATABASE_URL in .env is ignored" in plain.err
    settings = vidpipe("config", "--json").json["settings"]
    assert settings["google.api_key"]["value"] == "********"
    assert settings["google.api_key"]["source"] == ".env"
    assert settings["local.height"] | {"description": ""} == {"value": 90, "source": "environment", "description": ""}
    assert str(home) in settings["storage.database_url"]["value"]


def test_a_secret_in_a_message_is_masked(vidpipe: Command) -> None:
    ended = vidpipe("status", "sesame-open", "--json", GEMINI_API_KEY="sesame-open")
    assert ended.status == 2
    assert "sesame" not in ended.out + ended.err


def test_the_doctor_checks_everything_with_remedies(vidpipe: Command, ready: Path) -> None:
    healthy = vidpipe("doctor", "--json")
    checks = {check["name"]: check for check in healthy.json["checks"]}
    assert all(set(check) == {"name", "ok", "detail", "hint"} for check in checks.values())
    assert {"storage folder", "free disk", "database", "terminal"} <= set(checks)
    assert healthy.status == (1 if any(check["ok"] is False for check in checks.values()) else 0)
    ready.write_bytes(b"I am a letter to my aunt." * 100)
    ill = vidpipe("doctor", "--json")
    assert ill.status == 1
    (database,) = (check for check in ill.json["checks"] if check["name"] == "database")
    assert database["ok"] is False
    assert database["hint"]
    assert vidpipe("doctor").status == 1


COMMANDS = ["generate", "estimate", "resume", "status", "list", "approve", "regenerate", "stitch", "stop", "work"]
COMMANDS += ["doubt", "ledger", "verify", "delete", "backup", "restore", "doctor", "config"]


def test_help_names_every_command_and_fits_80_columns(vidpipe: Command) -> None:
    overview = vidpipe("--help", COLUMNS="80")
    assert overview.status == 0
    for command in COMMANDS:
        assert f"  {command} " in overview.out
        text = vidpipe(command, "--help", COLUMNS="80")
        assert text.status == 0
        assert "--json" in text.out
        assert max(map(len, text.out.splitlines())) <= 80
    assert max(map(len, overview.out.splitlines())) <= 80
    assert "\x1b" not in overview.out


def test_completion_can_be_shown(process: Command) -> None:
    ended = process("--show-completion", "bash")
    assert ended.status == 0, ended.err
    assert "complete" in ended.out


@pytest.mark.parametrize("stream", ["stdout", "stderr", "stdin"])
def test_a_stream_that_was_closed_before_is_no_fault(stream: str, ready: Path) -> None:
    number = {"stdin": "0<&-", "stdout": "1>&-", "stderr": "2>&-"}[stream]
    wishes = "--review storyboard --scenes 1 --json"
    command = f"generate - {wishes}" if stream == "stdin" else f"generate fox {wishes}"
    ended = subprocess.run(
        ["sh", "-c", f"exec '{sys.executable}' -m vidpipe_tui {command} {number}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == (2 if stream == "stdin" else 3), ended.stderr
    assert "Traceback" not in ended.stderr
    if stream != "stdout":
        json.loads(ended.stdout)


def test_a_reader_that_goes_away_ends_quietly(ready: Path) -> None:
    ended = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m vidpipe_tui config --json | true"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stderr == ""


def test_a_film_is_finished_though_nobody_reads_its_progress(ready: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [*PROGRAM, "generate", FOX, "--scenes", "1", "--json"],
        stdout=subprocess.PIPE,
        stderr=writing,
        text=True,
        check=False,
    )
    os.close(writing)
    assert ended.returncode == 0
    assert json.loads(ended.stdout)["status"] == "complete"


def test_a_full_stream_is_a_sentence(ready: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*PROGRAM, "list", "--json"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert ended.stderr.startswith("vidpipe: ")


@pytest.mark.parametrize("variables", [{"LANG": "C", "LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}])
def test_every_language_works_in_a_terminal_of_another(process: Command, variables: dict[str, str]) -> None:
    title = "狐 läuft 🦊"
    made = process("generate", FOX, "--title", title, "--review", "storyboard", "--json", **variables)
    assert made.status == 3, made.err
    assert made.json["title"] == title
    assert process("list", **variables).status == 0
    assert process("status", made.json["id"], **variables).status == 0


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
