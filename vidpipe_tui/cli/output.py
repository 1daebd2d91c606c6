"""What a command prints: one JSON document or plain lines on stdout, everything else on stderr."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, TextIO

from vidpipe_tui.cli.redaction import redacted
from vidpipe_tui.domain.text import clean

_as_json = False
_in_lines = False
_documented = False


def prepare(*, as_json: bool, in_lines: bool = False) -> None:
    """Sets the form of what follows; text that the terminal's encoding lacks is escaped, not a crash.

    `in_lines`: every document is one line.
    """
    global _as_json, _in_lines, _documented  # one command per process
    _as_json, _in_lines, _documented = as_json, in_lines, False
    # A stream that was closed before we began leaves its number to the next file: nobody may write there by mistake.
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(number, True)
    os.close(number)
    sys.stdout, sys.stderr = sys.stdout or io.StringIO(), sys.stderr or io.StringIO()
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # absent where tests replace it


def wants_json() -> bool:
    """True when stdout takes one JSON document."""
    return _as_json


def document(value: Any) -> None:
    """Prints the one JSON document of a command; what comes after it is left out."""
    global _documented  # noqa: PLW0603
    if _documented:
        return
    _documented = True
    if _in_lines:
        json_line(value)
        return
    utf8 = (getattr(sys.stdout, "encoding", "") or "").lower().replace("-", "") == "utf8"
    text = json.dumps(value, indent=2, ensure_ascii=not utf8, default=str)
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=2, default=str)
    _write(sys.stdout, text)


def json_line(value: Any) -> None:
    """Prints one line of JSON, at once."""
    _write(sys.stdout, json.dumps(value, default=str))


def line(text: str = "") -> None:
    """Prints a line on stdout."""
    _write(sys.stdout, clean(text))


def tell(text: str) -> None:
    """Prints a line on stderr; where nobody reads it any more, nothing is lost but the line."""
    with suppress(OSError, ValueError):
        _write(sys.stderr, clean(text))


def abandon() -> None:
    """Leaves streams that take nothing any more: what they still hold would fail once more when the program ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def wrote_document() -> bool:
    """True when the one JSON document stands."""
    return _documented


def failed(message: str, hint: str, status: int) -> int:
    """Says what went wrong and what to do next; with --json also as the document. Returns the status."""
    message, hint = redacted(clean(message)), redacted(clean(hint))
    if _as_json:
        with suppress(OSError, ValueError):
            document({"error": {"message": message, "hint": hint}})
    tell(f"vidpipe: {message}" + (f"\n  {hint}" if hint else ""))
    return status


def table(rows: Sequence[tuple[str, ...]], *, right: tuple[int, ...] = ()) -> None:
    """Prints columns, padded by their width on the terminal; columns in `right` are right-aligned."""
    from rich.cells import cell_len

    cleaned = [tuple(" ".join(clean(cell).split()) for cell in row) for row in rows]
    widths = [max(cell_len(row[column]) for row in cleaned) for column in range(len(cleaned[0]))] if cleaned else []
    for row in cleaned:
        cells = []
        for column, cell in enumerate(row):
            gap = " " * (widths[column] - cell_len(cell))
            cells.append(gap + cell if column in right else cell + gap)
        line("  ".join(cells).rstrip())


def _write(stream: TextIO, text: str) -> None:
    stream.write(text + "\n")
    stream.flush()
