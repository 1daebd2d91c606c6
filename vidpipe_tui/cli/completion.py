"""Shell completion: the script of a shell, shown or installed."""

from __future__ import annotations

import os
from pathlib import Path

from vidpipe_tui.cli import output
from vidpipe_tui.errors import UsageError

VARIABLE = "_VIDPIPE_COMPLETE"
"""What a shell's script sets when it asks what may stand next; it calls the program without arguments then."""
INSTALL, SHOW = "--install-completion", "--show-completion"
_SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


def asks_for_script(arguments: list[str]) -> bool:
    """True for a command line about the script itself. Typer's own options cannot be told which shell is meant."""
    return arguments[:1] != [] and arguments[0].partition("=")[0] in {INSTALL, SHOW}


def script(arguments: list[str]) -> int:
    """Shows or installs the script: `--install-completion [SHELL]`. Raises UsageError for a shell without one."""
    from typer._completion_shared import get_completion_script, install

    option, _, shell = arguments[0].partition("=")
    names = [argument for argument in arguments[1:] if argument != "--json"]
    if not shell:
        shell = names.pop(0) if names else _this_shell()
    if not shell:
        raise UsageError("Which shell this is cannot be told.", hint=f"Name it: vidpipe {option} bash")
    if names or shell not in _SHELLS:
        what = " ".join([shell, *names])
        raise UsageError(f"There is no completion for {what!r}.", hint=f"There is one for {', '.join(_SHELLS)}.")
    if option == SHOW:
        text = get_completion_script(prog_name="vidpipe", complete_var=VARIABLE, shell=shell)
        _say({"ok": True, "shell": shell, "script": text}, text)
        return 0
    _, path = install(shell=shell, prog_name="vidpipe", complete_var=VARIABLE)
    _say({"ok": True, "shell": shell, "path": str(path)}, f"Completion for {shell} is installed in {path}.")
    output.tell("It works in every shell that is opened from now on.")
    return 0


def _say(document: dict[str, object], text: str) -> None:
    if output.wants_json():
        output.document(document)
    else:
        output.line(text)


def _this_shell() -> str:
    """The shell this was typed into, else the person's own; empty where there is no completion for either."""
    from typer._completion_shared import _get_shell_name

    found = (_get_shell_name() or "", Path(os.environ.get("SHELL", "")).name)
    return next((name for name in found if name in _SHELLS), "")
