"""A field with a few possible values: shown is the one that is chosen; arrows, space or a letter change it."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static


class ChoiceField(Static, can_focus=True):
    """Chooses one of `choices`. Never a list to open: there are few, and each press says what it chose."""

    class Changed(Message):
        """Another value is chosen."""

        def __init__(self, field: ChoiceField) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> ChoiceField:
            """The field."""
            return self.field

    def __init__(self, choices: tuple[str, ...], value: str, *, plain: bool, node_id: str | None = None) -> None:
        super().__init__(markup=False, id=node_id)
        self.choices = choices
        self.value = value if value in choices else choices[0]
        self._plain = plain

    def render(self) -> Content:
        """The value between two arrows."""
        left, right = ("<", ">") if self._plain else ("‹", "›")
        return Content(f"{left} {self.value} {right}")

    def choose(self, value: str) -> None:
        """Chooses a value."""
        if value != self.value and value in self.choices:
            self.value = value
            self.refresh(layout=True)
            self.post_message(self.Changed(self))

    def offer(self, choices: tuple[str, ...]) -> None:
        """Offers other values; the chosen one stays if it can."""
        self.choices = choices
        if self.value not in choices:
            self.choose(choices[0])

    def on_key(self, event: events.Key) -> None:
        """Left and right go round, a letter goes to the next value that begins with it."""
        at = self.choices.index(self.value)
        step = {"right": 1, "l": 1, "space": 1, "left": -1, "h": -1}.get(event.key)
        if step is not None:
            event.stop()
            self.choose(self.choices[(at + step) % len(self.choices)])
        elif event.character and event.is_printable:
            event.stop()
            later = self.choices[at + 1 :] + self.choices[:at]
            self.choose(next((value for value in later if value.startswith(event.character)), self.value))

    def on_click(self) -> None:
        """The next one."""
        self.choose(self.choices[(self.choices.index(self.value) + 1) % len(self.choices)])
