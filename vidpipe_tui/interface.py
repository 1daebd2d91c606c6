"""The `ui` settings the first paint needs, read without loading the settings' schema (which costs 200 ms)."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from vidpipe_tui.config.paths import quick_setting

_TRUE = frozenset({"1", "true", "yes", "on", "t", "y"})
_KEYMAP_PREFIX = "VIDPIPE_UI__KEYMAP__"


@dataclass(frozen=True, slots=True)
class Interface:
    """How the studio looks and is moved. `plain`: ASCII glyphs; `still`: nothing moves that need not.

    `theme` '' means nobody chose one. `on_hangup` is stop or detach.
    """

    theme: str = ""
    plain: bool = False
    still: bool = False
    on_hangup: str = "stop"
    keymap: Mapping[str, str] = field(default_factory=dict)


def read_interface() -> Interface:
    """The settings as environment, `.env` and `config.toml` have them; wrong values are left to the real settings."""
    encoding = (getattr(sys.__stderr__, "encoding", None) or "").lower().replace("-", "")
    return Interface(
        theme=str(quick_setting("ui", "theme") or ""),
        plain=_true(quick_setting("ui", "ascii")) or not encoding.startswith("utf"),
        still=_true(quick_setting("ui", "reduced_motion")),
        on_hangup="detach" if quick_setting("ui", "on_hangup") == "detach" else "stop",
        keymap=_keymap(),
    )


def _true(value: Any) -> bool:
    return value is True or (isinstance(value, str) and value.strip().lower() in _TRUE)


def _keymap() -> dict[str, str]:
    value = quick_setting("ui", "keymap")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            value = {}
    keymap = {str(name): str(keys) for name, keys in value.items()} if isinstance(value, dict) else {}
    for variable, keys in os.environ.items():
        if variable.upper().startswith(_KEYMAP_PREFIX):
            keymap[variable[len(_KEYMAP_PREFIX) :].lower()] = keys
    return keymap
