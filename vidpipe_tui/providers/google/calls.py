"""What the gateway and the transport under the SDK know in common about the call that is on its way."""

from __future__ import annotations

from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from vidpipe_tui.providers.google.pictures import Picture


class RepeatedCallError(RuntimeError):
    """Something tried to send a paid call a second time."""


@dataclass(slots=True)
class Call:
    """One call: its pictures, whether anything of it was sent, and the files that long parts of its answer went to."""

    free: bool
    pictures: Sequence[Picture] = ()
    sends: int = 0
    sent: bool = False
    files: list[Path] = field(default_factory=list)

    def count_send(self) -> None:
        """Notes that the call goes out now; raises RepeatedCallError where a paid one does so again."""
        if self.sends and not self.free:
            raise RepeatedCallError("A paid call was about to be sent twice.")
        self.sends += 1


CURRENT: ContextVar[Call | None] = ContextVar("google_call", default=None)
