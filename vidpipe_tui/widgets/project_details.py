"""What the list shows of the chosen project: its keyframes, its prompt, how it is made, and what happened last."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual.containers import Vertical
from textual.widgets import Static

from vidpipe_tui.domain.views import EventView, ProjectRow, ProjectView
from vidpipe_tui.widgets.line import Heading
from vidpipe_tui.widgets.states import STATE_CLASSES, row_look
from vidpipe_tui.widgets.words import fit, money, one_line

_PROMPT = 480
_MARGIN = 4


class ProjectDetails(Vertical, can_focus=False):
    """The pane right of the list. It is told what to show; another text lays nothing out anew."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*STATE_CLASSES, "details--muted"}

    def __init__(self, *, plain: bool) -> None:
        super().__init__(id="details")
        self._plain = plain
        self._row: ProjectRow | None = None
        self._width = 0
        self._heading = Heading("", node_id="details-heading")
        self._place = Vertical(id="details-pictures")
        self._text = Static("", markup=False, id="details-text")

    async def _prepare(self) -> None:
        """Title, a place for pictures, text: mounted when there is something to show, not for the first paint."""
        if not self.children:
            await self.mount(self._heading, self._place, self._text)

    async def show(self, row: ProjectRow | None, *, more: bool = False) -> None:
        """Shows a project's words; pictures of another one go, or are changed in their place if `more` follows."""
        await self._prepare()
        if (row, self.size.width) == (self._row, self._width):
            return
        if not more and (row is None or self._row is None or row.id != self._row.id):
            self.show_pictures(None)
        self._row, self._width = row, self.size.width
        width = max(10, self._width - 8)
        self._heading.say(fit(one_line(row.title), width).rstrip() if row else "")
        self._text.update(self._words(row, None) if row else Text(), layout=False)

    def show_more(self, view: ProjectView, last: EventView | None) -> None:
        """Shows what the service knows besides: keyframes and the last event."""
        if self._row is None or self._row.id != view.id or not self.children:
            return
        self.show_pictures(view)
        self._text.update(self._words(self._row, last), layout=False)

    def show_pictures(self, view: ProjectView | None) -> None:
        """One keyframe per scene, numbered; none takes no room."""
        frames: list[tuple[str, Path | None]] = []
        for scene in view.scenes if view else ():
            shown = scene.start or scene.end
            frames.append((str(scene.number), shown.path if shown else None))
        drawn = any(path for _, path in frames)
        place = self._place
        place.display = drawn
        if view is None or not drawn:
            return
        # Pictures need numpy and Pillow: they are loaded when there are some, not for the first paint.
        from vidpipe_tui.widgets.strip_contact import MOST, ContactStrip, tile_size

        strips = place.query(ContactStrip)
        strip = strips.first() if strips else ContactStrip()
        if not strips:
            place.mount(strip)
        across, _, down = view.aspect_ratio.partition(":")
        ratio, count = int(across) / int(down), min(MOST, len(frames))
        columns, _, lines = tile_size(count, self.size.width - _MARGIN, self.size.height * 2 // 5, ratio)
        place.styles.height = -(-count // columns) * (lines + 1)
        strip.show(frames, ratio=ratio)

    def _words(self, row: ProjectRow, last: EventView | None) -> Text:
        look = row_look(row)
        muted = self.get_component_rich_style("details--muted")
        state = self.get_component_rich_style(look.css_class)
        made = [row.style, row.aspect_ratio, f"{row.scenes} x {row.clip_seconds} s" if row.scenes else "", row.provider]
        budget = f" of {money(row.budget)}" if row.budget is not None else ""
        prompt = one_line(row.prompt)
        text = Text()
        text.append(f"{look.mark(self._plain)} {look.word}", style=state)
        text.append(f"   {money(row.spent)}{budget}\n", style=muted)
        text.append("  ".join(one_line(part) for part in made if part) + "\n\n", style=muted)
        text.append(prompt[:_PROMPT] + ("…" if len(prompt) > _PROMPT else "") + "\n")
        if row.error_message and (last is None or last.message != row.error_message):
            text.append(f"\n{one_line(row.error_message)}\n", style=state)
        if row.output_path is not None:
            text.append(f"\n{one_line(str(row.output_path))}\n", style=muted)
        if last is not None:
            from vidpipe_tui.widgets.log_view import log_text  # nothing of the log is there at the first paint

            text.append(f"\n{' '.join(log_text(last).split())}\n", style=muted)
        return text
