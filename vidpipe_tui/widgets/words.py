"""Text for fixed columns: cleaned, cut and padded by cells, never by characters; money, ages, bars."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from functools import lru_cache

from rich.cells import cell_len, chop_cells, set_cell_size

_JOINERS = frozenset("\u200b\u200c\u200d\ufe0e\ufe0f\u2060\ufeff")
_FLAGS = {0x1F1E6 + letter: chr(ord("A") + letter) for letter in range(26)}
"""A flag is two pictures to one terminal and one to another; its letters are the same to all."""
_BLANK = " "


@lru_cache(maxsize=4096)
def one_line(text: str) -> str:
    """`text` on one line without anything a terminal could obey or count differently from us.

    Control and bidi characters go; joiners, variation selectors and skin tones go too, because terminals disagree
    about the width of joined emoji; flags become their two letters; at most two combining marks stay on a letter.
    """
    out: list[str] = []
    marks = 0
    for char in text.translate(_FLAGS):
        category = unicodedata.category(char)
        if char in "\n\t\r" or category in {"Zl", "Zp", "Zs"}:
            if out and out[-1] != _BLANK:
                out.append(_BLANK)
            continue
        if category in {"Cc", "Cf", "Cs", "Cn", "Co"} or char in _JOINERS or "\U0001f3fb" <= char <= "\U0001f3ff":
            continue
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks <= 2 and (out or not marks):
            out.append(char)
    return "".join(out).strip()


def fit(text: str, width: int, *, right: bool = False) -> str:
    """`text` (already one line) in exactly `width` cells, cut with an ellipsis or padded with blanks."""
    if width <= 0:
        return ""
    length = cell_len(text)
    if length <= width:
        return _BLANK * (width - length) + text if right else text + _BLANK * (width - length)
    return set_cell_size(set_cell_size(text, width - 1).rstrip() + "…", width)


def fit_lines(text: str, width: int, height: int) -> str:
    """`text` (already one line) wrapped into at most `height` lines of `width` cells, the last cut with an ellipsis."""
    if width <= 0 or height <= 0 or cell_len(text) <= width:
        return text
    lines = wrapped(text, width)
    if len(lines) <= height:
        return "\n".join(lines)
    return "\n".join([*lines[: height - 1], fit(_BLANK.join(lines[height - 1 :]), width).rstrip()])


def wrapped(text: str, width: int) -> list[str]:
    """`text` (already one line) in lines of at most `width` cells, broken at blanks where there are any."""
    lines = [""]
    for word in text.split(_BLANK):
        pieces = chop_cells(word, width)
        for piece in pieces:
            onto = f"{lines[-1]} {piece}" if lines[-1] and piece is pieces[0] else piece
            if lines[-1] and (piece is not pieces[0] or cell_len(onto) > width):
                lines.append(piece)
            else:
                lines[-1] = onto
    return lines


def fit_path(path: str, width: int) -> str:
    """A path in at most `width` cells: folders in the middle give way, the file's name stays as long as it can."""
    path = one_line(path)
    if cell_len(path) <= width:
        return path
    head, *middle, name = path.lstrip("/").split("/") if "/" in path.strip("/") else ("", path)
    start = f"/{head}" if path.startswith("/") else head
    while middle and cell_len(f"{start}/…/{'/'.join([*middle, name])}") > width:
        middle.pop(0)
    short = f"{start}/…/{'/'.join([*middle, name])}"
    return short if cell_len(short) <= width else fit(f"…/{name}", width).rstrip()


def counted(count: int, thing: str) -> str:
    """`1 clip`, `3 clips`."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def money(amount: float | None) -> str:
    """US dollars as `$0.00`; less than half a cent that is not nothing as `<$0.01`."""
    if amount is None:
        return "-"
    return "<$0.01" if 0 < amount < 0.005 else f"${amount:,.2f}"


def clock(seconds: float | None) -> str:
    """A duration as `1:23`, hours as `1:02:03`; `-` where unknown."""
    if seconds is None:
        return "-"
    minutes, rest = divmod(max(0, round(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def age(since: datetime, now: datetime) -> str:
    """How long ago, in at most three or four cells: `now`, `5m`, `3h`, `12d`, `8w`, `2y`."""
    if since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    seconds = (now - since).total_seconds()
    for limit, size, unit in (
        (3600, 60, "m"),
        (86_400, 3600, "h"),
        (14 * 86_400, 86_400, "d"),
        (365 * 86_400, 604_800, "w"),
    ):
        if seconds < 60:
            return "now"
        if seconds < limit:
            return f"{int(seconds // size)}{unit}"
    return f"{int(seconds // (365 * 86_400))}y"


def bar(part: float, width: int, *, plain: bool = False) -> tuple[str, str]:
    """A progress bar of `width` cells as (filled, empty); `part` from 0 to 1, drawn in half cells, ASCII if `plain`."""
    part = min(1.0, max(0.0, part))
    halves = int(part * width * 2)
    full, half = (int(part * width), 0) if plain else divmod(halves, 2)
    filled = ("#" if plain else "━") * full + "╸" * half
    return filled, ("-" if plain else "─") * (width - len(filled))


def shorten_id(identity: object) -> str:
    """The first eight characters of an id: enough to name it on the command line."""
    return str(identity)[:8]


def listed(words: list[str]) -> str:
    """Words as a list in a sentence: `a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def short_title(title: str) -> str:
    """A film's title for a sentence or a dialog; a long one is cut."""
    shown = one_line(title)
    return f"{shown[:40]}…" if len(shown) > 41 else shown or "The film"
