"""Cuts a prompt into its beats: script scenes, numbered or listed beats, else sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

MAX_SCENES = 15
_SLUG = re.compile(r"^\s*(?:\d+[.)]?\s+)?((?:INT|EXT|I/E|INNEN|AUSSEN|INT\.?/EXT)\b[. :/\-–].*)$", re.IGNORECASE)
_NUMBERED = re.compile(
    r"^\s*(?:(?:scene|shot|beat|szene|bild|akt|act|part|teil|シーン|場面|第)\s*\d{1,3}\s*(?:場|幕)?\s*[:.)\-–—：]?\s*|\(?\d{1,3}\s*[.):：、]\s+|[①-⑳]\s*|\d️⃣\s*)(.*)$",
    re.IGNORECASE,
)
_LISTED = re.compile(r"^\s*[-*•–—・]\s+(.*)$")
_INLINE = re.compile(r"(?:(?<=\s)|^)\(?(\d{1,2})[.)]\s+")
_SHORT_FORMS = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|Prof|St|Jr|Sr|vs|etc|e\.g|i\.e|z\.\s?B|d\.\s?h|u\.\s?a|bzw|ca|Nr|No|Hr|Fr|Mt|Ave|[a-z]\.[a-z])\.$"
)
_END = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|(?<=[。！？])|\n+")
_THEN = re.compile(
    r"\s*(?:;|—|–|\.\.\.|…|→|->|➡️?)\s*"
    r"|,?\s+(?:and then|then|after that|und dann|danach|anschließend|schließlich|finally|until|bis)\s+"
    r"|,?\s+and\s+(?=(?:he|she|it|they)\s|[a-z]{3,}s\s(?:an?|the|his|her|its|in|on|at|to|into|up|down|over|through|home)\b)"
    r"|,?\s+und\s+(?=(?:er|sie|es)\s|[a-zäöü]{3,}t\s)"
    r"|、(?=それから|そして|やがて)"
)
_LIST = re.compile(r":[^,]+,[^,]+,")
_TECHNIQUE = re.compile(
    r"^(?:macro|makro|slow.?motion|zeitlupe|time.?lapse|zeitraffer|close.?up|nahaufnahme|wide|drone|aerial|4k|8k|cinematic|hand.?held|bokeh)\b"
    r"|\b(?:style|stil|lighting|lens|shot|mood|stimmung)$",
    re.IGNORECASE,
)
_SPEAKER = re.compile(r"^\s{0,60}([A-ZÄÖÜ][A-ZÄÖÜ0-9 .'’\-]{1,30})(?:\s*\(.*\))?\s*:?\s*$")
_TRANSITION = re.compile(
    r"^\s*(?:CUT TO|FADE (?:IN|OUT|TO)|SMASH CUT|DISSOLVE TO|THE END|ENDE|SCHNITT)\b.*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Beat:
    """One thing that happens, in the prompt's own words; `heading` is a script's slugline, else empty.

    `goes_on` where it is a later step of one sentence, whose subject it may leave out.
    """

    text: str
    heading: str = ""
    goes_on: bool = False


def split(prompt: str) -> list[Beat]:
    """The prompt's beats in order; a prompt without any word still gives one."""
    lines = prompt.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    beats = _script(lines) or _numbered(lines) or _inline(prompt)
    if not beats:
        beats = [Beat(sentence) for sentence in sentences(prompt)]
    return beats or [Beat(prompt.strip() or "…")]


def _script(lines: list[str]) -> list[Beat]:
    if not any(_SLUG.match(line) for line in lines):
        return []
    beats: list[Beat] = []
    heading, body = "", list[str]()

    def close() -> None:
        text = " ".join(body).strip()
        if heading or text:
            beats.append(Beat(text or _setting(heading), _setting(heading)))

    speaker = ""
    for line in lines:
        slug = _SLUG.match(line)
        if slug:
            close()
            heading, body, speaker = slug.group(1).strip(), [], ""
        elif _TRANSITION.match(line) or not line.strip():
            speaker = ""
        elif (name := _SPEAKER.match(line)) and heading:
            speaker = name.group(1).strip().title()
        elif speaker:
            if not line.strip().startswith("("):
                body.append(f"{speaker}: “{line.strip()}”")
        else:
            body.append(line.strip())
    close()
    return beats


def _setting(heading: str) -> str:
    """A slugline as plain words: "EXT. HARBOUR - NIGHT" becomes "harbour, night"."""
    plain = re.sub(r"^(?:INT|EXT|I/E|INNEN|AUSSEN|INT\.?/EXT)[. :/\-–]+", "", heading, flags=re.IGNORECASE)
    parts = [part.strip(" .").lower() for part in re.split(r"\s[-–—]\s|/", plain)]
    return ", ".join(part for part in parts if part)


def _numbered(lines: list[str]) -> list[Beat]:
    """Beats of a numbered or bulleted list; lines after an item belong to it, what stands before is its preface."""
    for pattern in (_NUMBERED, _LISTED):
        starts = [pattern.match(line) for line in lines]
        if sum(1 for match in starts if match) < 2:
            continue
        items: list[list[str]] = []
        preface: list[str] = []
        for line, match in zip(lines, starts, strict=True):
            if match:
                items.append([match.group(1).strip()])
            elif line.strip():
                (items[-1] if items else preface).append(line.strip())
        texts = [" ".join(filter(None, item)) for item in items]
        lead = " ".join(preface).rstrip(":").strip()
        beats = [Beat(text) for text in texts if text]
        if beats and lead and len(lead) < 400:
            beats[0] = Beat(f"{lead.rstrip('.')}. {beats[0].text}")
        return beats
    return []


def _inline(prompt: str) -> list[Beat]:
    """Beats numbered inside a paragraph: "1. ... 2. ... 3. ..."."""
    marks = list(_INLINE.finditer(prompt))
    wanted, chain = 1, []
    for mark in marks:
        if int(mark.group(1)) == wanted:
            chain.append(mark)
            wanted += 1
    if len(chain) < 2:
        return []
    ends = [mark.start() for mark in chain[1:]] + [len(prompt)]
    texts = [prompt[mark.end() : end].strip(" \n;,") for mark, end in zip(chain, ends, strict=True)]
    lead = prompt[: chain[0].start()].strip().rstrip(":")
    beats = [Beat(text) for text in texts if text]
    if beats and lead:
        beats[0] = Beat(f"{lead.rstrip('.')}. {beats[0].text}")
    return beats


def sentences(text: str) -> list[str]:
    """Sentences in order, in any of the scripts we know; short forms ("Dr.", "z. B.") do not end one."""
    out: list[str] = []
    held = ""
    for part in _END.split(text):
        piece = f"{held} {part}".strip() if held else part.strip()
        if not piece:
            continue
        if _SHORT_FORMS.search(piece):
            held = piece
            continue
        held = ""
        if any(ch.isalnum() or ord(ch) > 0x2000 for ch in piece):
            out.append(piece)
    if held:
        out.append(held)
    return out


def clauses(text: str) -> list[str]:
    """A sentence's own steps ("... and then ...", or things listed), each long enough to be seen; no word is lost."""
    parts = _long_enough(_THEN.split(text), 2)
    if len(parts) < 3:
        shortest = 1 if _LIST.search(text) else 2 if text.count(",") > 1 else 4
        listed = _long_enough(re.split(r",\s+(?:and\s+|und\s+)?", text), shortest)
        parts = listed if len(listed) > len(parts) else parts
    return [part[:1].upper() + part[1:] for part in parts] if len(parts) > 1 else [text]


def _long_enough(parts: list[str], words: int) -> list[str]:
    """The parts, short ones joined to those after them, the last one and words of the craft to those before them."""
    out: list[str] = []
    held = ""
    for part in filter(None, (part.strip(" ,") for part in parts)):
        if out and not held and _TECHNIQUE.search(part):
            out[-1] = f"{out[-1]}, {part}"
            continue
        held = f"{held}, {part}" if held else part
        if len(held.split()) >= words or (ord(held[0]) > 0x2E80 and len(held) >= 4):
            out.append(held)
            held = ""
    if held and out:
        out[-1] = f"{out[-1]}, {held}"
    elif held:
        out.append(held)
    return out


def fit(beats: list[Beat], count: int | None) -> list[list[Beat]]:
    """Groups of beats, one a scene; where scenes outnumber beats, a beat stands in several groups in a row."""
    if count is None:
        steps = len(clauses(beats[0].text)) if len(beats) == 1 else len(beats)
        count = max(3, min(steps, 6)) if len(beats) == 1 else min(steps, MAX_SCENES)
    if len(beats) < count:
        beats = [Beat(part, beat.heading, k > 0) for beat in beats for k, part in enumerate(clauses(beat.text))]
    total = len(beats)
    if total >= count:
        edges = [round(k * total / count) for k in range(count + 1)]
        return [beats[a:b] for a, b in pairwise(edges)]
    return [[beats[k * total // count]] for k in range(count)]
