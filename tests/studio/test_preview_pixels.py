"""Pictures in pixels: what is sent to the terminal, when, and where it is not."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path

import pytest
from PIL import Image
from rich.console import Console
from textual.app import App, ComposeResult

from tests.studio.stage import until
from vidpipe_tui.pictures import kitty
from vidpipe_tui.pictures.palette import Depth
from vidpipe_tui.widgets import preview_store
from vidpipe_tui.widgets.preview import Preview
from vidpipe_tui.widgets.preview_store import PictureStore, pixel_cell
from vidpipe_tui.widgets.preview_strip import PixelStrip

CELL = (8, 16)


def picture(path: Path, colour: tuple[int, int, int] = (200, 30, 90)) -> Path:
    Image.new("RGB", (640, 360), colour).save(path)
    return path


def pieces(sent: str) -> list[tuple[dict[str, str], str]]:
    """The graphics commands in a text: their keys, and what they carry. Nothing else may be in it."""
    found = re.findall(r"\x1b_G([^;\x1b]*);?([^\x1b]*)\x1b\\", sent)
    assert "".join(f"\x1b_G{keys}{';' if data else ''}{data}\x1b\\" for keys, data in found) == sent
    return [(dict(pair.split("=") for pair in keys.split(",")), data) for keys, data in found]


def test_a_picture_is_sent_whole_in_pieces_a_terminal_takes_and_asks_for_no_answer(tmp_path: Path) -> None:
    noisy = tmp_path / "noisy.png"
    Image.effect_noise((640, 360), 90).convert("RGB").save(noisy)
    sent = pieces(kitty.upload(noisy, 77, 40, 11, CELL))
    assert len(sent) > 3
    assert all(len(data) <= 4096 for _, data in sent)
    assert all(keys["q"] == "2" for keys, _ in sent)
    assert [keys["m"] for keys, _ in sent] == ["1"] * (len(sent) - 1) + ["0"]
    first = sent[0][0]
    assert [first[key] for key in ("a", "U", "f", "i", "c", "r")] == ["T", "1", "100", "77", "40", "11"]
    with Image.open(io.BytesIO(base64.b64decode("".join(data for _, data in sent)))) as came:
        assert (came.format, came.size) == ("PNG", (320, 176))


def test_a_row_of_cells_says_its_picture_row_and_first_column() -> None:
    text = kitty.cells(0x123456, 2, 5, 9)
    assert text.startswith("\x1b[38;2;18;52;86m")
    marks = kitty._marks()
    assert f"{kitty.PLACEHOLDER}{marks[2]}{marks[5]}{kitty.PLACEHOLDER * 3}\x1b[0m" in text
    strip, console = PixelStrip(0x123456, 2, 0, 20), Console()
    assert strip.crop(5, 9).render(console) == text
    assert [part.cell_length for part in strip.divide([4, 20])] == [4, 16]
    assert strip.crop(0, 20) is strip


@pytest.mark.parametrize(
    ("environ", "supported"),
    [
        ({"TERM": "xterm-kitty"}, True),
        ({"KITTY_WINDOW_ID": "1", "TERM": "xterm-256color"}, True),
        ({"TERM_PROGRAM": "ghostty"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "foot"}, False),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux"}, False),
        ({"TERM": "xterm-kitty", "TEXTUAL_DRIVER": "web"}, False),
    ],
)
def test_only_terminals_known_to_show_pixels_are_sent_any(
    environ: dict[str, str], supported: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kitty.is_supported(environ) is supported
    for name in ("TERM", "KITTY_WINDOW_ID", "TERM_PROGRAM", "TMUX", "TEXTUAL_DRIVER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VIDPIPE_UI__IMAGES", "auto")
    assert pixel_cell(Depth.TRUE, grey=False) is None
    monkeypatch.setenv("VIDPIPE_UI__IMAGES", "pixels")
    assert (pixel_cell(Depth.TRUE, grey=False) is not None) is supported
    assert pixel_cell(Depth.TRUE, grey=True) is None
    assert pixel_cell(Depth.INDEXED, grey=False) is None


async def test_what_is_no_longer_kept_is_dropped_in_the_terminal_too(tmp_path: Path) -> None:
    sent: list[str] = []
    store = PictureStore(Depth.TRUE, cell=CELL, send=sent.append, limit=150)
    first, second = (store.large(picture(tmp_path / f"{name}.png"), 20, 5) for name in "ab")
    number = (await store.draw(first)).number
    assert (await store.draw(first)).number == number
    assert len(sent) == 1
    await store.draw(second)
    assert sent[2:] == [kitty.forget(number)]
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    assert "cannot be shown" in (await store.draw(store.large(broken, 20, 5))).problem
    assert sum("a=T" in text for text in sent) == 2


class Gallery(App[None]):
    CSS = "Preview { width: 40; height: 12; }"

    def compose(self) -> ComposeResult:
        yield Preview()


async def test_a_preview_stands_in_placeholders_after_its_picture_was_sent(tmp_path: Path) -> None:
    sent: list[str] = []
    app = Gallery()
    preview_store._STORES[app] = PictureStore(Depth.TRUE, cell=CELL, send=sent.append)
    async with app.run_test(size=(60, 20)) as pilot:
        preview = app.query_one(Preview)
        preview.show(picture(tmp_path / "a.png"))
        await until(pilot, lambda: preview.ready)
        lines = [line.render(app.console) for line in preview.render_lines(preview.size.region)]
        assert sum(line.count(kitty.PLACEHOLDER) for line in lines) == 40 * 11
        assert pieces(sent[0])[0][0]["c"] == "40"
