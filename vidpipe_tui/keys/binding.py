"""Turns the commands of a scope into Textual bindings, and reads back which of them can be pressed now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType
from textual.keys import Keys

from vidpipe_tui.keys.registry import BY_ID, COMMANDS, DIGITS, Command, of_scope

if TYPE_CHECKING:
    from textual.dom import DOMNode
    from textual.screen import Screen

_PRIORITY = frozenset({"quit", "palette"})
_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "meta", "hyper"})


def bindings_for(*scopes: str) -> list[BindingType]:
    """Bindings of the scopes' commands: the binding's id is the command's, its action `action_<id>` of the node.

    A digit is told to the action, as its only argument.
    """
    return [
        Binding(
            key,
            f"{command.id}({key})" if key in DIGITS else command.id,
            command.title,
            id=command.id,
            show=command.footer > 0,
            priority=command.id in _PRIORITY,
        )
        for scope in scopes
        for command in of_scope(scope)
        for key in command.keys
    ]


@dataclass(frozen=True, slots=True)
class Pressable:
    """A command that can be reached from what is focused: the node that does it, its keys now, and whether enabled."""

    command: Command
    node: DOMNode
    keys: tuple[str, ...]
    enabled: bool


def pressable(screen: Screen[object]) -> Iterator[Pressable]:
    """The commands of our registry that the focused widget, its screen or the program answer, in binding order."""
    found: dict[str, Pressable] = {}
    for key, active in screen.active_bindings.items():
        command = BY_ID.get(active.binding.id or "")
        if command is None:
            continue
        known = found.get(command.id)
        keys = (*known.keys, key) if known else (key,)
        found[command.id] = Pressable(command, active.node, keys, active.enabled)
    yield from found.values()


def reachable(screen: Screen[object]) -> Iterator[Pressable]:
    """The pressable commands, and those without a key that the screen or the program answers."""
    yield from pressable(screen)
    for command in COMMANDS:
        if command.keys:
            continue
        for node in (screen, screen.app):
            if hasattr(node, f"action_{command.id}") and node.check_action(command.id, ()):
                yield Pressable(command, node, (), enabled=True)
                break


def checked_keymap(keymap: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The entries of `ui.keymap` that make sense, and a sentence for each that does not.

    A key that another command of the same scope has by default is refused, unless that command is given another key.
    """
    good: dict[str, str] = {}
    complaints: list[str] = []
    for identity, keys in keymap.items():
        command = BY_ID.get(identity)
        wanted = [key.strip() for key in keys.split(",") if key.strip()]
        if command is None:
            complaints.append(f"ui.keymap names {identity}, which is no command; `vidpipe_tui.keys` lists them all.")
        elif command.keys == DIGITS:
            complaints.append(f"ui.keymap cannot change {identity}: the digits say where to.")
        elif not wanted or not all(_is_key(key) for key in wanted):
            complaints.append(
                f"ui.keymap gives {identity} the key {keys!r}, which is no key; write it like ctrl+x or f5."
            )
        elif rival := _rival(command, wanted, keymap):
            complaints.append(f"ui.keymap gives {identity} a key that {rival} has; give {rival} another key as well.")
        else:
            good[identity] = ",".join(_named(key) for key in wanted)
    return good, complaints


def _is_key(key: str) -> bool:
    *modifiers, last = key.split("+") if key != "+" else ["+"]
    named = {member.value for member in Keys}
    plain = len(last) == 1 or last in named or (last.replace("_", "").isalpha() and "_" in last)
    return bool(last) and plain and all(modifier in _MODIFIERS for modifier in modifiers)


def _named(key: str) -> str:
    """Textual's name of a key: `question_mark` for `?`."""
    from textual.keys import _character_to_key

    return _character_to_key(key) if len(key) == 1 else key


def _rival(command: Command, wanted: list[str], keymap: Mapping[str, str]) -> str | None:
    names = {_named(key) for key in wanted}
    for scope in command.scopes:
        for other in of_scope(scope):
            if other.id != command.id and other.id not in keymap and names & set(other.keys):
                return other.id
    return None
