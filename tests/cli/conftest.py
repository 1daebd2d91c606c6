"""Runs commands, in this process for speed or in one of their own where streams and signals matter."""

from __future__ import annotations

import contextlib
import io
import json
import os
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


@pytest.fixture
def film(vidpipe: Command) -> dict[str, Any]:
    """A complete film of one scene."""
    made = vidpipe("generate", FOX, "--scenes", 1, "--seed", 1, "--json")
    assert made.status == 0, made.err
    document: dict[str, Any] = made.json
    return document


def calls(log: Path) -> list[dict[str, Any]]:
    """The accepted calls that `local.call_log` holds."""
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
