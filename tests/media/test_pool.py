from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.media import jobs
from vidpipe_tui.errors import MediaError
from vidpipe_tui.media.pool import ProcessDiedError, ProcessJobError, ProcessPool

JOBS = "tests.media.jobs:"


@pytest.fixture
async def pool() -> AsyncIterator[ProcessPool]:
    async with ProcessPool(1) as pool:
        yield pool


async def until(condition: Callable[[], object], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came true"
        await asyncio.sleep(0.005)


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def test_a_function_runs_in_a_low_priority_process_of_its_own_session(pool: ProcessPool) -> None:
    assert await pool.run(JOBS + "add", {"a": 2, "b": 3}) == 5
    seen = await pool.run(JOBS + "process", {})
    assert seen["pid"] != os.getpid()
    assert seen["session"] == seen["pid"]
    assert seen["nice"] >= 10


async def test_the_process_is_used_again(pool: ProcessPool) -> None:
    first = await pool.run(JOBS + "process", {})
    second = await pool.run(JOBS + "process", {})
    assert first["pid"] == second["pid"]


async def test_what_a_job_prints_is_no_answer(pool: ProcessPool, capfd: pytest.CaptureFixture[str]) -> None:
    assert await pool.run(JOBS + "chatter", {}) == "clean"
    assert capfd.readouterr() == ("", "")


async def test_the_lower_priority_number_goes_first(pool: ProcessPool, tmp_path: Path) -> None:
    gate, log = tmp_path / "gate", tmp_path / "log"
    first = asyncio.create_task(pool.run(JOBS + "wait_for", {"path": str(gate)}))
    await until(lambda: pool.active == 1)
    later = [
        asyncio.create_task(pool.run(JOBS + "note", {"path": str(log), "word": word}, priority=priority))
        for word, priority in [("third", 9), ("first", -1), ("second", 0), ("fourth", 9)]
    ]
    await until(lambda: pool.waiting == 4)
    gate.touch()
    await asyncio.gather(first, *later)
    assert log.read_text().split() == ["first", "second", "third", "fourth"]
    assert (pool.active, pool.waiting) == (0, 0)


async def test_no_more_processes_than_places(tmp_path: Path) -> None:
    gate = tmp_path / "gate"
    async with ProcessPool(2) as pool:
        runs = [asyncio.create_task(pool.run(JOBS + "wait_for", {"path": str(gate)})) for _ in range(5)]
        await until(lambda: len(pool.process_ids) == 2)
        assert (pool.active, pool.waiting) == (2, 3)
        gate.touch()
        assert await asyncio.gather(*runs) == ["seen"] * 5
        assert len(pool.process_ids) == 2


async def test_progress_comes_with_its_end_and_not_too_often(pool: ProcessPool) -> None:
    seen: list[float] = []
    assert await pool.run(JOBS + "steps", {}, on_progress=seen.append) == "done"
    assert seen[0] == 0.0
    assert seen[-1] == 1.0
    assert seen == sorted(seen)
    assert len(seen) < 20, "no screen shows a thousand steps"


async def test_cancelling_kills_the_process_at_once_and_frees_its_place(pool: ProcessPool, tmp_path: Path) -> None:
    started = tmp_path / "started"
    run = asyncio.create_task(pool.run(JOBS + "wait_for", {"path": str(tmp_path / "x"), "started": str(started)}))
    await until(lambda: started.exists() and started.read_text())
    pid = int(started.read_text())
    run.cancel()
    with pytest.raises(asyncio.CancelledError):
        await run
    assert not alive(pid)
    assert await pool.run(JOBS + "add", {"a": 1, "b": 1}) == 2


async def test_cancelling_while_the_process_starts_or_the_job_waits_leaves_nothing(pool: ProcessPool) -> None:
    starting = asyncio.create_task(pool.run(JOBS + "process", {}))
    waiting = asyncio.create_task(pool.run(JOBS + "process", {}))
    await until(lambda: pool.waiting == 1)
    waiting.cancel()
    starting.cancel()
    await asyncio.gather(starting, waiting, return_exceptions=True)
    assert starting.cancelled()
    assert waiting.cancelled()
    assert (pool.active, pool.waiting) == (0, 0)
    await until(lambda: not pool.process_ids)
    assert await pool.run(JOBS + "add", {"a": 1, "b": 1}) == 2


async def test_our_errors_cross_with_class_message_hint_and_attributes(pool: ProcessPool) -> None:
    with pytest.raises(jobs.OddError) as caught:
        await pool.run(JOBS + "raise_ours", {})
    assert (caught.value.message, caught.value.hint) == ("The clip is odd.", "Make it even.")
    assert caught.value.number == 7  # type: ignore[attr-defined]
    assert str(caught.value) == "The clip is odd."


@pytest.mark.parametrize(
    ("job", "kind", "words"),
    [
        ("raise_theirs", "KeyError", "left"),
        ("no_json", "TypeError", "JSON"),
        ("not_there", "AttributeError", "not_there"),
    ],
)
async def test_other_errors_cross_as_type_and_text(pool: ProcessPool, job: str, kind: str, words: str) -> None:
    with pytest.raises(ProcessJobError) as caught:
        await pool.run(JOBS + job, {})
    assert caught.value.kind == kind
    assert words in caught.value.message
    assert "Traceback" in caught.value.debug
    assert await pool.run(JOBS + "add", {"a": 1, "b": 1}) == 2


@pytest.mark.parametrize(("job", "words"), [("crash", "SIGSEGV"), ("leave", "status 3"), ("use_up_memory", "memory")])
async def test_a_dead_process_is_a_sentence_and_the_next_one_works(pool: ProcessPool, job: str, words: str) -> None:
    with pytest.raises(ProcessDiedError, match=words) as caught:
        await pool.run(JOBS + job, {})
    assert isinstance(caught.value, MediaError)
    assert caught.value.hint
    if job == "crash":
        assert "last words" in caught.value.debug
    assert await pool.run(JOBS + "add", {"a": 1, "b": 1}) == 2


async def test_a_killed_process_is_a_sentence(pool: ProcessPool, tmp_path: Path) -> None:
    started = tmp_path / "started"
    run = asyncio.create_task(pool.run(JOBS + "wait_for", {"path": str(tmp_path / "x"), "started": str(started)}))
    await until(lambda: started.exists() and started.read_text())
    os.kill(int(started.read_text()), signal.SIGKILL)
    with pytest.raises(ProcessDiedError, match="was killed"):
        await run


async def test_a_process_that_died_without_work_is_replaced(pool: ProcessPool) -> None:
    pid = (await pool.run(JOBS + "process", {}))["pid"]
    os.kill(pid, signal.SIGKILL)
    await until(lambda: not pool.process_ids)
    assert (await pool.run(JOBS + "process", {}))["pid"] != pid


async def test_terminal_signals_do_not_end_the_work(pool: ProcessPool, tmp_path: Path) -> None:
    started, gate = tmp_path / "started", tmp_path / "gate"
    run = asyncio.create_task(pool.run(JOBS + "wait_for", {"path": str(gate), "started": str(started)}))
    await until(lambda: started.exists() and started.read_text())
    for number in (signal.SIGINT, signal.SIGHUP):
        os.kill(int(started.read_text()), number)
    gate.touch()
    assert await run == "seen"


async def test_processes_without_work_leave(tmp_path: Path) -> None:
    async with ProcessPool(1, idle_seconds=0.05) as pool:
        pid = (await pool.run(JOBS + "process", {}))["pid"]
        await until(lambda: not alive(pid))
        await until(lambda: not pool.process_ids)


async def test_closing_ends_what_runs_and_what_waits(tmp_path: Path) -> None:
    pool = ProcessPool(1)
    kwargs = {"path": str(tmp_path / "x"), "started": str(tmp_path / "started")}
    runs = [asyncio.create_task(pool.run(JOBS + "wait_for", kwargs)) for _ in range(2)]
    await until((tmp_path / "started").exists)
    pids = pool.process_ids
    await pool.aclose()
    for outcome in await asyncio.gather(*runs, return_exceptions=True):
        assert isinstance(outcome, ProcessDiedError)
    assert pool.process_ids == []
    assert not any(alive(pid) for pid in pids)
    with pytest.raises(ProcessDiedError):
        await pool.run(JOBS + "add", {"a": 1, "b": 1})


PARENT = """
import asyncio, sys
from vidpipe_tui.media.pool import ProcessPool

async def main():
    pool = ProcessPool(2)
    runs = [asyncio.create_task(pool.run("tests.media.jobs:wait_for", {"path": "/nowhere", "started": started}))
            for started in sys.argv[1:]]
    await asyncio.gather(*runs)

asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_a_dead_parent_leaves_no_process(tmp_path: Path, number: signal.Signals) -> None:
    started = [tmp_path / "one", tmp_path / "two"]
    parent = subprocess.Popen([sys.executable, "-c", PARENT, *map(str, started)], cwd=Path(__file__).parents[2])
    try:
        await until(lambda: all(path.exists() and path.read_text() for path in started))
        pids = [int(path.read_text()) for path in started]
        assert all(alive(pid) for pid in pids)
        parent.send_signal(number)
    finally:
        if sys.exc_info()[0] is not None:
            parent.kill()
        parent.wait()
    await until(lambda: not any(alive(pid) for pid in pids))
