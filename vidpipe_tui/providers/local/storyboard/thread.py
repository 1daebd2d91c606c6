"""What runs through a storyboard: who and what has been named, and whom a later sentence means by "she" or "they"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from vidpipe_tui.domain.text import tag_of
from vidpipe_tui.providers.local.paint.words import Hit, find

_LATIN_PHRASE = re.compile(r"[^\s.,;:!?\"“”()\[\]]+")
_ARTICLE = re.compile(
    r"^(?:an?|the|der|die|das|ein|eine|einen|einem|einer|den|dem|des|two|three|her|his|zwei|drei|sein|seine|ihr|ihre)$",
    re.IGNORECASE,
)
_OBLIQUE = re.compile(
    r"^(?!der$)(?:den|dem|des|einen|einem|einer|eines|(?:sein|ihr|mein|unser)\w+|\w+e[nmr])$", re.IGNORECASE
)
_BREAKS = re.compile(
    r"^(?:in|on|at|of|to|and|with|through|over|under|into|from|near|by|across"
    r"|und|im|am|auf|mit|durch|über|nach|zum|zur|von|vor|bei|aus)$",
    re.IGNORECASE,
)
_GIRLS = re.compile(r"girl|daughter|mädchen|tochter|enkelin|少女|女")
_BOYS = re.compile(r"boy|(?<!per)son\b|junge|sohn|少年|男")
_BOTH = re.compile(r"\b(?:they|them|both|beide)\b|二人", re.IGNORECASE)

_ANYONE = re.compile(r"\b(?:it|its|they|them|their|both|es|sie|ihr|beide)\b|それ|二人", re.IGNORECASE)
_WAY = re.compile(
    r"\b(?:reach|arriv|enter|return|lead|follow)\w*|\b(?:into|onto|towards?)\b"
    r"|\b(?:comes?|goes?|walks?|runs?|drives?|rides?|flies|sails?|swims?|climbs?|travels?|flees?) (?:\w+ )?to\b"
    r"|erreich|betritt|\bkommt\b|\bkommen\b|gelangt|führt|\b(?:geht|läuft|rennt|fährt|reitet|fliegt) (?:in|auf|zu|nach)"
    r"|findet den weg|着く|着いた|入る|入って|導く|へ",
    re.IGNORECASE,
)
_HOURS = frozenset({"night", "morning", "noon", "afternoon"})  # a sunrise is soon over
_LASTING = frozenset({"rain", "storm", "snow", "fog"})


@dataclass(frozen=True)
class Named:
    """A subject as it was named: its phrase and its tag."""

    phrase: str
    tag: str


@dataclass
class Thread:
    """What has been named so far and is carried on: the leading subjects, the latest first, and the place."""

    tongue: str
    subjects: list[Named] = field(default_factory=list)
    place: str = ""
    place_tag: str = ""
    concept: str = ""
    sky: dict[str, str] = field(default_factory=dict)
    cast: dict[str, str] = field(default_factory=dict)
    _meant: dict[str, Named] = field(default_factory=dict)

    @property
    def tags(self) -> tuple[str, str]:
        """The tags of the leading subject and of the place, '' where there is none."""
        return (self.subjects[0].tag if self.subjects else "", self.place_tag)

    def follow(self, said: str, *, alone: bool = False, goes_on: bool = False) -> list[Named]:
        """Take in what a scene says; the subjects that it shows without naming them.

        A scene that stands `alone`, cut to another place, shows those only whom it speaks of; one that `goes_on` with a
        sentence keeps its subject.
        """
        hits = _first_of_each(find("subjects", said, implied=False))
        pronouns = find("pronouns", said)
        shown = self._shown(said, pronouns, named=not goes_on and bool(hits or (alone and not _ANYONE.search(said))))
        here = [self._name(hit, said) for hit in hits]
        lead = pronouns[0] if pronouns and (not hits or pronouns[0].position < hits[0].position) else None
        if lead and lead.concept in self._meant:
            self._lead(self._meant[lead.concept])
        elif shown and not hits:
            self._lead(shown[0])
        elif here:
            self._lead(here[0])
        return [subject for subject in shown if subject not in here]

    def elsewhere(self, said: str, *, signed: bool = False) -> bool:
        """Whether a scene plays in another place than the one before; those who go there in it show their way.

        A scene `signed` with a script's heading begins where that says.
        """
        places = {hit.concept for hit in find("places", said)}
        return bool(places) and self.concept not in places and (signed or not _WAY.search(said))

    def settle(self, said: str) -> bool:
        """Take in where a scene plays; False where it does not say."""
        people = {(hit.position, hit.word) for hit in find("subjects", said, implied=False)}
        hits = find("places", said)
        named = [hit for hit in hits if (hit.position, hit.word) not in people]
        if named:
            self.place = self._phrase(said, named[-1])
            self.place_tag = tag_of(named[-1].word)
            if self.place_tag:
                self.cast.setdefault(self.place_tag, "place")
        if hits:
            self.concept = hits[-1].concept
        return bool(hits)

    def under(self, said: str) -> list[str]:
        """Take in the hour and the weather of a scene; the words for those it leaves unsaid and that go on."""
        times = find("times", said)
        lasting = [hit for hit in times if hit.concept in _HOURS]
        weather = [hit for hit in find("weather", said) if hit.concept in _LASTING]
        if times and not weather:
            self.sky.pop("weather", None)
        if times and not lasting:
            self.sky.pop("times", None)
        unsaid = [word for kind, word in self.sky.items() if not (times if kind == "times" else weather)]
        for kind, hits in (("times", lasting), ("weather", weather)):
            if hits:
                self.sky[kind] = said[hits[-1].position : hits[-1].position + len(hits[-1].word)]
        return unsaid

    def _shown(self, said: str, pronouns: list[Hit], *, named: bool) -> list[Named]:
        """Whom the pronouns mean; where nobody is named at all, the leading subject is still there."""
        if pronouns:
            found = [self._meant.get(hit.concept) or self._anyone(hit.concept) for hit in pronouns]
            return list(dict.fromkeys(subject for subject in found if subject))
        return [] if named else self.subjects[: 2 if _BOTH.search(said) else 1]

    def _anyone(self, concept: str) -> Named | None:
        """The leading subject, unless its sex is known; it is that of the pronoun from now on."""
        lead = self.subjects[0] if self.subjects else None
        if lead is None or lead in self._meant.values():
            return None
        self._meant[concept] = lead
        return lead

    def _name(self, hit: Hit, said: str) -> Named:
        subject = Named(self._phrase(said, hit), tag_of(hit.word))
        known = next((old for old in self.subjects if old.tag and old.tag == subject.tag), None)
        subject = known or subject
        sex = hit.concept if hit.concept in {"woman", "man"} else ""
        if hit.concept == "child":
            sex = "woman" if _GIRLS.search(hit.word) else "man" if _BOYS.search(hit.word) else ""
        if sex:
            self._meant[sex] = subject
        if subject not in self.subjects:
            self.subjects.insert(0, subject)
        if subject.tag:
            self.cast.setdefault(subject.tag, "character")
        return subject

    def _lead(self, subject: Named) -> None:
        self.subjects = [subject, *(other for other in self.subjects if other != subject)]

    def _phrase(self, said: str, hit: Hit) -> str:
        phrase = phrase_around(said, hit.position, hit.word)
        return nominative(phrase) if self.tongue == "de" else re.sub(r"^an? ", "the ", phrase, flags=re.IGNORECASE)


def _first_of_each(hits: list[Hit]) -> list[Hit]:
    """At most four hits, each of another concept."""
    return list({hit.concept: hit for hit in reversed(hits)}.values())[::-1][:4]


def nominative(phrase: str) -> str:
    """A German phrase that can stand alone: without article and adjectives where they are those of another case."""
    *before, noun = phrase.split()
    stands = not before or before[0].lower() == "ein" or not any(map(_OBLIQUE.match, before))
    return " ".join([*before, noun] if stands else [noun])


def phrase_around(text: str, position: int, word: str) -> str:
    """The noun phrase a found word stands in: up to four words back to its article, and the word itself."""
    if ord(word[0]) > 0x2E80:
        return word
    gap = text[max(0, position - 60) : position]
    cut = max((gap.rfind(sign) for sign in ".,;:!?\n"), default=-1)
    before = [m.group() for m in _LATIN_PHRASE.finditer(gap[cut + 1 :])]
    taken: list[str] = []
    for earlier in reversed(before[-4:]):
        if _BREAKS.match(earlier):
            break
        taken.insert(0, earlier)
        if _ARTICLE.match(earlier):
            break
    if taken and not _ARTICLE.match(taken[0]):
        taken = taken[-2:]
    own = text[position : position + len(word)]
    tail = re.match(r"[\w’'-]*", text[position + len(word) :])
    return " ".join([*taken, own + (tail.group() if tail else "")])
