"""Copies text: with a local tool at home, in tmux through tmux, else through the terminal (OSC 52).

A control sequence is never answered: of what went that way it is said that it was sent, not that it was copied.
"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import sys
from collections.abc import Callable, Mapping

MAX_OSC52_BYTES = 74_994
"""What every terminal with OSC 52 takes, before base64 (xterm's limit of 100,000 characters for the sequence)."""
_TOOL_SECONDS = 2.0
_TMUX = ["tmux", "load-buffer", "-w", "-"]
"""Fills tmux's own buffer and, with -w (tmux 3.2), the clipboard of the terminal around it."""


def local_tool(environ: Mapping[str, str] = os.environ) -> list[str] | None:
    """The command that fills the clipboard of this machine's screen, or None over SSH and where there is none."""
    if environ.get("SSH_CONNECTION") or environ.get("SSH_TTY") or environ.get("SSH_CLIENT"):
        return None
    candidates: list[list[str]] = []
    if sys.platform == "darwin":
        candidates.append(["pbcopy"])
    if environ.get("WAYLAND_DISPLAY"):
        candidates.append(["wl-copy"])
    if environ.get("DISPLAY"):
        candidates += [["xclip", "-selection", "clipboard"], ["xsel", "--clipboard", "--input"]]
    if environ.get("WSL_DISTRO_NAME"):
        candidates.append(["clip.exe"])
    return next((command for command in candidates if shutil.which(command[0])), None)


def osc52(text: str) -> str:
    """The control sequence that asks the terminal to copy `text`.

    It is not wrapped inside tmux: tmux takes it itself (`set-clipboard on`), and has let nothing pass since 3.3.
    """
    return f"\x1b]52;c;{base64.b64encode(text.encode('utf-8', 'replace')).decode('ascii')}\x07"


async def copy(text: str, write: Callable[[str], None]) -> str:
    """Copies `text` and returns the sentence that says how; `write` sends a control sequence to the terminal."""
    command = local_tool()
    if command is not None and await _copied_by(command, text):
        return f"Copied with {command[0]}."
    inside_tmux = bool(os.environ.get("TMUX"))
    if inside_tmux and await _copied_by(_TMUX, text):
        return "Copied to tmux (prefix ] pastes), and sent to its terminal's clipboard."
    if len(text.encode("utf-8", "replace")) > MAX_OSC52_BYTES:
        return "Not copied: this is more than a terminal takes over its line (75 kB)."
    write(osc52(text))
    return f"Sent to {'tmux' if inside_tmux else 'the terminal'} (OSC 52), which copies it if it is set to."


async def _copied_by(command: list[str], text: str) -> bool:
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return False
    try:
        await asyncio.wait_for(process.communicate(text.encode("utf-8", "replace")), _TOOL_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
        return False
    return process.returncode == 0
