"""The calls the local provider took on, one JSON line each, so that they can be counted from outside."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from vidpipe_tui.errors import SettingsError


def check_call_log(path: Path | None) -> None:
    """Raises SettingsError where no line could be written to `path`; nothing is created."""
    if path is None:
        return
    if path.is_dir():
        reason = "it is a folder"
    elif not path.parent.is_dir():
        reason = f"there is no folder {path.parent}"
    elif not os.access(path if path.exists() else path.parent, os.W_OK):
        reason = "permission is missing"
    else:
        return
    raise SettingsError(
        f"The call log {path} cannot be written: {reason}.",
        hint="Set VIDPIPE_LOCAL__CALL_LOG to a file in a folder you may write, or leave it unset.",
    )


def append_call(path: Path | None, kind: str, scene_index: int | None, digest: str, operation: str | None) -> None:
    """Appends an accepted call in one write, so that lines of several processes never mix; None: there is no log."""
    if path is None:
        return
    line = {"time": time.time(), "kind": kind, "scene": scene_index, "operation": operation, "request_hash": digest}
    with path.open("ab") as file:
        file.write(json.dumps(line).encode() + b"\n")
