"""Asks for a new take: what to change about it, and what it costs, before anything is asked for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult
from textual.widgets import Input, Static, TextArea

from vidpipe_tui.domain.commands import NewTake
from vidpipe_tui.domain.views import ProjectView, SceneView
from vidpipe_tui.domain.vocabulary import MAX_PROMPT, MAX_SEED
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.screens.dialogs import Choice, Dialog
from vidpipe_tui.themes import style_sheet
from vidpipe_tui.widgets.background import latest, present
from vidpipe_tui.widgets.scene_facts import stale_words
from vidpipe_tui.widgets.trouble_words import in_keys
from vidpipe_tui.widgets.words import money

if TYPE_CHECKING:
    from vidpipe_tui.services.studio import Studio

PROMPTS = {"start": "start_frame_prompt", "end": "end_frame_prompt", "clip": "video_motion_prompt"}


class NewTakeDialog(Dialog[NewTake | None]):
    """The prompt, a note, a seed and a model, all optional; the price stands below and follows what is typed."""

    CSS_PATH: ClassVar[list[Any]] = [style_sheet("dialogs.tcss"), style_sheet("take.tcss")]  # type: ignore[assignment]

    def __init__(
        self, studio: Studio, project: ProjectView, scene: SceneView, slot: str, prompt: str | None = None
    ) -> None:
        what = slot if slot == "clip" else f"{slot} frame"
        inherited = slot == "start" and scene.start is not None and scene.start.source == "inherited"
        text = "This start frame is the end of the scene before; a take of its own makes the scene open with a cut."
        super().__init__(
            f"A new take: {what} of scene {scene.number}",
            text if inherited else "",
            (Choice("ctrl+s", "make it", "make"), Choice("escape", "cancel", "")),
        )
        self._studio = studio
        self._project = project
        self._scene = scene
        self._slot = slot
        self._own_prompt = getattr(scene, PROMPTS[slot])
        self._prompt = prompt if prompt is not None else self._own_prompt

    def content(self) -> ComposeResult:
        """Four fields with labels, and the price."""
        yield Static("Prompt", markup=False, classes="field--label")
        yield TextArea(self._prompt, id="take-prompt", soft_wrap=True, compact=True, highlight_cursor_line=False)
        yield Static("Note, what should be different", markup=False, classes="field--label")
        yield Input(self._scene.note, id="take-note", compact=True)
        yield Static("Seed, a whole number; empty: another one", markup=False, classes="field--label")
        yield Input(id="take-seed", compact=True, max_length=10)
        yield Static("Model; empty: the usual one", markup=False, classes="field--label")
        yield Input(id="take-model", compact=True, max_length=200)
        yield Static("The price is being looked up.", markup=False, id="take-price")
        yield Static("", markup=False, id="dialog-error")

    def on_mount(self) -> None:
        """Starts in the prompt."""
        self.query_one(TextArea).focus()
        self._ask_price()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Another model may have another price."""
        event.stop()
        self._ask_price()

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """A long prompt may have another price."""
        event.stop()
        self._ask_price()

    def _ask_price(self) -> None:
        latest(self, self._price, "price")

    async def _price(self) -> None:
        await asyncio.sleep(0.25)
        if not present(self):
            return
        take = self._take()
        if isinstance(take, str):
            words = ""
        else:
            try:
                consequence = await self._studio.take_consequence(self._project.id, take)
                price = f"It costs about {money(consequence.own)}." if consequence.own else "It costs nothing."
                if consequence.rest:
                    price += f" Then the run goes on with the rest of the film: about {money(consequence.rest)}."
                words = f"{price} {stale_words(consequence.stale)}"
            except VidpipeError as error:
                words = in_keys(error.sentence())
        if present(self):
            self.query_one("#take-price", Static).update(words)
            self.query_one("#dialog-error", Static).update(take if isinstance(take, str) else "")

    def _take(self) -> NewTake | str:
        """What was typed as a request, or the sentence about what is wrong with it."""
        prompt = self.query_one("#take-prompt", TextArea).text.strip()
        seed = self.query_one("#take-seed", Input).value.strip()
        if not prompt:
            return "A take needs a prompt."
        if len(prompt) > MAX_PROMPT:
            return f"The prompt is longer than {MAX_PROMPT:,} characters."
        if seed and not (seed.isdecimal() and int(seed) <= MAX_SEED):
            return f"The seed is a whole number from 0 to {MAX_SEED}."
        return NewTake(
            self._scene.index,
            self._slot,
            prompt=prompt if prompt != self._own_prompt else None,
            note=self.query_one("#take-note", Input).value.strip(),
            seed=int(seed) if seed else None,
            model=self.query_one("#take-model", Input).value.strip() or None,
        )

    def choose(self, choice: Choice) -> None:
        """Dismisses the request, or says what is wrong with it."""
        take = self._take() if choice.value else None
        if isinstance(take, str):
            self.query_one("#dialog-error", Static).update(take)
        else:
            self.dismiss(take)
