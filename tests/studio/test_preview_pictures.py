"""Pictures as cells: fitting, colours, ready-made lines, strips that are cut, and the store that keeps them."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from rich.segment import Segment
from textual.color import Color
from textual.filter import Monochrome, NoColor
from textual.strip import Strip

from tests.studio.real_pictures import painted, save_picture
from vidpipe_tui.errors import MediaError
from vidpipe_tui.pictures.fit import Box, fit, ratio_of
from vidpipe_tui.pictures.lines import HALF, RESET, encode, row_codes
from vidpipe_tui.pictures.load import load
from vidpipe_tui.pictures.palette import Depth, to_codes
from vidpipe_tui.widgets.preview_store import PictureStore, Wanted
from vidpipe_tui.widgets.preview_strip import MixedStrip, PictureRow, PictureStrip, padded

CONSOLE = Console(force_terminal=True, color_system="truecolor")
SGR = re.compile(r"\x1b\[[\d;]*m")


def plain(text: str) -> str:
    return SGR.sub("", text)


def strip(width: int = 12, depth: Depth = Depth.TRUE) -> PictureStrip:
    pixels = painted(width, 2, 1, 0.5)
    return PictureStrip(PictureRow(pixels, to_codes(pixels, depth), depth))


@pytest.mark.parametrize("columns", [1, 7, 40, 80, 199])
@pytest.mark.parametrize("rows", [1, 2, 11, 24, 60])
@pytest.mark.parametrize("ratio", [16 / 9, 9 / 16, 1.0])
def test_a_picture_fits_and_keeps_its_ratio(columns: int, rows: int, ratio: float) -> None:
    box = fit(columns, rows, ratio)
    assert 1 <= box.width <= columns
    assert 1 <= box.height <= rows
    assert box.left + box.width <= columns
    assert box.top + box.height <= rows
    if box.width > 4 and box.height > 4:
        assert abs(box.width / (2 * box.height) - ratio) < ratio * 0.15


def test_no_room_is_no_picture() -> None:
    assert fit(0, 10, 1.0) == Box(0, 0, 0, 0)
    assert fit(10, -3, 1.0) == Box(0, 0, 0, 0)


@pytest.mark.parametrize(
    ("text", "ratio"), [("16:9", 16 / 9), ("1:1", 1.0), ("x", 16 / 9), ("3:0", 16 / 9), ("", 16 / 9)]
)
def test_a_ratio_is_read(text: str, ratio: float) -> None:
    assert ratio_of(text) == pytest.approx(ratio)


def test_a_line_sends_a_colour_only_where_it_changes() -> None:
    line = encode([1, 1, 1, 2], [1, 3, 3, 3], Depth.TRUE)
    assert plain(line) == f" {HALF}{HALF}{HALF}"
    assert line.endswith(RESET)
    assert len(SGR.findall(line)) == 4  # the first cell, the lower colour, the upper colour, the end


def test_an_odd_last_row_is_doubled() -> None:
    codes = np.array([[1, 2], [3, 4], [5, 6]], dtype=np.int32)
    assert row_codes(codes) == [([1, 2], [3, 4]), ([5, 6], [5, 6])]


@pytest.mark.parametrize("depth", [Depth.TRUE, Depth.COARSE, Depth.INDEXED, Depth.SIXTEEN])
def test_every_depth_draws_every_cell(depth: Depth) -> None:
    codes = to_codes(painted(30, 8, 2, 0.3), depth)
    for upper, lower in row_codes(codes):
        assert len(plain(encode(upper, lower, depth))) == 30


def test_palettes_find_the_colours_they_have() -> None:
    exact = np.array([[[255, 0, 0], [0, 95, 135], [238, 238, 238]]], dtype=np.uint8)
    assert to_codes(exact, Depth.INDEXED, dither=False).tolist() == [[196, 24, 255]]
    assert to_codes(
        np.array([[[0, 0, 0], [255, 255, 255], [200, 10, 5]]], dtype=np.uint8), Depth.SIXTEEN, dither=False
    ).tolist() == [[0, 15, 9]]


@pytest.mark.parametrize("colour", [(90, 110, 170), (190, 150, 120), (150, 80, 45), (60, 110, 100)])
def test_sixteen_colours_keep_the_hue_of_dull_ones(colour: tuple[int, int, int]) -> None:
    patch = np.full((8, 8, 3), colour, dtype=np.uint8)
    used = set(to_codes(patch, Depth.SIXTEEN).ravel().tolist())
    assert used - {0, 7, 8, 15}, "all grey"
    assert not set(to_codes(patch, Depth.SIXTEEN, grey=True).ravel().tolist()) - {0, 7, 8, 15}


def test_moving_pictures_are_rounded_not_darkened() -> None:
    ramp = np.arange(256, dtype=np.uint8).repeat(3).reshape(1, 256, 3)
    shown = (to_codes(ramp, Depth.COARSE) & 255).astype(int)
    error = shown[0] - np.arange(256)
    assert abs(error).max() <= 5
    assert abs(error.mean()) < 0.5


@pytest.mark.parametrize("depth", [Depth.TRUE, Depth.INDEXED, Depth.SIXTEEN])
def test_grey_has_no_hue(depth: Depth) -> None:
    codes = to_codes(painted(20, 6, 3, 0.1), depth, grey=True)
    for code in np.unique(codes):
        if depth is Depth.TRUE:
            assert (code >> 16) == (code >> 8 & 255) == (code & 255)
        elif depth is Depth.INDEXED:
            assert code in (16, 231) or code >= 232
        else:
            assert code in (0, 7, 8, 15)


def test_a_strip_is_cut_where_something_lies_over_it() -> None:
    whole = strip(12)
    pieces = whole.divide([3, 7, 12])
    assert [piece.cell_length for piece in pieces] == [3, 4, 5]
    assert "".join(plain(piece.render(CONSOLE)) for piece in pieces) == plain(whole.render(CONSOLE))
    assert whole.crop(0, 12) is whole
    assert whole.crop(20, 30).cell_length == 0


def test_segments_agree_with_the_ready_made_line() -> None:
    whole = strip(9)
    segments = list(whole)
    assert sum(segment.cell_length for segment in segments) == 9
    assert all(segment.style is not None and segment.style.bgcolor is not None for segment in segments)


def test_mixed_strips_are_cut_across_their_parts() -> None:
    mixed = MixedStrip([Strip([Segment("ab")], 2), strip(6), Strip([Segment("cd")], 2)])
    assert mixed.cell_length == 10
    assert plain(mixed.crop(1, 9).render(CONSOLE)).strip("▄ ").replace("▄", "").replace(" ", "") == "bc"
    assert plain(mixed.crop(0, 2).render(CONSOLE)) == "ab"
    assert [piece.cell_length for piece in mixed.divide([2, 8, 10])] == [2, 6, 2]
    assert padded(mixed, 14, CONSOLE.get_style("none")).cell_length == 14
    assert padded(mixed, 4, CONSOLE.get_style("none")).cell_length == 4


@pytest.mark.parametrize("line_filter", [Monochrome(), NoColor()])
def test_filters_leave_greys_never_nothing(line_filter: Monochrome | NoColor) -> None:
    filtered = MixedStrip([strip(8)]).apply_filter(line_filter, Color(0, 0, 0))
    colours = re.findall(r"[34]8;2;(\d+);(\d+);(\d+)", filtered.render(CONSOLE))
    assert colours
    assert all(red == green == blue for red, green, blue in colours)


def test_what_is_no_picture_is_a_sentence(tmp_path: Path) -> None:
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    for path in (bad, tmp_path / "none.png", tmp_path):
        with pytest.raises(MediaError):
            load(path, 4, 4)


async def test_the_store_draws_once_and_keeps_the_latest(tmp_path: Path) -> None:
    store = PictureStore(Depth.TRUE, limit=3 * 20 * 5)
    paths = [save_picture(tmp_path / f"{number}.png", number, 0.0, (64, 36)) for number in range(4)]
    wanted = [Wanted.of(path, 20, 5) for path in paths]
    first, second = await asyncio.gather(store.draw(wanted[0]), store.draw(wanted[0]))
    assert first is second
    assert len(first.lines) == 5
    assert all(line.cell_length == 20 for line in first.lines)
    for other in wanted[1:]:
        await store.draw(other)
    assert store.get(wanted[0]) is None
    assert store.get(wanted[3]) is not None


async def test_a_file_that_changed_is_another_picture(tmp_path: Path) -> None:
    path = save_picture(tmp_path / "a.png", 1, 0.0, (64, 36))
    store = PictureStore(Depth.INDEXED)
    before = Wanted.of(path, 10, 3)
    await store.draw(before)
    path.unlink()
    save_picture(path, 2, 0.0, (64, 36))
    import os

    os.utime(path, ns=(before.mtime + 1_000_000, before.mtime + 1_000_000))
    after = Wanted.of(path, 10, 3)
    assert after != before
    assert store.get(after) is None


async def test_a_missing_picture_is_words(tmp_path: Path) -> None:
    store = PictureStore(Depth.TRUE)
    drawn = await store.draw(Wanted.of(tmp_path / "gone.png", 10, 3))
    assert not drawn.lines
    assert drawn.problem
