"""Commands as processes: streams, encodings, terminals, help and what is masked."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import FOX, Command
from tests.cli.processes import PROGRAM
from vidpipe_tui import __version__


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


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_shown_and_installed_for_the_shell_that_is_named(
    process: Command, home: Path, shell: str
) -> None:
    shown = process("--show-completion", shell)
    assert shown.status == 0, shown.err
    assert f"complete_{shell}" in shown.out
    installed = process("--install-completion", shell, "--json", HOME=str(home))
    assert installed.status == 0, installed.err
    assert Path(installed.json["path"]).is_relative_to(home)
    assert Path(installed.json["path"]).read_text().strip() == shown.out.strip()


def test_a_shell_without_completion_is_refused(process: Command) -> None:
    ended = process("--install-completion", "tcsh", "--json")
    assert ended.status == 2
    assert "tcsh" in ended.error


BASH = """
source <({program} --show-completion bash)
COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_vidpipe_completion {program}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


@pytest.mark.parametrize(
    ("words", "offered"),
    [("vidpipe gen", "generate"), ("vidpipe generate --cr", "--crossfade"), ("vidpipe regenerate 1 --what ''", "clip")],
)
def test_the_script_completes_in_a_real_shell(ready: Path, words: str, offered: str) -> None:
    program = Path(sys.executable).with_name("vidpipe")
    text = BASH.format(program=program, words=words)
    ended = subprocess.run(["bash", "-c", text], capture_output=True, text=True, check=False)
    assert offered in ended.stdout.split(), ended.stderr


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


@pytest.mark.parametrize("arguments", [["list", "--json"], ["config"], ["--help"], ["--version"]], ids=" ".join)
def test_a_full_stream_is_a_sentence(ready: Path, arguments: list[str]) -> None:
    buffered = {**os.environ, "PYTHONUNBUFFERED": ""}  # what a stream still holds would be written once more at the end
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [*PROGRAM, *arguments], stdout=full, stderr=subprocess.PIPE, text=True, check=False, env=buffered
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith("vidpipe: ")
    assert len(ended.stderr.splitlines()) == 2, ended.stderr


def test_the_doctor_finds_a_newer_database(vidpipe: Command, ready: Path) -> None:
    with closing(sqlite3.connect(ready)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    ended = vidpipe("doctor", "--json")
    (database,) = (check for check in ended.json["checks"] if check["name"] == "database")
    assert (ended.status, database["ok"]) == (1, False)
    assert "newer vidpipe" in database["detail"]
    assert database["hint"]


def test_the_doctor_needs_no_standard_input(ready: Path) -> None:
    command = f"exec '{sys.executable}' -m vidpipe_tui doctor --json 0<&-"
    ended = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert {"terminal", "database"} <= {check["name"] for check in json.loads(ended.stdout)["checks"]}, ended.stderr


@pytest.mark.parametrize("variables", [{"LANG": "C", "LC_ALL": "C"}, {"PYTHONIOENCODING": "ascii"}])
def test_every_language_works_in_a_terminal_of_another(process: Command, variables: dict[str, str]) -> None:
    title = "狐 läuft 🦊"
    made = process("generate", FOX, "--title", title, "--review", "storyboard", "--json", **variables)
    assert made.status == 3, made.err
    assert made.json["title"] == title
    assert process("list", **variables).status == 0
    assert process("status", made.json["id"], **variables).status == 0
