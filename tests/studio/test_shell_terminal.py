"""The studio in a real pseudo terminal: start, signals, hang-up, quit. Slow, so few."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import vidpipe_tui
from tests.studio.terminal import Terminal

pytestmark = pytest.mark.pty
STUDIO = [sys.executable, "-m", "vidpipe_tui"]
SLOW = {"VIDPIPE_LOCAL__CLIP_SECONDS": "60", "VIDPIPE_LOCAL__HEIGHT": "90"}


def make_a_film(terminal: Terminal) -> None:
    """Makes a film that takes long, and waits until it is being filmed."""
    terminal.wait_for("Press n")
    terminal.press("n")
    terminal.wait_for("What happens in it")
    terminal.press("A fox runs by a river.")
    terminal.wait_for("Free with the local")
    terminal.press("ctrl+s")
    terminal.wait_for("filming", patience=60)


def statuses(home: Path) -> list[str]:
    database = home / "data" / "vidpipe" / "vidpipe.db"
    with sqlite3.connect(database) as connection:
        return [row[0] for row in connection.execute("SELECT status FROM projects")]


def drivers(home: Path) -> list[str]:
    database = home / "data" / "vidpipe" / "vidpipe.db"
    with sqlite3.connect(database) as connection:
        return [row[0] for row in connection.execute("SELECT owner FROM leases WHERE owner IS NOT NULL")]


def test_first_run_explains_itself_and_quits_with_nothing_left_behind(home: Path) -> None:
    with Terminal(STUDIO) as terminal:
        terminal.wait_for("Press n")
        terminal.press("?")
        terminal.wait_for("Starts a new film")
        terminal.press("escape")
        terminal.wait_for("Starts a new film", gone=True)
        terminal.press("ctrl+q")
        assert terminal.wait_exit()[0] == 0
    assert not (home / "state" / "vidpipe" / "studio.log").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_the_work_and_exits_130_in_time(home: Path, number: signal.Signals) -> None:
    with Terminal(STUDIO, env=SLOW) as terminal:
        make_a_film(terminal)
        terminal.signal(number)
        status, seconds = terminal.wait_exit()
    assert status == 130
    assert seconds < 3.5
    assert statuses(home) == ["stopped"]
    assert not drivers(home)


def test_a_dropped_line_stops_the_work(home: Path) -> None:
    with Terminal(STUDIO, env=SLOW) as terminal:
        make_a_film(terminal)
        terminal.hang_up()
        status, seconds = terminal.wait_exit()
    assert status == 130
    assert seconds < 3.5
    assert statuses(home) == ["stopped"]


def test_quitting_while_work_runs_asks_and_stops(home: Path) -> None:
    with Terminal(STUDIO, env=SLOW) as terminal:
        make_a_film(terminal)
        terminal.press("ctrl+q")
        terminal.wait_for("d detach")
        terminal.press("escape")
        terminal.wait_for("d detach", gone=True)
        terminal.press("ctrl+q")
        terminal.wait_for("s stop and quit")
        terminal.press("s")
        assert terminal.wait_exit()[0] == 0
    assert statuses(home) == ["stopped"]


@pytest.mark.parametrize("term", ["dumb", ""])
def test_a_terminal_that_cannot_place_text_gets_a_sentence(term: str) -> None:
    with Terminal(STUDIO, env={"TERM": term}) as terminal:
        assert terminal.wait_exit()[0] == 2
        assert "vidpipe generate PROMPT" in " ".join(terminal.text.split())


def test_without_a_terminal_there_is_a_sentence() -> None:
    ended = subprocess.run(STUDIO, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    assert ended.returncode == 2
    assert "there is no terminal here" in ended.stderr
    assert not ended.stdout


def test_slow_turns_of_the_loop_are_written_down(home: Path) -> None:
    log = home / "loop.jsonl"
    with Terminal(STUDIO, env={"VIDPIPE_DEBUG_LOOP": str(log)}) as terminal:
        terminal.wait_for("Press n")
        terminal.press("ctrl+q")
        terminal.wait_exit()
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert {"turns", "p50", "p99", "max"} == set(lines[-1]["summary"])
    assert all(line["turn_ms"] > 16 for line in lines[:-1])


def test_the_first_paint_loads_neither_database_nor_models(home: Path) -> None:
    probe = home / "probe.py"
    probe.write_text(
        "import sys, vidpipe_tui.session as s\n"
        "from vidpipe_tui.screens.projects import ProjectsScreen as P\n"
        "before = P._fill\n"
        "async def fill(self):\n"
        "    await before(self)\n"
        "    slow = {'sqlalchemy', 'pydantic', 'PIL', 'av', 'numpy', 'alembic', 'google.genai'} & set(sys.modules)\n"
        "    open('loaded', 'w').write(repr(sorted(slow)))\n"
        "    self.app.exit(0)\n"
        "P._fill = fill\n"
        "sys.exit(s.run_studio())\n"
    )
    checkout = str(Path(vidpipe_tui.__file__).parent.parent)
    with Terminal([sys.executable, str(probe)], env={"PYTHONPATH": checkout}) as terminal:
        assert terminal.wait_exit()[0] == 0
    assert (home / "loaded").read_text() == "[]"
