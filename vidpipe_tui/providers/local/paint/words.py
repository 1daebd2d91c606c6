"""Finds the concepts of the lexicon in a text."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import NamedTuple

HOURS: dict[str, float] = {
    "dawn": 6.0,
    "morning": 8.2,
    "noon": 12.5,
    "afternoon": 15.5,
    "golden": 18.1,
    "sunset": 19.2,
    "dusk": 20.4,
    "night": 23.0,
}
COLOURS: dict[str, tuple[int, int, int]] = {
    "red": (206, 44, 44),
    "blue": (52, 104, 196),
    "green": (58, 138, 78),
    "yellow": (238, 190, 58),
    "orange": (232, 122, 42),
    "white": (236, 236, 232),
    "black": (34, 34, 40),
    "purple": (128, 72, 172),
    "pink": (236, 120, 168),
    "brown": (122, 80, 50),
    "grey": (138, 142, 150),
    "teal": (46, 160, 166),
}
INDOORS = frozenset({"library", "kitchen", "cafe", "room", "station", "cave", "stage"})
_READ_LIMIT = 6000
_NOTHING = "nothing"
_IMPLIED = {"places": "cities", "subjects": "pronouns"}
_TOWARDS = re.compile(r"(?:towards?|richtung|gegen)\s+(?:the\s+|die\s+|das\s+|den\s+)?(?:\w+\s+)?$")
_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:[-'’][A-Za-zÀ-ÖØ-öø-ÿ]+)*")


class Hit(NamedTuple):
    """A concept found in a text: where its word stands, the word, and what it means."""

    position: int
    word: str
    concept: str


@dataclass
class _Table:
    exact: dict[str, str] = field(default_factory=dict)
    prefixes: list[tuple[str, str]] = field(default_factory=list)
    suffixes: list[tuple[str, str]] = field(default_factory=list)
    phrases: list[tuple[re.Pattern[str], str]] = field(default_factory=list)
    anywhere: list[tuple[str, str]] = field(default_factory=list)

    def add(self, pattern: str, concept: str) -> None:
        plain = pattern.strip("*").replace("_", " ")
        if not re.match(r"[a-zà-ÿ]", plain):
            self.anywhere.append((plain, concept))
        elif " " in plain:
            self.phrases.append((re.compile(rf"\b{re.escape(plain)}\b"), concept))
        elif pattern.endswith("*"):
            self.prefixes.append((plain, concept))
        elif pattern.startswith("*"):
            self.suffixes.append((plain, concept))
        else:
            self.exact.setdefault(plain, concept)

    def look_up(self, word: str) -> str | None:
        found = self.exact.get(word)
        for ending in ("s", "es", "'s", "’s"):
            if found is None and word.endswith(ending):
                found = self.exact.get(word.removesuffix(ending))
        if found is None:
            found = next((c for stem, c in self.prefixes if word.startswith(stem)), None)
        if found is None:
            found = next((c for stem, c in self.suffixes if word.endswith(stem)), None)
        if found is None and "-" in word:
            found = next(filter(None, (self.exact.get(part) for part in word.split("-"))), None)
        return found


@cache
def _tables() -> dict[str, _Table]:
    data = tomllib.loads(files(__package__).joinpath("lexicon.toml").read_text(encoding="utf-8"))
    tables: dict[str, _Table] = {}
    for name, concepts in data.items():
        table = tables[name] = _Table()
        for concept, patterns in concepts.items():
            for pattern in patterns.split():
                table.add(pattern, concept)
    return tables


def find(table: str, text: str, *, implied: bool = True) -> list[Hit]:
    """Every concept of `table` (places, subjects, weather, ...) that `text` names, in reading order.

    A text that names no place still plays in the city it names, and one that names nobody speaks of those whom
    its pronouns mean, unless `implied` is False. A place that is only headed for is none. Only the first 6,000
    characters are read: no picture holds more.
    """
    hits = _search(_tables()[table], text[:_READ_LIMIT].lower())
    if table == "places" and len(hits) > 1:
        hits = [hit for hit in hits if not _TOWARDS.search(text[max(0, hit.position - 40) : hit.position].lower())]
    if not hits and implied and table in _IMPLIED:
        hits = _search(_tables()[_IMPLIED[table]], text[:_READ_LIMIT].lower())
    return hits


def _search(known: _Table, low: str) -> list[Hit]:
    hits = [Hit(m.start(), m.group(), c) for pattern, c in known.phrases for m in pattern.finditer(low)]
    covered = [(hit.position, hit.position + len(hit.word)) for hit in hits]
    for match in _WORD.finditer(low):
        concept = known.look_up(match.group())
        if concept and not any(a <= match.start() < b for a, b in covered):
            hits.append(Hit(match.start(), match.group(), concept))
    taken: set[int] = set()
    for sign, concept in sorted(known.anywhere, key=lambda entry: -len(entry[0])):
        at = low.find(sign)
        if at >= 0 and at not in taken and at + len(sign) - 1 not in taken:
            taken.update(range(at, at + len(sign)))
            hits.append(Hit(at, sign, concept))
    return sorted((hit for hit in hits if hit.concept != _NOTHING), key=lambda hit: hit.position)


def concepts(table: str, text: str) -> list[str]:
    """The concepts of `table` named in `text`, in reading order, each once."""
    return list(dict.fromkeys(hit.concept for hit in find(table, text)))
