"""What every screen of the studio does: says which commands count, gives way in a small terminal, ends once."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from textual import events
from textual.await_complete import AwaitComplete
from textual.screen import Screen

from vidpipe_tui.keys.registry import BY_ID
from vidpipe_tui.screens.compositing import LineCompositor
from vidpipe_tui.widgets.too_small import TooSmall, too_small

if TYPE_CHECKING:
    from vidpipe_tui.app import VidpipeApp

Result = TypeVar("Result")


class EndsOnce(Screen[Result]):
    """A screen or dialog that ends once: keys and clicks that reach it on its way out do nothing.

    It draws only the lines that changed.
    """

    def __init__(self, *, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._compositor = LineCompositor()

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Ends the screen with `result` if it is the one on top; Textual would take away whatever is on top instead."""
        if self.app.screen_stack[-1:] != [self]:
            nothing: AwaitComplete = AwaitComplete.nothing()  # type: ignore[no-untyped-call]
            return nothing
        return super().dismiss(result)


class StudioScreen(EndsOnce[Result]):
    """A full screen. Its bindings come from `bindings_for(scope)`, its actions are `action_<command id>`."""

    @property
    def studio_app(self) -> VidpipeApp:
        """The program, typed."""
        return cast("VidpipeApp", self.app)

    @property
    def stands(self) -> bool:
        """Whether there is what keys act on; until then what is typed ahead waits."""
        return True

    def command_state(self, command: str) -> bool | None:
        """Whether a command counts now: True, None (shown, not pressable) or False (not there)."""
        del command
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Asks `command_state` about commands of the registry."""
        return self.command_state(action) if action in BY_ID else super().check_action(action, parameters)

    def leave(self) -> None:
        """What `esc` does: leaves a text field if there is another place to be, else closes the screen."""
        from textual.widgets import Input, TextArea

        if isinstance(self.focused, Input | TextArea):
            elsewhere = [node for node in self.focus_chain if not isinstance(node, Input | TextArea)]
            if elsewhere:
                self.set_focus(elsewhere[0])
                return
        if len(self.app.screen_stack) > 1:
            self.dismiss(None)

    def on_screen_suspend(self) -> None:
        """What was said here is not said over another screen."""
        self.studio_app.forget_notices()

    def on_resize(self, event: events.Resize) -> None:
        """Asks for room where there is too little; everything goes on behind the sentence."""
        cover = self.query(TooSmall)
        if too_small(event.size):
            if not cover:
                self.mount(TooSmall())
        elif cover:
            cover.remove()
