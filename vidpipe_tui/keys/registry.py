"""Every command of the studio: the only place where a key is written. Pure data, no Textual.

A screen or widget binds the commands of its scopes (`binding.bindings_for`) and has a method `action_<id>` for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

EVERYWHERE = "everywhere"
SCOPES = (
    EVERYWHERE,
    "move",
    "list",
    "project",
    "editor",
    "review",
    "seam",
    "player",
    "log",
    "ledger",
    "reader",
    "form",
)
"""Where a command is bound: the whole program, whatever has a cursor or scrolls, then one scope per screen or pane.

`reader` is a screen that is only read: help, doctor, settings.
"""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: `id` names the action and the entry in `ui.keymap`, `title` is the footer's word, `help` a sentence.

    `keys` are Textual's names, the first one is shown. A command without keys is in the palette only. `footer` is its
    place in the footer, 0 for none: where there is little room, what is wanted most is what is shown.
    """

    id: str
    title: str
    keys: tuple[str, ...]
    help: str
    scopes: tuple[str, ...]
    group: str
    footer: int = 0

    @property
    def words(self) -> str:
        """What else people call it, for the palette."""
        return _WORDS.get(self.id, "")


_MOVING, _FILMS, _MAKING, _DECIDING, _EDITING, _LOOKING, _PROGRAM = (
    "Moving",
    "Films",
    "Making",
    "Deciding",
    "Editing",
    "Looking",
    "Program",
)
_SCENE = ("project", "review")
DIGITS = tuple("0123456789")
"""Keys of the one command that is told which of its keys was pressed; they cannot be changed."""

COMMANDS: tuple[Command, ...] = (
    Command("cursor_down", "down", ("j", "down"), "One line down.", ("move",), _MOVING),
    Command("cursor_up", "up", ("k", "up"), "One line up.", ("move",), _MOVING),
    Command("cursor_left", "left", ("h", "left"), "To the left.", ("move",), _MOVING),
    Command("cursor_right", "right", ("l", "right"), "To the right.", ("move",), _MOVING),
    Command("page_down", "page down", ("pagedown", "ctrl+f"), "One page down.", ("move",), _MOVING),
    Command("page_up", "page up", ("pageup", "ctrl+b"), "One page up.", ("move",), _MOVING),
    Command("extend_down", "mark down", ("shift+down",), "One line down, marked with the others.", ("log",), _MOVING),
    Command("extend_up", "mark up", ("shift+up",), "One line up, marked with the others.", ("log",), _MOVING),
    Command("first", "first", ("g", "home"), "To the first line.", ("move",), _MOVING),
    Command("last", "last", ("G", "end"), "To the last line.", ("move",), _MOVING),
    Command("focus_next", "next pane", ("tab",), "To the next pane or field.", (EVERYWHERE,), _MOVING),
    Command("focus_previous", "previous pane", ("shift+tab",), "To the pane or field before.", (EVERYWHERE,), _MOVING),
    Command("jump", "jump", ("ctrl+o",), "A letter on each pane; press it to go there.", (EVERYWHERE,), _MOVING),
    Command("new", "new", ("n",), "Starts a new film from a prompt.", ("list",), _FILMS, 2),
    Command("create", "create and run", ("ctrl+s",), "Makes the film and runs it.", ("form",), _FILMS, 1),
    Command("open", "open", ("enter",), "Opens what is chosen.", ("list", "project", "ledger"), _FILMS, 8),
    Command("back", "back", ("escape",), "Goes back; leaves a text field.", (EVERYWHERE,), _FILMS, 15),
    Command("run", "run", ("r",), "Runs, resumes, or tries again.", ("list", "project", "review"), _MAKING, 9),
    Command("stop", "stop", ("x",), "Stops; what is paid for is kept.", ("list", "project", "review"), _MAKING, 10),
    Command("budget", "budget", ("B",), "Sets the most the film may cost.", ("list", "project"), _MAKING),
    Command("soften", "soften", ("w",), "Rewrites a refused prompt more mildly; shows it.", _SCENE, _MAKING),
    Command("adopt", "adopt", ("A",), "Adopts the provider's clip where it is in doubt.", _SCENE, _MAKING),
    Command("resubmit", "film again", ("F",), "Films a clip in doubt again; may be paid twice.", _SCENE, _MAKING),
    Command("give_up", "give up", ("X",), "Gives a clip in doubt up; the film goes without.", _SCENE, _MAKING),
    Command("join", "join again", (), "Joins the film again from the clips there are.", ("project",), _MAKING),
    Command("review", "review", ("v",), "Opens the review: one decision a key.", ("list", "project"), _DECIDING, 7),
    Command("accept", "accept", ("a",), "Accepts what is shown.", _SCENE, _DECIDING, 3),
    Command("accept_all", "accept all", ("ctrl+a",), "Accepts everything that waits.", _SCENE, _DECIDING),
    Command("reject", "reject", ("R",), "Rejects with a note for the next take.", _SCENE, _DECIDING, 4),
    Command("new_take", "new take", ("n",), "Asks for a new take: prompt, seed or model.", _SCENE, _DECIDING, 5),
    Command("next_take", "take", ("t",), "Shows and chooses the next take.", _SCENE, _DECIDING, 13),
    Command("previous_take", "take before", ("T",), "Shows and chooses the take before.", _SCENE, _DECIDING),
    Command("flip", "flip", ("b",), "Flips between two takes at the same place.", _SCENE, _DECIDING),
    Command("next_undecided", "next", ("right_square_bracket",), "To the next undecided.", _SCENE, _DECIDING, 6),
    Command("previous_undecided", "before", ("left_square_bracket",), "To the undecided before.", _SCENE, _DECIDING),
    Command("pin", "pin", ("p",), "Pins a take: it is never redone.", _SCENE, _DECIDING),
    Command("edit", "edit", ("e",), "Edits what is chosen.", ("list", "project", "review"), _EDITING, 11),
    Command("edit_outside", "$EDITOR", ("E",), "Edits the text in your own editor.", _SCENE, _EDITING),
    Command("save", "apply", ("ctrl+s",), "Applies what was typed; shows the price first.", ("editor",), _EDITING, 1),
    Command("edit_field_outside", "$EDITOR", ("f4",), "Edits this field in your own editor.", ("editor",), _EDITING, 2),
    Command("discard", "discard", ("f8",), "Throws away what was typed and not applied.", ("editor",), _EDITING),
    Command("duplicate", "duplicate", ("D",), "Makes another one like it.", ("list", "project"), _EDITING),
    Command("delete", "delete", ("d",), "Deletes; it can be undone.", ("list", "project"), _EDITING),
    Command("undo", "undo", ("u",), "Takes the last change or decision back.", ("list", *_SCENE), _EDITING),
    Command("redo", "redo", ("ctrl+r",), "Does again what was taken back.", ("list", *_SCENE), _EDITING),
    Command("move_down", "move down", ("J",), "Moves the scene towards the end.", ("project",), _EDITING),
    Command("move_up", "move up", ("K",), "Moves the scene towards the start.", ("project",), _EDITING),
    Command("insert", "insert", ("i",), "Inserts a scene after this one.", ("project",), _EDITING),
    Command("split", "split", ("vertical_line",), "Splits the scene in two.", ("project",), _EDITING),
    Command("merge", "merge", ("M",), "Merges the scene with the next one.", ("project",), _EDITING),
    Command("chain", "chain or cut", ("c",), "Opens the scene with a cut or the frame before.", ("project",), _EDITING),
    Command(
        "filter",
        "filter",
        ("slash",),
        "Filters by words; esc clears.",
        ("list", "project", "log", "ledger"),
        _LOOKING,
        14,
    ),
    Command("sort", "sort", ("S",), "Sorts by the next column.", ("list", "ledger"), _LOOKING),
    Command("group", "group", ("z",), "Groups by state, or not.", ("list",), _LOOKING),
    Command("play", "play", ("space",), "Plays or pauses.", ("project", "review", "player"), _LOOKING, 12),
    Command("frame_back", "frame back", ("less_than_sign",), "One frame back.", ("player",), _LOOKING),
    Command("frame_forward", "frame on", ("greater_than_sign",), "One frame forward.", ("player",), _LOOKING),
    Command("tenth", "jump to", DIGITS, "To that tenth of the clip.", ("player",), _LOOKING),
    Command("seam", "seam", ("s",), "Shows the last frame beside the next one's first.", (*_SCENE, "seam"), _LOOKING),
    Command("pair", "pair", ("P",), "Shows both keyframes of the scene side by side.", ("review",), _LOOKING),
    Command("log", "log", ("L",), "Shows the whole log.", ("project", "log"), _LOOKING),
    Command("follow", "follow", ("f",), "Follows the newest line, or stays.", ("log",), _LOOKING),
    Command("copy", "copy", ("y",), "Copies what is chosen.", ("list", *_SCENE, "log", "ledger", "reader"), _LOOKING),
    Command(
        "open_outside", "open outside", ("o",), "Opens the file in its own program.", ("list", *_SCENE, "log"), _LOOKING
    ),
    Command("ledger", "ledger", ("dollar_sign",), "Shows every paid call.", (EVERYWHERE,), _LOOKING),
    Command("doctor", "doctor", (), "Checks settings, provider, database and folders.", (EVERYWHERE,), _LOOKING),
    Command("settings", "settings", ("comma",), "Shows every setting and where it is from.", (EVERYWHERE,), _LOOKING),
    Command(
        "redraw",
        "draw again",
        ("ctrl+l",),
        "Draws the screen anew.",
        (EVERYWHERE,),
        _PROGRAM,
    ),
    Command("theme", "theme", (), "Changes to the next theme.", (EVERYWHERE,), _PROGRAM),
    Command("palette", "palette", ("ctrl+p",), "Finds a command by its name.", (EVERYWHERE,), _PROGRAM),
    Command(
        "help", "help", ("question_mark", "f1"), "Explains the keys of what is focused.", (EVERYWHERE,), _PROGRAM, 16
    ),
    Command("quit", "quit", ("ctrl+q",), "Leaves; asks first when work runs here.", (EVERYWHERE,), _PROGRAM),
)

_WORDS: Mapping[str, str] = {
    "new": "create make start film project",
    "create": "save start go",
    "run": "start go resume continue retry redo again generate render",
    "stop": "cancel abort pause halt interrupt",
    "budget": "limit cost money spend price maximum",
    "soften": "milder mild safe filter refused rephrase",
    "adopt": "operation doubt rescue",
    "resubmit": "retry again redo doubt",
    "give_up": "skip drop doubt without",
    "join": "export render stitch concatenate crossfade",
    "review": "approve decide check",
    "accept": "approve yes ok agree",
    "accept_all": "approve everything yes",
    "reject": "no decline refuse note",
    "new_take": "redo again retry another regenerate version seed model",
    "next_take": "version other",
    "previous_take": "version other",
    "flip": "compare a/b switch",
    "pin": "lock keep fix hold",
    "edit": "rename change title prompt text",
    "edit_outside": "external vim nano",
    "edit_field_outside": "external vim nano",
    "save": "apply commit",
    "discard": "cancel revert throw away reset",
    "duplicate": "copy clone",
    "delete": "remove trash erase",
    "undo": "back revert take back restore",
    "redo": "again repeat",
    "chain": "join link continuity",
    "filter": "search find",
    "sort": "order",
    "play": "watch pause preview",
    "seam": "transition compare",
    "log": "history events",
    "copy": "clipboard yank path",
    "open_outside": "export show file player folder",
    "ledger": "cost money spent price bill calls",
    "doctor": "check diagnose problem",
    "settings": "options preferences configuration",
    "redraw": "refresh repaint garbled clear screen",
    "theme": "colours colors dark light",
    "help": "keys shortcuts",
    "quit": "exit leave close",
}
"""What people call commands besides their titles; looked for in the palette, shown nowhere."""

BY_ID: Mapping[str, Command] = {command.id: command for command in COMMANDS}

_SHOWN = {
    "right_square_bracket": "]",
    "left_square_bracket": "[",
    "vertical_line": "|",
    "slash": "/",
    "less_than_sign": "<",
    "greater_than_sign": ">",
    "dollar_sign": "$",
    "comma": ",",
    "question_mark": "?",
    "full_stop": ".",
    "escape": "esc",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "shift+tab": "shift+tab",
    "f1": "F1",
    "f4": "F4",
    "f8": "F8",
}


def of_scope(scope: str) -> Iterator[Command]:
    """The commands of a scope, in the order they are written."""
    return (command for command in COMMANDS if scope in command.scopes)


def shown(key: str) -> str:
    """A key as people read it: `?` for `question_mark`, `esc` for `escape`."""
    return _SHOWN.get(key, key)


def keys_shown(keys: Iterable[str]) -> str:
    """Several keys as people read them, separated by a blank; all digits are `0-9`."""
    keys = tuple(keys)
    if keys == DIGITS:
        return "0-9"
    return " ".join(shown(key) for key in keys)


def clashes() -> list[tuple[str, str, str]]:
    """(scope, first command, second command) where a scope binds one key twice; empty in a sound table."""
    found = []
    for scope in SCOPES:
        seen: dict[str, str] = {}
        for command in of_scope(scope):
            for key in command.keys:
                if key in seen:
                    found.append((scope, seen[key], command.id))
                seen[key] = command.id
    return found
