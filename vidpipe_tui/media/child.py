"""The other end of `ProcessPool`: a process that runs one function after the other and answers in JSON lines.

It is started by its file name, imports only the standard library, and then whatever the jobs it is given need.
The first line it reads is `{"path": sys.path, "parent": pid}`, every other one is
`{"call": "package.module:function", "kwargs": {...}}`. It answers each with any number of `{"progress": 0..1}` and
then one of `{"result": ...}`, `{"error": {"classes", "state", "message", "hint", "debug"}}`, `{"memory": true}`.

The process leaves when its parent does: at the end of its standard input, and on Linux by the kernel's own signal.
"""

from __future__ import annotations

import faulthandler
import importlib
import inspect
import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

NICENESS = 10
PROGRESS_EVERY = 0.1
"""Seconds between two progress messages at the least: a screen shows no more."""

Write = Callable[[dict[str, Any]], None]


def main() -> None:
    """Serve jobs until the parent closes the pipe."""
    lines, write = _take_over_pipes()
    os.nice(NICENESS)
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    jobs: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(lines, jobs), daemon=True).start()
    greeting = json.loads(jobs.get())
    _die_with_parent(greeting["parent"])
    sys.path[:] = greeting["path"]
    while True:
        job = json.loads(jobs.get())
        write(_run(job["call"], job["kwargs"], write))


def _take_over_pipes() -> tuple[int, Write]:
    """Keep the two pipes for the protocol alone; what a job prints goes where errors go, what it reads is empty."""
    lines, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    faulthandler.enable()
    lock = threading.Lock()

    def write(message: dict[str, Any]) -> None:
        data = json.dumps(message).encode() + b"\n"
        with lock:
            try:
                while data:
                    data = data[os.write(answers, data) :]
            except OSError:
                os._exit(0)

    return lines, write


def _read(lines: int, jobs: queue.SimpleQueue[bytes]) -> None:
    """Hand on one line at a time; the end of the pipe ends the process, whatever it is doing."""
    buffered = b""
    while data := os.read(lines, 65536):
        *whole, buffered = (buffered + data).split(b"\n")
        for line in whole:
            jobs.put(line)
    os._exit(0)


def _die_with_parent(parent: int) -> None:
    if sys.platform != "linux":
        return
    import ctypes

    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:  # it died before the call above could take effect
        os._exit(0)


def _run(call: str, kwargs: dict[str, Any], write: Write) -> dict[str, Any]:
    """Run one function and turn what it gives or raises into the answer."""
    try:
        module, _, name = call.partition(":")
        function = getattr(importlib.import_module(module), name)
        if "on_progress" in inspect.signature(function).parameters:
            kwargs = {**kwargs, "on_progress": _progress(write)}
        answer = {"result": function(**kwargs)}
        json.dumps(answer)
        return answer
    except MemoryError:
        return {"memory": True}
    except BaseException as error:  # whatever it is, the parent is told and this process lives on
        return {"error": _described(error)}


def _progress(write: Write) -> Callable[[float], None]:
    last = -PROGRESS_EVERY

    def report(fraction: float) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= PROGRESS_EVERY or fraction >= 1:
            last = now
            write({"progress": float(fraction)})

    return report


def _described(error: BaseException) -> dict[str, Any]:
    """The error in plain values: its classes, most special first, and what lies in it as far as JSON can carry it."""
    state = {}
    for key, value in vars(error).items():
        try:
            json.dumps(value)
        except (TypeError, ValueError):
            continue
        state[key] = value
    return {
        "classes": [f"{kind.__module__}:{kind.__qualname__}" for kind in type(error).__mro__],
        "state": state,
        "message": getattr(error, "message", None) or f"{type(error).__name__}: {error}",
        "debug": traceback.format_exc(),
    }


if __name__ == "__main__":
    main()
