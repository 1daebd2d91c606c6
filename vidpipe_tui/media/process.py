"""One process of the pool as its parent sees it: start, a call, a kill, the end."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from vidpipe_tui.errors import MediaError, VidpipeError

_LONGEST_LINE = 64 * 1024 * 1024
_STDERR_TAIL = 8192

Progress = Callable[[float], None]


class ProcessDiedError(MediaError):
    """A background process ended before its job was done; `debug` holds the end of what it wrote to stderr."""

    def __init__(self, message: str, *, hint: str = "", debug: str = "") -> None:
        super().__init__(message, hint=hint)
        self.debug = debug


class ProcessJobError(MediaError):
    """A job raised something that is no sentence of ours; `kind` is its class, `debug` the traceback."""

    def __init__(self, message: str, *, kind: str = "", debug: str = "") -> None:
        super().__init__(message, hint="This is a fault of the program; --debug shows more.")
        self.kind = kind
        self.debug = debug


class Child:
    """A running process that takes one call at a time."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._stderr = b""
        self._end = asyncio.get_running_loop().create_task(self._follow())
        self.retirement: asyncio.TimerHandle | None = None
        """The moment at which it is ended for want of work, while it has none."""

    @classmethod
    async def start(cls) -> Child:
        """Start a process; it sits in a session of its own, so the terminal's signals do not reach it."""
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", str(Path(__file__).with_name("child.py"))),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
                limit=_LONGEST_LINE,
            )
        except OSError as error:
            raise ProcessDiedError(
                f"A background process could not be started: {error.strerror or error}.",
                hint="Close other programs and try again.",
            ) from error
        child = cls(process)
        child._send({"path": sys.path, "parent": os.getpid()})
        return child

    @property
    def pid(self) -> int:
        """The process id, which is its process group, too."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether nobody has seen it end."""
        return self._process.returncode is None

    async def call(self, call: str, kwargs: dict[str, Any], on_progress: Progress | None) -> Any:
        """Run one function in the process (see ProcessPool.run)."""
        self._send({"call": call, "kwargs": kwargs})
        stdout = self._process.stdout
        assert stdout is not None
        while (line := await stdout.readline()).endswith(b"\n"):
            answer = json.loads(line)
            if "result" in answer:
                return answer["result"]
            if "error" in answer:
                raise _rebuilt(answer["error"])
            if "memory" in answer:
                raise ProcessDiedError(
                    "A background process ran out of memory.",
                    hint="Close other programs, or join fewer or smaller clips.",
                    debug=self._tail(),
                )
            if on_progress is not None:
                on_progress(answer["progress"])
        await self.gone()
        raise self._death()

    def kill(self) -> None:
        """End it at once, with whatever it has started itself."""
        if self.retirement is not None:
            self.retirement.cancel()
        if self.alive:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    async def gone(self) -> None:
        """Wait until it has ended and is reaped."""
        await asyncio.shield(self._end)

    def when_gone(self, act: Callable[[Child], None]) -> None:
        """Have `act` called with this child once it has ended."""
        self._end.add_done_callback(lambda _: act(self))

    def _send(self, message: dict[str, Any]) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        with contextlib.suppress(ConnectionError):  # a process that is gone is told of by the end of its answers
            stdin.write(json.dumps(message).encode() + b"\n")

    async def _follow(self) -> None:
        """Keep the tail of its stderr, and see it out."""
        stderr = self._process.stderr
        assert stderr is not None
        while data := await stderr.read(4096):
            self._stderr = (self._stderr + data)[-_STDERR_TAIL:]
        await self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _tail(self) -> str:
        return self._stderr.decode(errors="replace")

    def _death(self) -> ProcessDiedError:
        code = self._process.returncode or 0
        if code >= 0:
            how, hint = f"ended by itself with status {code}", "Try again; --debug shows more."
        elif -code == signal.SIGKILL:
            how = "was killed, perhaps because memory ran out"
            hint = "Close other programs and try again."
        else:
            how = f"crashed ({_signal_name(-code)})"
            hint = "Try again; --debug shows more."
        return ProcessDiedError(f"A background process {how} before its work was done.", hint=hint, debug=self._tail())


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _rebuilt(error: dict[str, Any]) -> VidpipeError:
    """The exception that a job raised, as the most special class of ours that this process knows.

    Its `__init__` is not called again: the attributes are what they were over there.
    """
    for name in error["classes"]:
        kind = _class(name)
        if kind is not None:
            rebuilt = kind.__new__(kind)
            Exception.__init__(rebuilt, error["message"])
            vars(rebuilt).update(error["state"])
            return rebuilt
    kind_name = error["classes"][0].rpartition(":")[2]
    return ProcessJobError(f"A background job failed with {error['message']}.", kind=kind_name, debug=error["debug"])


def _class(name: str) -> type[VidpipeError] | None:
    """The class of that name if it is a VidpipeError in a module that is loaded here or can be."""
    module, _, qualified = name.partition(":")
    if module in {"builtins", "__main__"}:
        return None
    try:
        found: object = sys.modules.get(module) or importlib.import_module(module)
        for part in qualified.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        return None
    return found if isinstance(found, type) and issubclass(found, VidpipeError) else None
