"""Copies text: with a local tool at home, through the terminal (OSC 52) over SSH or where there is no tool."""

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


def osc52(text: str, *, tmux: bool) -> str:
    """The control sequence that asks the terminal to copy `text`; inside tmux it is wrapped to pass through."""
    sequence = f"\x1b]52;c;{base64.b64encode(text.encode('utf-8', 'replace')).decode('ascii')}\x07"
    return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\" if tmux else sequence


async def copy(text: str, write: Callable[[str], None]) -> str:
    """Copies `text` and returns the sentence that says how; `write` sends a control sequence to the terminal."""
    command = local_tool()
    if command is not None and await _copied_by(command, text):
        return f"Copied with {command[0]}."
    if len(text.encode("utf-8", "replace")) > MAX_OSC52_BYTES:
        return "Not copied: this is more than a terminal takes over its line (75 kB)."
    inside_tmux = bool(os.environ.get("TMUX"))
    write(osc52(text, tmux=inside_tmux))
    way = "through tmux to the terminal" if inside_tmux else "through the terminal"
    return f"Copied {way} (OSC 52)."


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
