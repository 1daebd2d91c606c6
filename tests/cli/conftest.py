"""Runs commands, in this process for speed or in one of their own where streams and signals matter."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vidpipe_tui.cli.main import run
from vidpipe_tui.config import reset

FOX = "A fox runs through the snow."
THREE = "A fox runs through the snow. It reaches a frozen lake. The fox sleeps under the stars."


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit status and what it printed."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout; fails where there is none, or something beside it."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The message of the error document."""
        document = self.json
        assert set(document) == {"error"}, document
        assert set(document["error"]) == {"message", "hint"}
        return str(document["error"]["message"])


Command = Callable[..., Ended]


@pytest.fixture
def vidpipe(monkeypatch: pytest.MonkeyPatch, ready: Path) -> Command:
    """Runs a command in this process; `stdin` are bytes, upper-case keywords are environment variables."""

    def call(*arguments: object, stdin: bytes | None = b"", **variables: str) -> Ended:
        out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
        with monkeypatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            for name, value in variables.items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", None if stdin is None else io.TextIOWrapper(io.BytesIO(stdin)))
            reset()
            status = run([str(argument) for argument in arguments])
        reset()
        return Ended(status, *(stream.buffer.getvalue().decode() for stream in (out, err)))  # type: ignore[attr-defined]

    return call


@pytest.fixture
def process() -> Command:
    """Runs a command in a process of its own, without a terminal."""

    def call(*arguments: object, stdin: bytes = b"", **variables: str) -> Ended:
        ended = subprocess.run(
            [sys.executable, "-m", "vidpipe_tui", *(str(argument) for argument in arguments)],
            input=stdin,
            capture_output=True,
            timeout=60,
            check=False,
            env={**os.environ, **variables},
        )
        return Ended(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    return call


@pytest.fixture(scope="session")
def filmed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one complete film of three scenes, and the log of its calls beside it."""
    folder = tmp_path_factory.mktemp("film")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("VIDPIPE_", "XDG_"))}
    here = {"HOME": str(folder), "XDG_DATA_HOME": str(folder / "data"), "VIDPIPE_LOCAL__HEIGHT": "90"}
    subprocess.run(
        [sys.executable, "-m", "vidpipe_tui", "generate", THREE, "--clip-duration", "1", "--seed", "7", "--json"],
        env={**clean, **here, "VIDPIPE_LOCAL__CALL_LOG": str(folder / "data" / "calls.jsonl")},
        cwd=folder,
        check=True,
        capture_output=True,
        timeout=120,
    )
    return folder / "data"


@pytest.fixture
def film(filmed_once: Path, home: Path, vidpipe: Command, monkeypatch: pytest.MonkeyPatch) -> str:
    """The id of a complete film of three scenes, copied for this test; its calls are logged on."""
    shutil.rmtree(home / "data")
    shutil.copytree(filmed_once, home / "data")
    monkeypatch.setenv("VIDPIPE_LOCAL__CALL_LOG", str(home / "data" / "calls.jsonl"))
    return str(vidpipe("list", "--json").json["projects"][0]["id"])


def calls(log: Path = Path("data/calls.jsonl")) -> list[dict[str, Any]]:
    """The accepted calls that `local.call_log` holds."""
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
