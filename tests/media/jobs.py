"""Functions that the pool's tests have run in its processes."""

from __future__ import annotations

import ctypes
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from vidpipe_tui.errors import MediaError


class OddError(MediaError):
    pass


def add(a: int, b: int) -> int:
    return a + b


def process() -> dict[str, int]:
    return {"pid": os.getpid(), "nice": os.nice(0), "session": os.getsid(0)}


def chatter() -> str:
    print("this is no answer")
    sys.stderr.write("nor this\n")
    os.system("echo from a grandchild; cat")
    return "clean"


def note(path: str, word: str) -> None:
    with Path(path).open("a") as file:
        file.write(word + "\n")


def steps(on_progress: Callable[[float], None]) -> str:
    for step in range(1001):
        on_progress(step / 1000)
    return "done"


def wait_for(path: str, started: str = "") -> str:
    """Return when the file is there; say so in `started` first."""
    if started:
        Path(started).write_text(str(os.getpid()))
    while not Path(path).exists():
        time.sleep(0.005)
    return "seen"


def raise_ours() -> None:
    error = OddError("The clip is odd.", hint="Make it even.")
    error.number = 7  # type: ignore[attr-defined]
    raise error


def raise_theirs() -> None:
    raise KeyError("left")


def no_json() -> object:
    return object()


def use_up_memory() -> None:
    raise MemoryError


def crash() -> None:
    sys.stderr.write("last words\n")
    sys.stderr.flush()
    ctypes.string_at(0)


def leave() -> None:
    os._exit(3)
