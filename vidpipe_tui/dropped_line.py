"""Writing to a terminal that may be gone: a dropped line must not keep the program from its last words."""

from __future__ import annotations

from typing import TextIO


class LastingFile:
    """What Textual's writer thread writes to. Once the terminal is gone, the rest is let go.

    An error would end that thread, and its queue takes thirty items: the next one would hold up the loop for good.
    """

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._gone = False

    def write(self, text: str) -> int:
        """Writes, as long as there is a terminal."""
        if not self._gone:
            try:
                return self._file.write(text)
            except (OSError, ValueError):
                self._gone = True
        return len(text)

    def flush(self) -> None:
        """Sends what was written."""
        if not self._gone:
            try:
                self._file.flush()
            except (OSError, ValueError):
                self._gone = True

    def fileno(self) -> int:
        """The descriptor below."""
        return self._file.fileno()

    def isatty(self) -> bool:
        """Whether there is a terminal below."""
        return self._file.isatty()
