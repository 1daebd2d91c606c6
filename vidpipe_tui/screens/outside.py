"""Programs that take the terminal over for a while: the person's editor and pager. The pipeline runs on meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from vidpipe_tui.errors import UsageError

if TYPE_CHECKING:
    from vidpipe_tui.app import VidpipeApp


async def edit_text(app: VidpipeApp, text: str, name: str) -> str:
    """The text after the person edited it in `$VISUAL` or `$EDITOR`; a last line break is dropped."""
    command = _command(("VISUAL", "EDITOR"), ("nano", "vim", "vi"), "editor")
    with tempfile.TemporaryDirectory(prefix="vidpipe-") as folder:
        path = Path(folder) / f"{name}.txt"
        path.write_text(text + "\n", encoding="utf-8")
        status = await _in_terminal(app, [*command, str(path)])
        if status:
            raise UsageError(f"{command[0]} ended with status {status}; nothing was changed.")
        return path.read_text(encoding="utf-8", errors="replace").removesuffix("\n")


async def page_text(app: VidpipeApp, text: str) -> None:
    """Shows the text in `$PAGER`."""
    command = _command(("PAGER",), ("less", "more"), "pager")
    with tempfile.TemporaryDirectory(prefix="vidpipe-") as folder:
        path = Path(folder) / "log.txt"
        path.write_text(text + "\n", encoding="utf-8")
        await _in_terminal(app, [*command, str(path)])


def _command(variables: tuple[str, ...], usual: tuple[str, ...], what: str) -> list[str]:
    for variable in variables:
        words = shlex.split(os.environ.get(variable, ""))
        if words and shutil.which(words[0]):
            return words
    for name in usual:
        if shutil.which(name):
            return [name]
    raise UsageError(f"There is no {what} here.", hint=f"Set {variables[-1]} to one.")


async def _in_terminal(app: VidpipeApp, command: list[str]) -> int:
    """Runs the command on our terminal and waits for it; its exit status.

    Painting is held back around the suspension: writes to a stopped driver would fill its queue and block the loop.
    """
    try:
        with app.batch_update(), app.suspend():
            process = await asyncio.create_subprocess_exec(*command, process_group=0)
            with _foreground(process.pid):
                return await process.wait()
    except SuspendNotSupported as error:
        raise UsageError("This terminal cannot be given to another program.") from error


@contextlib.contextmanager
def _foreground(group: int) -> Iterator[None]:
    """Makes the process group the terminal's own for a while, so that its ctrl+c is not ours."""
    stdin = sys.__stdin__
    if stdin is None or not stdin.isatty():
        yield
        return
    # Handing the terminal over, and taking it back from behind, would stop a background process.
    before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    try:
        with contextlib.suppress(OSError):
            os.tcsetpgrp(stdin.fileno(), group)
            os.kill(group, signal.SIGCONT)
        yield
    finally:
        with contextlib.suppress(OSError):
            os.tcsetpgrp(stdin.fileno(), os.getpgrp())
        signal.signal(signal.SIGTTOU, before)
