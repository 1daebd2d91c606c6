"""Pictures as pixels in the terminals that have kitty's graphics protocol with Unicode placeholders. No Textual here.

A picture is sent once, under a number; from then on it stands wherever its placeholder cells stand, and these are text
like any other: they are painted again, covered and scrolled as text is. The terminal is asked nothing, so nothing can
hang on an answer or take one for keys. Source: sw.kovidgoyal.net/kitty/graphics-protocol, "Unicode placeholders".
"""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from vidpipe_tui.pictures.load import load

PLACEHOLDER = "\U0010eeee"
LAST_NUMBER = 0xFFFFFF
"""A picture's number is told to its cells as their colour, in 24 bits."""
WIDEST = 1600
"""Pixels; more is not seen at the size of a terminal, and has to be sent."""
_CHUNK = 4096
_RUNS = """
305 30d-30e 310 312 33d-33f 346 34a-34c 350-352 357 35b 363-36f 483-487 592-595 597-599 59c-5a1 5a8-5a9 5ab-5ac
5af 5c4 610-617 657-65b 65d-65e 6d6-6dc 6df-6e2 6e4 6e7-6e8 6eb-6ec 730 732-733 735-736 73a 73d 73f-741 743 745
747 749-74a 7eb-7f1 7f3 816-819 81b-823 825-827 829-82d 951 953-954 f82-f83 f86-f87 135d-135f 17dd 193a 1a17
1a75-1a7c 1b6b 1b6d-1b73 1cd0-1cd2 1cda-1cdb 1ce0 1dc0-1dc1 1dc3-1dc9 1dcb-1dcc 1dd1-1de6 1dfe 20d0-20d1
20d4-20d7 20db-20dc 20e1 20e7 20e9 20f0 2cef-2cf1 2de0-2dff a66f a67c-a67d a6f0-a6f1 a8e0-a8f1 aab0 aab2-aab3
aab7-aab8 aabe-aabf aac1 fe20-fe26 10a0f 10a38 1d185-1d189 1d1aa-1d1ad 1d242-1d244
"""
"""The combining characters that number rows and columns, from 0 on."""


@cache
def _marks() -> str:
    runs = ((run.partition("-")[0], run.rpartition("-")[2]) for run in _RUNS.split())
    return "".join(chr(code) for first, last in runs for code in range(int(first, 16), int(last, 16) + 1))


def most_cells() -> int:
    """How many rows and columns a picture can have."""
    return len(_marks())


def is_supported(environ: Mapping[str, str]) -> bool:
    """Whether the environment names a terminal that is known to have it. Inside tmux nothing of it comes through."""
    if environ.get("TMUX") or environ.get("TEXTUAL_DRIVER"):
        return False
    kitty = "KITTY_WINDOW_ID" in environ or environ.get("TERM") == "xterm-kitty"
    ghostty = environ.get("TERM_PROGRAM", "").lower() == "ghostty" or environ.get("TERM") == "xterm-ghostty"
    return kitty or ghostty


def cell_pixels() -> tuple[int, int]:
    """Width and height of a cell in pixels, as the terminal has told the system; 10 x 20 where it has not."""
    import fcntl
    import struct
    import sys
    import termios

    try:
        told = fcntl.ioctl(sys.__stderr__ or 2, termios.TIOCGWINSZ, b"\0" * 8)
        rows, columns, across, down = struct.unpack("HHHH", told)
        return (across // columns, down // rows) if across and down else (10, 20)
    except (OSError, ValueError, ZeroDivisionError):
        return 10, 20


def upload(path: Path, number: int, columns: int, rows: int, cell: tuple[int, int]) -> str:
    """The sequences that send a picture file to the terminal, for that many cells of `cell` (width, height) pixels.

    Raises MediaError when the file is no picture or is broken.
    """
    from PIL import Image

    width, height = columns * cell[0], rows * cell[1]
    part = min(1.0, WIDEST / width)
    pixels = load(path, max(1, round(width * part)), max(1, round(height * part)))
    png = io.BytesIO()
    Image.fromarray(pixels).save(png, "PNG", compress_level=1)
    data = base64.standard_b64encode(png.getvalue()).decode("ascii")
    chunks = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)]
    head = f"a=T,U=1,q=2,f=100,i={number},c={columns},r={rows},"
    sent = []
    for place, chunk in enumerate(chunks):
        more = int(place < len(chunks) - 1)
        sent.append(f"\x1b_G{head if place == 0 else 'q=2,'}m={more};{chunk}\x1b\\")
    return "".join(sent)


def forget(number: int) -> str:
    """The sequence that lets the terminal drop a picture."""
    return f"\x1b_Ga=d,d=I,q=2,i={number}\x1b\\"


def cells(number: int, row: int, first: int, last: int) -> str:
    """The placeholder cells of one row of a picture, from column `first` up to `last`.

    Only the first says which row and column it is; the terminal counts on from there.
    """
    marks = _marks()
    colour = f"\x1b[38;2;{number >> 16};{number >> 8 & 255};{number & 255}m"
    return f"{colour}{PLACEHOLDER}{marks[row]}{marks[first]}{PLACEHOLDER * (last - first - 1)}\x1b[0m"
