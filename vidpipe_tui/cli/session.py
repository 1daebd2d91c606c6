"""A command's event loop: the service opened, signals heard, the run seen through to its exit status."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from uuid import UUID

from vidpipe_tui.cli import documents, output
from vidpipe_tui.cli.progress import Progress
from vidpipe_tui.config.loading import current, notices
from vidpipe_tui.config.schema import Settings
from vidpipe_tui.db.doors import on_lock
from vidpipe_tui.domain.commands import RunOptions
from vidpipe_tui.domain.views import Outcome
from vidpipe_tui.errors import DatabaseError, LeaseLostError, VidpipeError
from vidpipe_tui.loop_watch import watched_runner
from vidpipe_tui.pipeline.driver import BusyError
from vidpipe_tui.services.studio import Studio

STOP_SECONDS = 1.8
"""How long a signal waits for paid calls under way: the whole exit is to take less than 3 s."""
LAST_RESORT_SECONDS = 2.8
INTERRUPTED = 130
SHOW_SECONDS = 0.3
"""How long a signal waits for the command's own last words, and then for the project to be read."""
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

_followed: UUID | None = None


def with_studio(command: Callable[[Studio], Awaitable[int]]) -> int:
    """Runs `command` with the service, and returns its exit status."""
    global _followed  # noqa: PLW0603  # one command per process
    _followed = None
    settings = current()
    for notice in notices():
        output.tell(notice)
    on_lock(output.tell)
    with _Signals() as signals, watched_runner() as runner:
        status = runner.run(_session(settings, command, signals))
    if signals.heard.done():
        # Everything is written and closed; taking the interpreter apart would only cost some of the 3 seconds.
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError):
                stream.flush()
        os._exit(status)
    return status


async def _session(settings: Settings, command: Callable[[Studio], Awaitable[int]], signals: _Signals) -> int:
    signals.listen()
    async with Studio.open(settings) as studio:
        return await _until_signal(studio, command(studio), signals)


class _Signals:
    """Hears SIGINT, SIGTERM and SIGHUP; what holds the process for longer than LAST_RESORT_SECONDS is left behind."""

    def __init__(self) -> None:
        self._last_resort: threading.Timer | None = None
        self.heard: asyncio.Future[int]

    def __enter__(self) -> _Signals:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._last_resort is not None:
            self._last_resort.cancel()

    def listen(self) -> None:
        """Takes the signals over, in the running loop."""
        loop = asyncio.get_running_loop()
        self.heard = loop.create_future()
        for number in SIGNALS:
            loop.add_signal_handler(number, self._hear, number)

    def _hear(self, number: int) -> None:
        if self.heard.done():
            _leave()
        # A locked database or a call that cannot be cut must not keep the process: the lease expires by itself.
        self._last_resort = threading.Timer(LAST_RESORT_SECONDS, _leave)
        self._last_resort.daemon = True
        self._last_resort.start()
        self.heard.set_result(number)


def _leave() -> None:
    _say_interrupted()
    os._exit(INTERRUPTED)


def _say_interrupted() -> None:
    if output.wants_json():
        with suppress(OSError, ValueError):
            output.document({"error": {"message": "Interrupted.", "hint": "Go on with `vidpipe resume`."}})


async def _until_signal(studio: Studio, command: Awaitable[int], signals: _Signals) -> int:
    """Awaits the command; a signal stops what runs here within STOP_SECONDS and ends with 130."""
    task = asyncio.ensure_future(command)
    try:
        await asyncio.wait({task, signals.heard}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        return await _interrupted(studio, task, signals.heard.result())
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _interrupted(studio: Studio, task: asyncio.Future[int], number: int) -> int:
    if not studio.driving:  # it may be about to begin a run, which is then stopped like any other
        await asyncio.wait({task}, timeout=SHOW_SECONDS)
    driven = studio.driving
    if number == signal.SIGHUP and studio.settings.ui.on_hangup == "detach" and driven:
        await studio.detach(STOP_SECONDS)
        output.tell("The line was dropped; the film goes on in the background.")
        await _show_followed(studio)
        return INTERRUPTED
    sentences: list[str] = []
    if driven:
        output.tell("Stopping.")
        sentences = await studio.stop_all(STOP_SECONDS)
    done, _ = await asyncio.wait({task}, timeout=SHOW_SECONDS)
    if not done:  # else the command itself has said how it ended
        for sentence in sentences:
            output.tell(sentence)
    await _show_followed(studio)
    return INTERRUPTED


async def _show_followed(studio: Studio) -> None:
    """The one document of an interrupted command: the project it follows, where there is one that can be read."""
    if _followed is not None and output.wants_json() and not output.wrote_document():
        with suppress(VidpipeError, TimeoutError):
            async with asyncio.timeout(SHOW_SECONDS):
                await print_project(studio, _followed)
    _say_interrupted()


async def see_through(
    studio: Studio, project_id: UUID, options: RunOptions, *, wait: bool = True, quiet: bool = False
) -> int:
    """Drives a project here, or watches it where another process does; prints how it ended; returns the exit status."""
    global _followed  # noqa: PLW0603
    _followed = project_id
    with Progress(studio, project_id, enabled=not quiet):
        outcome = await _drive_or_watch(studio, project_id, options, wait=wait)
    if outcome is None:
        output.tell("Another vidpipe drives this project.")
        await print_project(studio, project_id)
        return 0
    await report(studio, project_id, outcome)
    return outcome.exit_status


async def _drive_or_watch(studio: Studio, project_id: UUID, options: RunOptions, *, wait: bool) -> Outcome | None:
    try:
        await studio.start(project_id, options)
        return await _finished(studio, project_id)
    except LeaseLostError as error:
        output.tell(error.message)
    except BusyError as error:
        if not wait:
            return None
        output.tell(f"{error.message} Watching it.")
    return await studio.watch(project_id)


async def _finished(studio: Studio, project_id: UUID) -> Outcome:
    try:
        return await studio.wait(project_id)
    except DatabaseError as error:
        error.exit_status = 1  # not wrong usage: it failed while running
        raise


async def report(studio: Studio, project_id: UUID, outcome: Outcome) -> None:
    """Prints the project as JSON, or the film's path; what went wrong goes to stderr."""
    if outcome.exit_status:
        output.tell(f"vidpipe: {outcome.message}" + (f"\n  {outcome.hint}" if outcome.hint else ""))
    await print_project(studio, project_id)


async def print_project(studio: Studio, project_id: UUID) -> None:
    """The project as JSON, or where its film lies (if there is one)."""
    view = await studio.project(project_id)
    if output.wants_json():
        output.document(documents.project(view))
    elif view.output_path is not None:
        output.line(str(view.output_path))


def ask(question: str) -> bool:
    """Asks on the terminal; False where nobody can be asked."""
    if sys.stdin is None or not sys.stdin.isatty() or not sys.stderr.isatty():
        return False
    sys.stderr.write(f"{question} [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in {"y", "yes"}
