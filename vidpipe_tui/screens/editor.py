"""Edits a scene's texts and the film's style guide: nothing typed is ever lost, nothing is applied unseen."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static, TextArea

from vidpipe_tui.domain.commands import SCENE_FIELDS, SceneEdit
from vidpipe_tui.domain.views import ProjectView
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.screens.dialogs import confirm
from vidpipe_tui.screens.scene_commands import SceneCommands, consequence_text
from vidpipe_tui.themes import style_sheet
from vidpipe_tui.widgets.background import latest, present
from vidpipe_tui.widgets.bars import CommandLine, TopLine
from vidpipe_tui.widgets.line import Heading
from vidpipe_tui.widgets.scene_facts import scene_name
from vidpipe_tui.widgets.scene_pane import FIELD_LABELS
from vidpipe_tui.widgets.storyboard_text import GUIDE_LABELS
from vidpipe_tui.widgets.trouble_words import in_keys
from vidpipe_tui.widgets.words import one_line, wrapped

DRAFT_SECONDS = 0.3
"""A draft is kept so long after the first key that is not kept yet, however fast one types on: what a killed program
may lose."""
_PRICE_SECONDS = 0.6
_BESIDE = 7
"""Cells of a line that no text has: padding, the cursor at the end, air, the scroll bar."""
_MOST = 9

Place = tuple[int | None, str]
"""A field: scene index (None for the style guide) and name."""


class Field(Vertical):
    """A label that says how the text stands, and the text."""

    def __init__(self, place: Place, label: str, stored: str, draft: str | None) -> None:
        super().__init__(classes="field")
        self.place = place
        self.stored = stored
        self._label = label
        self.area = TextArea(
            stored if draft is None else draft, soft_wrap=True, compact=True, highlight_cursor_line=False
        )

    def compose(self) -> ComposeResult:
        """Label above text."""
        yield Static("", markup=False, classes="field--label")
        yield self.area

    def on_mount(self) -> None:
        """Says how the text stands."""
        self.say()

    @property
    def changed(self) -> bool:
        """Whether the text is not what is stored."""
        return _lines(self.area.text) != _lines(self.stored)

    def open_at(self, width: int) -> None:
        """Stands there at its height from the start: the text area learns its own only after it was drawn once."""
        rows = sum(len(wrapped(line, width)) for line in _lines(self.area.text))
        self.area.styles.min_height = min(_MOST, rows)

    def say(self) -> None:
        """Label, and whether it is a draft."""
        note = "   draft, not applied" if self.changed else ""
        self.query_one(".field--label", Static).update(f"{self._label}{note}")
        self.set_class(self.changed, "-draft")


def _lines(text: str) -> list[str]:
    """The text without regard to how its lines end: a text area writes them all alike."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


class EditorScreen(SceneCommands):
    """One scene's five fields and the style guide. What is typed is a draft; ctrl+s shows its price and applies it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("editor")
    CSS_PATH: ClassVar[list[Any]] = [style_sheet("editor.tcss")]

    def __init__(self, project: ProjectView, index: int, *, field: str = SCENE_FIELDS[0]) -> None:
        super().__init__()
        self.project = project
        self.project_id = project.id
        self._index = index
        self._first = field
        self._keeping: set[Place] = set()

    def compose(self) -> ComposeResult:
        """Which scene, the fields, what applying makes stale, keys."""
        yield TopLine(node_id="editor-top")
        yield VerticalScroll(id="fields", can_focus=False)
        yield Static("", markup=False, id="editor-price", classes="-nothing")
        yield CommandLine()

    def on_mount(self) -> None:
        """Fetches the drafts, then shows the fields."""
        project = self.project
        if project is not None:
            scene = project.scenes[self._index]
            title = ((f"Edit scene {scene.number}  ", "line--bright"), (scene_name(scene), "line--muted"))
            note = "a run goes on; it uses what is applied" if project.driven else ""
            self.query_one(TopLine).show(title, ((note, "line--muted"),))
            self.studio_app.do(self._fill(project), group="drafts", node=self, opens=True)

    async def _fill(self, project: ProjectView) -> None:
        drafts = await (await self.studio()).drafts(self.project_id)
        if not present(self):
            return
        scene = project.scenes[self._index]
        fields: list[Field | Heading] = [
            Field((self._index, name), FIELD_LABELS[name], getattr(scene, name), drafts.get((self._index, name)))
            for name in SCENE_FIELDS
        ]
        fields.append(Heading("Style guide of the whole film"))
        guide = dict.fromkeys(GUIDE_LABELS, "") | dict(project.style_guide)
        fields += [
            Field((None, name), GUIDE_LABELS.get(name, one_line(name)), text, drafts.get((None, name)))
            for name, text in guide.items()
        ]
        for field in fields:
            if isinstance(field, Field):
                field.open_at(self.size.width - _BESIDE)
        await self.query_one("#fields").mount_all(fields)
        for field in self.query(Field):
            if field.place == (self._index, self._first):
                field.area.focus()
        self._ask_price()

    def spot(self) -> tuple[int | None, str]:
        """The scene that is edited."""
        return self._index, "clip"

    def command_state(self, command: str) -> bool | None:
        """Applying and throwing away count where something was typed."""
        if command in {"save", "discard"}:
            return True if any(field.changed for field in self.query(Field)) else None
        return True

    # ---- drafts

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Keeps the draft soon, and looks the price up when the person rests."""
        event.stop()
        field = next((field for field in self.query(Field) if field.area is event.text_area), None)
        if field is None:
            return
        field.say()
        field.area.styles.min_height = 1
        self.refresh_bindings()
        if field.place not in self._keeping:
            self._keeping.add(field.place)
            # It belongs to the program, not to this screen: a draft is written even if the screen is left before.
            self.studio_app.do(self._keep(field), group=f"draft {field.place}")
        self._ask_price()

    async def _keep(self, field: Field) -> None:
        kept: str | None = None
        try:
            while kept != field.area.text:
                await asyncio.sleep(DRAFT_SECONDS)
                studio, kept = await self.studio(), field.area.text
                if field.changed:
                    await studio.save_draft(self.project_id, *field.place, kept)
                else:
                    await studio.clear_draft(self.project_id, *field.place)
        finally:
            self._keeping.discard(field.place)

    def _changes(self) -> tuple[SceneEdit | None, Mapping[str, str]]:
        """The edit of the scene, None where nothing was changed, and the changed parts of the style guide."""
        changed = [field for field in self.query(Field) if field.changed]
        texts = {field.place[1]: field.area.text for field in changed if field.place[0] is not None}
        guide = {field.place[1]: field.area.text for field in changed if field.place[0] is None}
        return SceneEdit(self._index, texts) if texts else None, guide

    def _ask_price(self) -> None:
        latest(self, self._price, "price")

    async def _price(self) -> None:
        await asyncio.sleep(_PRICE_SECONDS)
        if not present(self):
            return
        edit, guide = self._changes()
        words = ""
        if edit is not None or guide:
            try:
                consequence = await (await self.studio()).edit_consequence(self.project_id, edit, guide)
                words = " ".join(consequence_text(consequence).split())
            except VidpipeError as error:
                words = in_keys(error.sentence())
        if present(self):
            price = self.query_one("#editor-price", Static)
            price.update(words)
            price.set_class(not words, "-nothing")

    # ---- commands

    def action_save(self) -> None:
        """Applies what was typed, after showing what it costs."""
        self.work(self._apply())

    async def _apply(self) -> None:
        edit, guide = self._changes()
        if edit is not None or guide:
            if not await self.apply_edit(edit, guide=guide):
                return
            await self._clear()
        if present(self):
            self.dismiss(None)

    async def _clear(self) -> None:
        studio = await self.studio()
        for field in self.query(Field):
            if field.changed:
                self.app.workers.cancel_group(self.app, f"draft {field.place}")
                await studio.clear_draft(self.project_id, *field.place)

    def action_discard(self) -> None:
        """Throws the drafts away, after asking."""
        self.work(self._discard())

    async def _discard(self) -> None:
        count = sum(field.changed for field in self.query(Field))
        text = f"{count} text{'s' if count > 1 else ''} that {'were' if count > 1 else 'was'} not applied."
        ask = confirm("Throw away what was typed?", text, "throw away", loses=True)
        if await self.app.push_screen_wait(ask) == "yes":
            await self._clear()
            if present(self):
                self.dismiss(None)

    def action_edit_field_outside(self) -> None:
        """Edits the focused field in the person's own editor."""
        field = next((field for field in self.query(Field) if field.area.has_focus), None)
        if field is not None:
            self.work(self._outside(field))

    async def _outside(self, field: Field) -> None:
        from vidpipe_tui.screens.outside import edit_text

        text = await edit_text(self.studio_app, field.area.text, field.place[1])
        if present(self) and text != field.area.text:
            # Replaced as one edit, so that ctrl+z in the field takes it back.
            field.area.replace(text, field.area.document.start, field.area.document.end)

    def leave(self) -> None:
        """Closes at once: what was typed is a draft."""
        if any(field.changed for field in self.query(Field)):
            self.studio_app.say("Kept as a draft; e shows it again.")
        self.dismiss(None)
