"""Faults on demand: `local.faults` read and counted, to learn the tool and to test every ending."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

KINDS = ("storyboard", "image", "clip", "poll", "fetch")
FAULTS = (
    "rate_limit",
    "transient",
    "filtered",
    "lost",
    "never",
    "hang",
    "corrupt",
    "truncated",
    "not_json",
    "empty",
)
UNREADABLE = frozenset({"corrupt", "truncated", "not_json", "empty"})
"""The faults of an answer that came and cannot be used."""
_ENTRY = re.compile(r"(?P<kind>\w+)(?:@(?P<scene>[1-9]\d*))?:(?P<nth>[1-9]\d*|\*):(?P<fault>\w+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry: the `nth` call (from 1; None is all) of a kind goes wrong, of one scene (number from 1) or of any."""

    kind: str
    scene: int | None
    nth: int | None
    what: str


def parse_faults(text: str) -> tuple[Fault, ...]:
    """Reads `kind:nth:what` and `kind@scene:nth:what`, comma-separated; raises ValueError with what is allowed."""
    faults = []
    for entry in filter(None, (part.strip() for part in text.split(","))):
        match = _ENTRY.fullmatch(entry)
        if match is None or match["kind"] not in KINDS or match["fault"] not in FAULTS:
            raise ValueError(
                f"kind:nth:what or kind@scene:nth:what, comma-separated; kind one of {', '.join(KINDS)}; "
                f"scene and nth from 1, nth also *; what one of {', '.join(FAULTS)}"
            )
        if match["kind"] == "storyboard" and match["scene"]:
            raise ValueError("storyboard:nth:what, for a storyboard belongs to no scene")
        scene = int(match["scene"]) if match["scene"] else None
        nth = None if match["nth"] == "*" else int(match["nth"])
        faults.append(Fault(match["kind"], scene, nth, match["fault"]))
    return tuple(faults)


@dataclass(slots=True)
class FaultCounter:
    """Counts the calls of this process, retries included, and tells which of them goes wrong and how."""

    faults: tuple[Fault, ...]
    _counts: Counter[tuple[str, int | None]] = field(default_factory=Counter)

    def next(self, kind: str, scene: int | None = None) -> str | None:
        """Counts one call of that kind (scene number from 1) and returns the fault it meets, or None."""
        self._counts[kind, None] += 1
        if scene is not None:
            self._counts[kind, scene] += 1
        for fault in self.faults:
            if fault.kind != kind or (fault.scene is not None and fault.scene != scene):
                continue
            if fault.nth is None or fault.nth == self._counts[kind, fault.scene]:
                return fault.what
        return None
