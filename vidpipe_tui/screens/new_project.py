"""A new film: the prompt first, everything else has a default, and the price stands beside it while one types."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import ClassVar
from uuid import UUID

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Grid, Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static, TextArea

from vidpipe_tui.domain.commands import NewProject
from vidpipe_tui.domain.views import Estimate
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.remembered import recall, remember
from vidpipe_tui.screens.base import StudioScreen
from vidpipe_tui.screens.dialogs import confirm
from vidpipe_tui.screens.film_commands import priced
from vidpipe_tui.screens.new_project_fields import FIELDS, PROMPT_HELP, Field, read_form
from vidpipe_tui.themes import style_sheet
from vidpipe_tui.widgets.background import latest
from vidpipe_tui.widgets.bars import CommandLine, TopLine
from vidpipe_tui.widgets.choice_field import ChoiceField
from vidpipe_tui.widgets.line import Heading
from vidpipe_tui.widgets.trouble_words import in_keys
from vidpipe_tui.widgets.words import money

_PAUSE_SECONDS = 0.3
"""How long typing must pause before the price is worked out, and how much of it a killed program may lose."""


class NewProjectScreen(StudioScreen[UUID | None]):
    """The form; its result is the new project, or None. What was typed is kept until a film is made of it."""

    CSS_PATH = style_sheet("form.tcss")
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("form")
    AUTO_FOCUS = "#field-prompt"

    def __init__(self) -> None:
        super().__init__()
        kept = recall().get("draft")
        self._draft = {str(key): str(value) for key, value in kept.items()} if isinstance(kept, dict) else {}
        self._chosen = set(self._draft)
        """The fields whose value is the person's own, so that no default takes its place."""
        self._pause: asyncio.TimerHandle | None = None
        self._keeping: asyncio.TimerHandle | None = None
        self._touched: set[str] = set()
        self._making = False
        self._made = False

    def compose(self) -> ComposeResult:
        """Prompt, fields in two columns, price."""
        kept = "your draft from before" if self._draft.get("prompt") else ""
        yield TopLine((("vidpipe", "line--bright"),), ((kept, "line--muted"),))
        with VerticalScroll(can_focus=False, id="form"):
            yield Heading("New film")
            yield Static("What happens in it?", markup=False, id="prompt-label")
            yield TextArea(self._draft.get("prompt", ""), id="field-prompt", compact=True, highlight_cursor_line=False)
            yield Static("", markup=False, id="wrong-prompt", classes="form--wrong")
            with Grid(id="form-fields"):
                for field in FIELDS:
                    yield from self._field(field)
            yield Heading("Price")
            yield Static("", markup=False, id="form-price")
        yield Static("", markup=False, id="form-help")
        yield CommandLine()

    def _field(self, field: Field) -> ComposeResult:
        value = self._draft.get(field.name, field.default)
        with Vertical(classes="form--field"):
            with Horizontal(classes="form--row"):
                yield Static(field.label, markup=False, classes="form--label")
                if field.choices:
                    choices = field.choices if value in field.choices else (*field.choices, value)
                    yield ChoiceField(choices, value, plain=self.studio_app.plain, node_id=f"field-{field.name}")
                else:
                    yield Input(value, placeholder=field.hint, compact=True, id=f"field-{field.name}")
            yield Static("", markup=False, id=f"wrong-{field.name}", classes="form--wrong")

    def on_mount(self) -> None:
        """The service is loaded while the first words are typed."""
        prompt = self.query_one("#field-prompt", TextArea)
        prompt.move_cursor(prompt.document.end)
        latest(self, self._offer, "providers")
        self._later()

    async def _offer(self) -> None:
        try:
            studio = await self.studio_app.service()
            providers = await studio.providers()
        except VidpipeError as error:
            self._say_price(in_keys(error.sentence()))
            return
        if not self.query("#field-seed"):
            return  # the form was left meanwhile
        defaults = studio.settings.pipeline
        provider = self.query_one("#field-provider", ChoiceField)
        provider.offer(tuple(sorted({*providers, defaults.provider})))
        if "provider" not in self._chosen:
            provider.choose(defaults.provider)
        if "aspect_ratio" not in self._chosen:
            self.query_one("#field-aspect_ratio", ChoiceField).choose(defaults.default_aspect_ratio)
        self.query_one("#field-style", Input).placeholder = defaults.default_style
        self.query_one("#field-clip_seconds", Input).placeholder = str(defaults.default_clip_duration)
        self._later()

    # ---- what was typed

    def values(self) -> dict[str, str]:
        """What stands in the fields."""
        typed = {"prompt": self.query_one("#field-prompt", TextArea).text}
        for field in FIELDS:
            widget = self.query_one(f"#field-{field.name}")
            typed[field.name] = widget.value if isinstance(widget, Input | ChoiceField) else ""
        return typed

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Says what belongs in the field, and how it is changed."""
        name = (event.widget.id or "").removeprefix("field-")
        words = PROMPT_HELP if name == "prompt" else next((field.help for field in FIELDS if field.name == name), "")
        how = " Left and right change it." if isinstance(event.widget, ChoiceField) else ""
        self.query_one("#form-help", Static).update(f"{words}{how}")

    def on_text_area_changed(self) -> None:
        """The prompt changed."""
        self._touched.add("prompt")
        self._later()

    def on_input_changed(self, message: Input.Changed) -> None:
        """A field changed."""
        message.stop()
        self._touched.add((message.input.id or "").removeprefix("field-"))
        self._later()

    def on_choice_field_changed(self, message: ChoiceField.Changed) -> None:
        """A choice changed."""
        message.stop()
        self._chosen.add((message.field.id or "").removeprefix("field-"))
        self._later()

    def _later(self) -> None:
        if self._keeping is None:
            self._keeping = asyncio.get_running_loop().call_later(_PAUSE_SECONDS, self._keep)
        if self._pause is not None:
            self._pause.cancel()
        self._pause = asyncio.get_running_loop().call_later(_PAUSE_SECONDS, self._paused)

    def _keep(self) -> None:
        """Keeps what was typed, however fast one types on."""
        self._keeping = None
        if self.is_attached and not self._made:
            self._draft = self.values()
            remember(draft={name: value for name, value in self._draft.items() if value})

    def leave(self) -> None:
        """Keeps what was typed till now."""
        self._keep()
        super().leave()

    def _paused(self) -> None:
        self._pause = None
        if not self.is_attached or self._making or self._made:
            return
        values = self.values()
        made, wrong = read_form(values)
        self._say_wrong({name: text for name, text in wrong.items() if name in self._touched})
        if made is not None:
            if self.studio_app.door.studio is None:
                self._say_price("Working out the price ...")
            latest(self, partial(self._estimate, made), "estimate")
        else:
            missing = "there is a prompt" if "prompt" in wrong else "every field is right"
            self._say_price(f"The price is shown as soon as {missing}.")

    def _say_wrong(self, wrong: dict[str, str]) -> None:
        for name in ("prompt", *(field.name for field in FIELDS)):
            sentence = self.query_one(f"#wrong-{name}", Static)
            sentence.update(wrong.get(name, ""))
            sentence.display = name in wrong

    async def _agreed(self, made: NewProject, estimate: Estimate) -> bool:
        """Asks before anything is spent, whether or not the price was seen already."""
        if not estimate.total:
            return True
        self._show_price(made, estimate)
        ask = confirm("Make it?", f"The film will cost about:\n\n{_price(made, estimate)}", "make it", no="not now")
        return await self.app.push_screen_wait(ask) == "yes"

    def _say_price(self, text: str) -> None:
        for price in self.query("#form-price").results(Static):  # none, where the form was left meanwhile
            total = text.rfind("\nin all")
            price.update(Content(text).stylize("bold", total) if total >= 0 else Content(text))

    async def _estimate(self, made: NewProject) -> None:
        try:
            estimate = await (await self.studio_app.service()).estimate(made)
        except VidpipeError as error:
            self._say_price(in_keys(error.sentence()))
            return
        self._show_price(made, estimate)

    def _show_price(self, made: NewProject, estimate: Estimate) -> None:
        if estimate.total:
            self._say_price(_price(made, estimate))
        else:
            parts = ", ".join(f"{stage.count} {stage.stage}" for stage in estimate.stages)
            self._say_price(f"Free with the {estimate.provider} provider: {parts}. {estimate.note}".strip())

    # ---- making it

    def command_state(self, command: str) -> bool | None:
        """One film at a time."""
        return None if command == "create" and self._making else True

    def action_create(self) -> None:
        """Makes the film and runs it, or goes to the first field that is wrong."""
        made, wrong = read_form(self.values())
        self._touched |= set(wrong)
        self._say_wrong(wrong)
        if made is None:
            self.query_one(f"#field-{next(iter(wrong))}").focus()
            return
        if not self._making:
            self._making = True
            self._say_price("Making the film ...")
            self.refresh_bindings()
            self.studio_app.do(self._create(made), group="create", exclusive=True)

    async def _create(self, made: NewProject) -> None:
        studio = await self.studio_app.service()
        try:
            if not await self._agreed(made, await studio.estimate(made)):
                return
            project_id = await studio.create(made)
            self._made = True
        except VidpipeError as error:
            self._say_price(in_keys(error.sentence()))
            raise
        finally:
            self._making = False
            self.refresh_bindings()
        remember(draft={})
        self.dismiss(project_id)
        await studio.start(project_id)


def _price(made: NewProject, estimate: Estimate) -> str:
    """The price by stage, and that the budget ends the film before that where it does."""
    short = made.budget is not None and made.budget < estimate.total
    end = f"\nYour budget of {money(made.budget)} is reached before that: the film stops there." if short else ""
    return f"{priced(estimate)}{end}"
