"""Text from outside: what is taken out of it before it is stored or shown."""

from __future__ import annotations

import re
import unicodedata

KEPT = frozenset("\n\t")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[PX^_][^\x1b]*(?:\x1b\\)?|[@-Z\\-_])"
)


def clean(text: str) -> str:
    """The text without control and bidi characters (newline and tab stay) and without lone surrogates.

    Whole terminal sequences go, not only their escape character; CR LF and CR become newlines. Markup and emoji stay.
    """
    text = _SEQUENCE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(letter for letter in text if letter in KEPT or not _is_taken_out(letter))


def clean_line(text: str) -> str:
    """The same on one line, blanks folded."""
    return " ".join(clean(text).split())


def tag_of(name: str) -> str:
    """A name as a tag: lower case, hyphens between its words, at most 100 characters; '' where nothing is left."""
    return re.sub(r"[^\w-]+", "-", clean_line(name)).strip("-").lower()[:100].rstrip("-")


def shorten(text: str, length: int) -> str:
    """At most `length` characters, with an ellipsis where something was left out."""
    return text if len(text) <= length else text[: max(0, length - 1)].rstrip() + "…"


def times(count: int) -> str:
    """`once`, `twice`, `3 times`."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _is_taken_out(letter: str) -> bool:
    return letter in _BIDI or unicodedata.category(letter) in {"Cc", "Cs"}
