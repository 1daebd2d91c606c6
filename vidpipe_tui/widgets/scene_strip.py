"""The scenes of a film, one below the other: state, number, both keyframes as small pictures, name. Line API."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.pictures.fit import fit
from vidpipe_tui.pictures.palette import Depth
from vidpipe_tui.widgets.background import latest
from vidpipe_tui.widgets.preview_store import Wanted, store_of
from vidpipe_tui.widgets.preview_strip import MixedStrip, padded
from vidpipe_tui.widgets.scene_facts import SceneLine
from vidpipe_tui.widgets.scene_row import lying
from vidpipe_tui.widgets.states import STATE_CLASSES
from vidpipe_tui.widgets.words import fit as fit_text
from vidpipe_tui.widgets.words import fit_lines

MOST_LINES = 4
_MARKS = 6
"""Cells before the pictures: margin, glyph, number, gap."""
_NAME = 14
"""Cells for the name that larger pictures must leave."""


class SceneStrip(ScrollView, can_focus=True):
    """The list of scenes with a cursor. Given new lines, only those that changed are drawn again; it never jumps."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("move")
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *STATE_CLASSES,
        "scenes--chosen",
        "scenes--chosen-blurred",
        "scenes--muted",
        "scenes--empty",
    }

    class Chosen(Message):
        """The cursor is on another scene."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class Opened(Message):
        """A scene was clicked twice."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    class Sideways(Message):
        """To the left (-1) or right (1) of the scene: among its pictures and its clip."""

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, *, plain: bool = False, node_id: str | None = None) -> None:
        super().__init__(id=node_id)
        self._scenes: tuple[SceneLine, ...] = ()
        self._cursor = 0
        self._ratio = 16 / 9
        self._plain = plain
        self._step = 0
        self._lines: dict[int, list[Strip]] = {}

    @property
    def cursor(self) -> int:
        """Index of the chosen scene."""
        return self._cursor

    def show(self, scenes: tuple[SceneLine, ...], ratio: float) -> None:
        """Shows the scenes; the cursor stays where it is."""
        old, self._scenes = self._scenes, scenes
        if len(old) != len(scenes) or ratio != self._ratio:
            self._ratio = ratio
            self._layout()
        else:
            for before, now in zip(old, scenes, strict=True):
                if before != now:
                    self._forget(now.index, around_pictures=(before.start, before.end) == (now.start, now.end))
        self._cursor = max(0, min(self._cursor, len(scenes) - 1))
        self._ask()

    def choose(self, index: int) -> None:
        """Puts the cursor on a scene and brings it into sight; tells nobody."""
        index = max(0, min(index, len(self._scenes) - 1))
        if index != self._cursor and self._scenes:
            before, self._cursor = self._cursor, index
            self._forget(before)
            self._forget(index)
        self._into_sight()

    def turn(self, step: int) -> None:
        """Turns the glyph of the scenes that are worked on."""
        self._step = step
        for scene in self._scenes:
            if scene.look.name == "working":
                self._forget(scene.index, glyph_only=True)

    @property
    def _lies(self) -> bool:
        return self.size.height == 1

    @property
    def line_height(self) -> int:
        """Lines per scene: its pictures', and one more where there is room, which longer names take."""
        pictures = self._picture_lines
        return pictures if pictures < 2 else min(pictures + 1, max(pictures, self.size.height // len(self._scenes)))

    @property
    def _picture_lines(self) -> int:
        """Lines of the pictures: as many as all scenes fit with, 2 to 4, or 1 without (too many, too narrow)."""
        if not self._scenes or not self.size.height or self.size.width < 30:
            return 1
        if store_of(self.app).depth is Depth.NONE or len(self._scenes) > self.size.height:
            return 1
        lines = max(2, min(MOST_LINES, self.size.height // len(self._scenes)))
        while lines > 2 and _MARKS + 2 * (fit(24, lines, self._ratio).width + 1) + _NAME > self.size.width:
            lines -= 1
        return lines

    def _layout(self) -> None:
        self._lines.clear()
        self.virtual_size = Size(self.size.width, len(self._scenes) * self.line_height)
        self.refresh()

    def _forget(self, index: int, *, around_pictures: bool = False, glyph_only: bool = False) -> None:
        """Has a scene drawn again; what did not change of it is not sent to the terminal again."""
        self._lines.pop(index, None)
        if self._lies:
            self.refresh()
            return
        height, width = self.line_height, self.outer_size.width
        top = index * height - self.scroll_offset.y
        if glyph_only:
            self.refresh(Region(0, top, _MARKS, 1))
        elif around_pictures and height > 1:
            words = _MARKS + 2 * (self._picture_width() + 1)
            self.refresh(Region(0, top, _MARKS, height), Region(words, top, width - words, min(height, 2)))
        else:
            self.refresh(Region(0, top, width, height))

    def _into_sight(self) -> None:
        height = self.line_height
        region = Region(0, self._cursor * height, 1, height)
        self.scroll_to_region(region, animate=False, force=True, immediate=True)

    def on_resize(self) -> None:
        """Lays out anew: lines per scene depend on the height."""
        self._layout()
        self._into_sight()
        self._ask()

    def on_focus(self) -> None:
        """Shows the cursor as live."""
        self._forget(self._cursor)

    def on_blur(self) -> None:
        """Shows the cursor as at rest."""
        self._forget(self._cursor)

    def notify_style_update(self) -> None:
        """Another theme: everything is drawn again."""
        self._lines.clear()
        super().notify_style_update()

    def _picture(self, path: Path | None) -> Wanted | None:
        height = self._picture_lines
        if path is None or height < 2:
            return None
        return Wanted.of(path, self._picture_width(), height)

    def _picture_width(self) -> int:
        return fit(24, self._picture_lines, self._ratio).width

    def _ask(self) -> None:
        """Has the pictures drawn that are not there yet, those in sight first."""
        store = store_of(self.app)
        first = self.scroll_offset.y // self.line_height
        nearest = sorted(self._scenes, key=lambda scene: (scene.index < first, scene.index))
        missing = [
            (scene.index, wanted)
            for scene in nearest
            for wanted in (self._picture(scene.start), self._picture(scene.end))
            if wanted is not None and store.get(wanted) is None
        ]
        if missing:
            latest(self, partial(self._draw, missing), "scene strip")

    async def _draw(self, missing: list[tuple[int, Wanted]]) -> None:
        for index, wanted in missing:
            await store_of(self.app).draw(wanted)
            self._forget(index)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines in sight; each scene's are made once until it changes."""
        if self._lies:
            return [self._lying().crop(crop.x, crop.right)]
        height, width = self.line_height, self.outer_size.width
        blank = self._filtered([Strip.blank(width, self.rich_style)])[0]
        lines: list[Strip] = []
        for y in range(crop.y + self.scroll_offset.y, crop.bottom + self.scroll_offset.y):
            index, line = divmod(y, height)
            strip = blank if index >= len(self._scenes) else self._scene_lines(index)[line]
            lines.append(strip.crop(crop.x, crop.right))
        return lines

    def _scene_lines(self, index: int) -> list[Strip]:
        made = self._lines.get(index)
        if made is None or len(made) != self.line_height:
            made = self._lines[index] = self._filtered(self._make(self._scenes[index]))
        return made

    def _lying(self) -> Strip:
        base = self.rich_style
        chosen = self._style("scenes--chosen" if self.has_focus else "scenes--chosen-blurred")
        width = self.outer_size.width
        strip = lying(self._scenes, self._cursor, width, base, chosen, self._style, plain=self._plain, step=self._step)
        return self._filtered([strip])[0]

    def _filtered(self, lines: list[Strip]) -> list[Strip]:
        background = self.background_colors[1]
        for line_filter in self.get_line_filters():
            lines = [line.apply_filter(line_filter, background) for line in lines]
        return lines

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name, partial=True)

    def _make(self, scene: SceneLine) -> list[Strip]:
        base = self.rich_style
        if scene.index == self._cursor:
            base += self._style("scenes--chosen" if self.has_focus else "scenes--chosen-blurred")
        height = self.line_height
        state = base + self._style(scene.look.css_class)
        muted = base + self._style("scenes--muted")
        if base.reverse:  # as a whole: reversed colours would be patches
            state = muted = base
        lines: list[Strip] = []
        for line in range(height):
            parts: list[Strip] = [_strip(self._lead(scene, line), state if not line else muted)]
            parts += self._pictures(scene, line, base)
            room = self.size.width - sum(part.cell_length for part in parts) - 1
            parts.append(_strip(*self._words(scene, line, room, base, state, muted)))
            lines.append(padded(MixedStrip(parts), self.outer_size.width, base))
        return lines

    def _lead(self, scene: SceneLine, line: int) -> str:
        if line == 0:
            return f" {scene.look.mark(self._plain, self._step)}{scene.index + 1:>3} "
        if line == 1 and scene.cut:
            return "  cut "
        return " " * _MARKS

    def _pictures(self, scene: SceneLine, line: int, base: Style) -> list[Strip]:
        if self.line_height < 2:
            return []
        if line >= self._picture_lines:
            return [Strip.blank(2 * self._picture_width() + 2, base)]
        empty = base + self._style("scenes--empty")
        parts: list[Strip] = []
        for path in (scene.start, scene.end):
            wanted = self._picture(path)
            drawn = store_of(self.app).get(wanted) if wanted is not None else None
            if drawn is not None and len(drawn.lines) == self._picture_lines:
                parts.append(drawn.lines[line])
            else:
                parts.append(Strip.blank(self._picture_width(), empty))
            parts.append(Strip.blank(1, base))
        return parts

    def _words(
        self, scene: SceneLine, line: int, room: int, base: Style, state: Style, muted: Style
    ) -> tuple[str, Style, str, Style]:
        """The name, over all lines but one, then state and progress; both on one line where there is only one."""
        if self.line_height == 1:
            word = f"{'cut ' if scene.cut else ''}{scene.word}"
            word = word if room - cell_len(word) > 12 else ""
            return fit_text(scene.name, room - cell_len(word) - 1) + " ", base, word, state
        name = fit_lines(scene.name, room, self.line_height - 1).split("\n")
        if line < len(name):
            return fit_text(name[line], room), base, "", muted
        if line == len(name):
            percent = f" {scene.progress:.0%}" if scene.progress is not None else ""
            return fit_text(scene.word + percent, room), state if scene.look.name != "done" else muted, "", muted
        return "", base, "", muted

    def _move_to(self, index: int) -> None:
        before = self._cursor
        self.choose(index)
        if self._cursor != before:
            self.post_message(self.Chosen(self._cursor))

    def action_cursor_down(self) -> None:
        """To the next scene."""
        self._move_to(self._cursor + 1)

    def action_cursor_up(self) -> None:
        """To the scene before."""
        self._move_to(self._cursor - 1)

    def action_cursor_right(self) -> None:
        """Where the strip is one line the next scene lies to the right; else what is right of this one."""
        self._sideways(1)

    def action_cursor_left(self) -> None:
        """The scene before where the strip is one line; else what is left of this one."""
        self._sideways(-1)

    def _sideways(self, step: int) -> None:
        if self._lies:
            self._move_to(self._cursor + step)
        else:
            self.post_message(self.Sideways(step))

    def action_page_down(self) -> None:
        """One page of scenes down."""
        self._move_to(self._cursor + max(1, self.size.height // self.line_height))

    def action_page_up(self) -> None:
        """One page of scenes up."""
        self._move_to(self._cursor - max(1, self.size.height // self.line_height))

    def action_first(self) -> None:
        """To the first scene."""
        self._move_to(0)

    def action_last(self) -> None:
        """To the last scene."""
        self._move_to(len(self._scenes) - 1)

    def on_click(self, event: events.Click) -> None:
        """Chooses the scene that is clicked; a second click opens it."""
        index = (event.y + self.scroll_offset.y) // self.line_height
        if 0 <= index < len(self._scenes):
            self._move_to(index)
            if event.chain > 1:
                self.post_message(self.Opened(index))


def _strip(*pairs: str | Style) -> Strip:
    """A strip of texts, each followed by its style."""
    texts, styles = pairs[::2], pairs[1::2]
    return Strip([Segment(str(text), style) for text, style in zip(texts, styles, strict=True) if text])  # type: ignore[arg-type]
