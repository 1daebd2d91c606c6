"""What the studio remembers from one time to the next: a small JSON file. Losing it costs nothing but comfort."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from vidpipe_tui.config.paths import state_folder


def _file() -> Path:
    return state_folder() / "studio.json"


def recall() -> dict[str, Any]:
    """Everything remembered; {} where there is nothing or nothing readable."""
    try:
        kept = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def remember(**values: Any) -> None:
    """Lays `values` over what is remembered. A folder that cannot be written is no reason to disturb anybody."""
    kept = recall()
    if all(key in kept and kept[key] == value for key, value in values.items()):
        return
    path = _file()
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps({**kept, **values}), "utf-8")
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
