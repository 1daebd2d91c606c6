"""Dialogs: a question with one key per answer, a question for a text, and a longer text to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from vidpipe_tui.keys.registry import shown
from vidpipe_tui.screens.base import EndsOnce
from vidpipe_tui.themes import style_sheet
from vidpipe_tui.widgets.too_small import TooSmall, too_small
from vidpipe_tui.widgets.words import one_line

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer: the key (Textual's name), the words, and the value the dialog is dismissed with."""

    key: str
    words: str
    value: str


class ChoiceLabel(Static):
    """An answer that can also be clicked."""

    def __init__(self, choice: Choice) -> None:
        super().__init__(f"{shown(choice.key)} {choice.words}", markup=False, classes="dialog--choice")
        self.choice = choice

    def on_click(self, event: events.Click) -> None:
        """The same as pressing the key."""
        event.stop()
        screen = self.screen
        if isinstance(screen, Dialog):
            screen.choose(self.choice)


class Dialog(EndsOnce[Result], ModalScreen[Result]):
    """A dialog: title, text (scrolls), and its own keys at the bottom. Nothing in it is parsed as markup."""

    CSS_PATH = style_sheet("dialogs.tcss")

    def __init__(self, title: str, text: str = "", choices: Sequence[Choice] = ()) -> None:
        super().__init__(classes="dialog")
        self._title = one_line(title)
        self._text = text
        self.choices = tuple(choices)

    def compose(self) -> ComposeResult:
        """The box, from top to bottom."""
        with VerticalScroll(id="dialog-box", can_focus=False):
            yield Static(self._title, markup=False, id="dialog-title")
            if self._text:
                yield Static(self._text, markup=False, id="dialog-text")
            yield from self.content()
            with Horizontal(id="dialog-choices"):
                for choice in (choice for choice in self.choices if choice.words):
                    yield ChoiceLabel(choice)

    def content(self) -> ComposeResult:
        """What stands between the text and the keys."""
        yield from ()

    def choose(self, choice: Choice) -> None:
        """Ends the dialog with that answer."""
        raise NotImplementedError

    def on_key(self, event: events.Key) -> None:
        """One key, one answer; arrows and page keys scroll a long text."""
        box = self.query_one("#dialog-box", VerticalScroll)
        moves: dict[str, Callable[[], object]] = {
            "down": box.scroll_down,
            "up": box.scroll_up,
            "pagedown": box.scroll_page_down,
            "pageup": box.scroll_page_up,
        }
        for choice in self.choices:
            if event.key == choice.key:
                event.stop()
                self.choose(choice)
                return
        if event.key in moves:
            event.stop()
            moves[event.key]()

    def on_resize(self, event: events.Resize) -> None:
        """Gives way in a terminal that is too small, as every screen does."""
        cover = self.query(TooSmall)
        if too_small(event.size) and not cover:
            self.mount(TooSmall())
        elif cover and not too_small(event.size):
            cover.remove()


class Ask(Dialog[str]):
    """Asks a question; the result is the chosen `value`. The last choice is the harmless one and has `escape`."""

    def choose(self, choice: Choice) -> None:
        """Dismisses the answer."""
        self.dismiss(choice.value)


def confirm(title: str, text: str, yes: str, *, key: str = "y", no: str = "no", loses: bool = False) -> Ask:
    """A yes-or-no question: `key` is yes, `n` and `esc` are no. The result is 'yes' or 'no'.

    `enter` is yes too, unless it `loses` something: an answer that cannot be had back is no habit of the fingers.
    """
    first = (Choice(key, yes, "yes"),) if loses else (Choice("enter", yes, "yes"), Choice(key, "", "yes"))
    return Ask(title, text, (*first, Choice("n", "", "no"), Choice("escape", no, "no")))


class AskText(Dialog[str | None]):
    """Asks for one line of text; the result is the text, or None. `check` returns a sentence where it is wrong."""

    def __init__(
        self,
        title: str,
        text: str = "",
        *,
        value: str = "",
        done: str = "save",
        check: Callable[[str], str] | None = None,
        max_length: int | None = None,
    ) -> None:
        super().__init__(title, text, (Choice("enter", done, "done"), Choice("escape", "cancel", "cancel")))
        self._value = value
        self._check = check
        self._max_length = max_length

    def content(self) -> ComposeResult:
        """The field and the sentence about it."""
        yield Input(
            self._value, max_length=self._max_length or 0, compact=True, select_on_focus=False, id="dialog-input"
        )
        yield Static("", markup=False, id="dialog-error")

    def on_mount(self) -> None:
        """Starts in the field."""
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: done, if the text is right."""
        event.stop()
        self.choose(self.choices[0])

    def on_input_changed(self) -> None:
        """The sentence goes as soon as the person mends the text."""
        self.query_one("#dialog-error", Static).update("")

    def choose(self, choice: Choice) -> None:
        """Dismisses the text, or says what is wrong with it."""
        if choice.value != "done":
            self.dismiss(None)
            return
        text = self.query_one(Input).value
        wrong = self._check(text) if self._check else ""
        if wrong:
            self.query_one("#dialog-error", Static).update(wrong)
        else:
            self.dismiss(text)


class Read(Dialog[None]):
    """A longer text to read; `esc`, `enter` and `q` close it."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__(title, text, (Choice("escape", "close", ""), Choice("enter", "", ""), Choice("q", "", "")))

    def choose(self, choice: Choice) -> None:
        """Closes it."""
        del choice
        self.dismiss(None)
