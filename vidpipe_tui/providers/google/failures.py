"""What Google's answer or the network said, read from the three families of exceptions into one form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

MAX_SENTENCE = 400


@dataclass(frozen=True, slots=True)
class Failure:
    """A failed call. `status` is None where no answer came; `body` is the JSON error, {} where the body was none.

    `status` 200 is a success that could not be read.
    """

    status: int | None
    body: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What the server said, in one line; '' where it said nothing that is for people."""
        return one_line(str(self.body.get("message") or ""))

    @property
    def word(self) -> str:
        """The status word, like INVALID_ARGUMENT; the interactions' own codes in capitals too."""
        return str(self.body.get("status") or self.body.get("code") or "").upper()

    @property
    def reasons(self) -> set[str]:
        """The reasons in the error's details, like API_KEY_INVALID."""
        return {str(detail["reason"]).upper() for detail in self._details() if detail.get("reason")}

    def says(self, *phrases: str) -> bool:
        """Whether the message has one of these phrases, in any case."""
        text = self.message.lower()
        return any(phrase in text for phrase in phrases)

    def wait_seconds(self) -> float | None:
        """How long the server asks to wait: RetryInfo, else Retry-After (seconds or a date); None if it does not."""
        for detail in self._details():
            match = re.fullmatch(r"(\d+(?:\.\d+)?)s", str(detail.get("retryDelay") or ""))
            if match:
                return float(match[1])
        header = self.headers.get("retry-after", "").strip()
        if re.fullmatch(r"\d+(\.\d+)?", header):
            return float(header)
        try:
            return max((parsedate_to_datetime(header) - datetime.now(UTC)).total_seconds(), 0.0) if header else None
        except (ValueError, TypeError):
            return None

    def _details(self) -> list[Mapping[str, Any]]:
        details = self.body.get("details")
        return [detail for detail in details if isinstance(detail, Mapping)] if isinstance(details, list) else []


def read_failure(error: BaseException) -> Failure:
    """Reads an exception of the SDK (both families) or of the transport.

    The SDK gives `details` as a dict for HTML too, so only a dict under `error` counts as a JSON error.
    """
    response = getattr(error, "response", None)
    headers = {str(key).lower(): str(value) for key, value in dict(getattr(response, "headers", None) or {}).items()}
    status = getattr(error, "code", None)
    if not isinstance(status, int):
        status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        return Failure(None)
    answer = getattr(error, "details", None) if hasattr(error, "details") else getattr(error, "body", None)
    if isinstance(answer, list) and len(answer) == 1:
        answer = answer[0]
    inner = answer.get("error") if isinstance(answer, Mapping) else None
    return Failure(status, inner if isinstance(inner, Mapping) else {}, headers)


def one_line(text: str) -> str:
    """Text from outside without control characters and line breaks, and of a length for one sentence."""
    printable = "".join(letter if letter.isprintable() else " " for letter in text)
    line = " ".join(printable.split())
    return line if len(line) <= MAX_SENTENCE else line[:MAX_SENTENCE].rstrip() + "..."
