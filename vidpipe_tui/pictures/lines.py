"""Ready-made lines of half blocks: the text a terminal gets, made once, so that painting again costs nothing."""

from __future__ import annotations

from collections.abc import Sequence

from vidpipe_tui.pictures.palette import Codes, Depth, sgr

HALF = "▄"
"""Lower half block: its colour is the lower pixel, what is behind it the upper one."""
RESET = "\x1b[0m"


def row_codes(codes: Codes) -> list[tuple[list[int], list[int]]]:
    """Pairs of (upper, lower) colour codes, one pair of lists per row of cells. An odd last row is doubled."""
    rows = codes.tolist()
    if len(rows) % 2:
        rows.append(rows[-1])
    return [(rows[y], rows[y + 1]) for y in range(0, len(rows), 2)]


def encode(upper: Sequence[int], lower: Sequence[int], depth: Depth) -> str:
    """One line of the terminal: colours are only sent where they change, and a cell of one colour is a space."""
    front, behind = sgr(depth, background=False), sgr(depth, background=True)
    parts: list[str] = []
    add = parts.append
    last_front = last_behind = -1
    for top, bottom in zip(upper, lower, strict=True):
        if top == bottom:
            if top != last_behind:
                add(f"\x1b[{behind[top]}m")
                last_behind = top
            add(" ")
            continue
        if top != last_behind:
            if bottom != last_front:
                add(f"\x1b[{front[bottom]};{behind[top]}m{HALF}")
                last_front = bottom
            else:
                add(f"\x1b[{behind[top]}m{HALF}")
            last_behind = top
        elif bottom != last_front:
            add(f"\x1b[{front[bottom]}m{HALF}")
            last_front = bottom
        else:
            add(HALF)
    add(RESET)
    return "".join(parts)
