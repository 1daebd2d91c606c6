from __future__ import annotations

import contextlib
import os
import pty
from collections.abc import Iterator
from typing import TextIO

import pytest
from textual.drivers._writer_thread import WriterThread

from vidpipe_tui.dropped_line import LastingFile


@pytest.fixture
def gone() -> Iterator[TextIO]:
    """A terminal whose other end is closed."""
    here, there = pty.openpty()
    file = os.fdopen(there, "w")
    os.close(here)
    yield file
    with contextlib.suppress(OSError):
        file.close()


def test_a_writer_takes_whatever_comes_after_the_terminal_is_gone(gone: TextIO) -> None:
    with pytest.raises(OSError, match="Input/output"):
        print("x", file=gone, flush=True)
    writer = WriterThread(LastingFile(gone))  # type: ignore[arg-type]
    writer.start()
    for number in range(200):  # far more than its queue holds: with a thread that died this would never end
        writer.write(f"{number}\n")
        assert writer.is_alive()
    writer.stop()
    assert not writer.is_alive()
