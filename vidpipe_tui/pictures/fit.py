"""How large a picture may be drawn in a box of cells, with its ratio kept. A cell is one pixel wide and two high."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """Where a picture lies in its box, in cells: offset from the top left, and size."""

    left: int
    top: int
    width: int
    height: int


def fit(columns: int, rows: int, ratio: float) -> Box:
    """The largest box of `ratio` (width / height of the picture) inside `columns` x `rows` cells, centred.

    A half block is as wide as a cell and half as high, so it is taken for a square: a picture w cells wide is w / ratio
    half rows high. Everything is at least one cell where there is any room.
    """
    if columns <= 0 or rows <= 0:
        return Box(0, 0, 0, 0)
    width = min(columns, max(1, round(rows * 2 * ratio)))
    height = min(rows, max(1, round(width / ratio / 2)))
    return Box((columns - width) // 2, (rows - height) // 2, width, height)


def ratio_of(aspect_ratio: str) -> float:
    """Width over height of a ratio written as `16:9`; 16:9 where it cannot be read."""
    width, _, height = aspect_ratio.partition(":")
    try:
        return max(0.05, min(20.0, float(width) / float(height)))
    except (ValueError, ZeroDivisionError):
        return 16 / 9
