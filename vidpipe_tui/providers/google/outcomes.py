"""What the end of a video operation means: Google's error codes and statuses in the pipeline's few states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vidpipe_tui.providers.base import OperationState, PollAnswer
from vidpipe_tui.providers.google.errors import UNSAFE
from vidpipe_tui.providers.google.failures import one_line

WRONG_INPUT, NOT_FOUND, CANCELLED = 3, 5, 1
TRANSIENT_CODES = {2, 4, 8, 10, 13, 14}
"""gRPC: unknown, deadline exceeded, resource exhausted, aborted, internal, unavailable."""
WORDS = {
    "CANCELLED": 1,
    "UNKNOWN": 2,
    "INVALID_ARGUMENT": 3,
    "DEADLINE_EXCEEDED": 4,
    "NOT_FOUND": 5,
    "RESOURCE_EXHAUSTED": 8,
    "ABORTED": 10,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
}
HTTP_CODES = {400: 3, 404: 5, 408: 4, 409: 10, 429: 8, 499: 1, 500: 13, 502: 14, 503: 14, 504: 4}


def ended_in_error(code: object, message: str) -> PollAnswer:
    """The answer for an operation that ended with this error: a gRPC number, its word, or an HTTP status."""
    number, said = _number(code), one_line(message)
    if number in {WRONG_INPUT, None} and any(phrase in said.lower() for phrase in UNSAFE):
        return PollAnswer(OperationState.FILTERED, reason=said)
    if number == NOT_FOUND:
        return PollAnswer(OperationState.LOST, reason=said or "Google does not know the operation any more.")
    if number == CANCELLED:
        return PollAnswer(OperationState.LOST, reason=said or "The operation was cancelled at Google.")
    if number is None or number in TRANSIENT_CODES:
        return PollAnswer(OperationState.TRANSIENT, reason=said or f"Google failed by itself (code {code}).")
    return PollAnswer(OperationState.REFUSED, reason=said or f"Google calls the request wrong (code {code}).")


def error_parts(error: object) -> tuple[object, str]:
    """Code and message of an error, whether it is a dict or one of the SDK's objects."""
    if isinstance(error, Mapping):
        fields: Mapping[str, Any] = error
        return fields.get("code") or fields.get("status"), str(fields.get("message") or "")
    return getattr(error, "code", None), str(getattr(error, "message", None) or "")


def _number(code: object) -> int | None:
    if isinstance(code, int) or (isinstance(code, str) and code.isdigit()):
        number = int(code)
        return HTTP_CODES.get(number, number)
    word = str(code or "").rstrip("/").rpartition("/")[2].upper()
    return WORDS.get(word)
