"""The command line over the emulated Google: killed, interrupted, and asked for what cannot be."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.google.emulator import KEY, Emulator

Until = Callable[..., Awaitable[None]]
GENERATE = ("generate", "A ferry leaves.", "--provider", "google", "--scenes", "1", "--clip-duration", "4", "--json")


def surroundings(emulator: Emulator, folder: Path, road: str) -> dict[str, str]:
    """The environment of a process on that road."""
    base = "GOOGLE_GEMINI_BASE_URL" if road == "key" else "GOOGLE_VERTEX_BASE_URL"
    own = {
        base: emulator.url,
        "VIDPIPE_STORAGE__TMP_DIR": str(folder / "projects"),
        "VIDPIPE_STORAGE__DATABASE_URL": f"sqlite+aiosqlite:///{folder}/vidpipe.db",
        "VIDPIPE_PIPELINE__VIDEO_POLL_INTERVAL": "0.05",
        "VIDPIPE_PIPELINE__IMAGE_GEN_DELAY": "0",
        "VIDPIPE_PIPELINE__RETRY_BASE_DELAY": "0.05",
    }
    if road == "project":
        own |= {"VIDPIPE_GOOGLE__USE_VERTEX_AI": "true", "VIDPIPE_GOOGLE__PROJECT_ID": "film"}
    else:
        own["GEMINI_API_KEY"] = KEY
    return {**os.environ, **own}


@asynccontextmanager
async def vidpipe(environment: dict[str, str], *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A process of the command line; killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "vidpipe_tui", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def answer(environment: dict[str, str], *arguments: str) -> tuple[int | None, Any, str]:
    """Exit status, the JSON document, and what was said on stderr."""
    async with vidpipe(environment, *arguments) as process:
        out, said = await asyncio.wait_for(process.communicate(), 60)
        return process.returncode, json.loads(out), said.decode()


@pytest.mark.parametrize("road", ["key", "project"])
async def test_a_killed_process_is_gone_on_with_by_name(tmp_path: Path, road: str, patient: Until) -> None:
    with Emulator(clip_seconds=120) as emulator:
        environment = surroundings(emulator, tmp_path, road)
        async with vidpipe(environment, *GENERATE, "--yes") as process:
            await patient(lambda: len(emulator.calls("poll")) >= 2)
            process.kill()
            await process.wait()
        (operation,) = emulator.answers.operations.values()
        operation.ready = 0.0
        status, listed, _said = await answer(environment, "list", "--json")
        project = listed["projects"][0]["id"]
        status, film, said = await answer(environment, "resume", project, "--json")
        assert (status, film["status"]) == (0, "complete"), said
        assert film["scenes"][0]["clip"]["operation_name"] == operation.name
        assert {kind: emulator.accepted(kind) for kind in ("text", "image", "clip")} == {
            "text": 1,
            "image": 2,
            "clip": 1,
        }
        status, ledger, _said = await answer(environment, "ledger", project, "--json")
        assert sorted(call["state"] for call in ledger["calls"]) == ["succeeded"] * 4
        assert KEY not in said


async def test_an_interrupt_in_the_middle_of_a_clip_says_what_goes_on(tmp_path: Path, patient: Until) -> None:
    with Emulator(clip_seconds=120) as emulator:
        environment = surroundings(emulator, tmp_path, "key")
        async with vidpipe(environment, *GENERATE, "--budget", "5") as process:
            await patient(lambda: len(emulator.calls("poll")) >= 2)
            process.send_signal(signal.SIGINT)
            out, said = await asyncio.wait_for(process.communicate(), 10)
        assert process.returncode == 130
        assert json.loads(out)["status"] == "stopped"
        assert "At the provider goes on: scene 1 (v1_" in said.decode()
        assert "Gemini Developer API (API key) at http://127.0.0.1" in said.decode()


WRONG = [
    (("--clip-duration", "2"), {}, "3 to 10 seconds, not 2"),
    (("--aspect-ratio", "1:1"), {}, "cannot film in 1:1"),
    (("--no-audio",), {}, "always makes sound"),
    ((), {"GEMINI_API_KEY": ""}, "There is no API key for Google"),
    ((), {"VIDPIPE_MODELS__VIDEO_GEN": "veo-3.1-generate-001"}, "needs Vertex AI"),
]


@pytest.mark.parametrize(("options", "changes", "said"), WRONG)
def test_what_cannot_work_is_said_before_anything_is_paid(
    emulator: Emulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: tuple[str, ...],
    changes: dict[str, str],
    said: str,
) -> None:
    from vidpipe_tui.cli.main import run
    from vidpipe_tui.config.loading import configure

    for name, value in {**surroundings(emulator, tmp_path, "key"), **changes}.items():
        monkeypatch.setenv(name, value)
    configure({})
    assert run([*GENERATE, "--yes", *options]) == 2
    document = json.loads(capsys.readouterr().out)
    assert said in document["error"]["message"]
    assert document["error"]["hint"]
    assert emulator.journal == []
