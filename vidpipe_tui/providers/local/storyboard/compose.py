"""Builds the storyboard: scenes in the prompt's order, with subjects and places that recur."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from vidpipe_tui.providers.local.paint.words import concepts, find
from vidpipe_tui.providers.local.storyboard import phrases
from vidpipe_tui.providers.local.storyboard.beats import Beat, fit, split

_DESCRIPTION_LIMIT = 1500
_PROMPT_LIMIT = 600
_LATIN_PHRASE = re.compile(r"[^\s.,;:!?\"“”()\[\]]+")
_ARTICLE = re.compile(
    r"^(?:an?|the|der|die|das|ein|eine|einen|einem|einer|den|dem|des|two|three|her|his|zwei|drei|sein|seine|ihr|ihre)$",
    re.IGNORECASE,
)
_BREAKS = frozenset(
    [
        "in",
        "on",
        "at",
        "of",
        "to",
        "and",
        "with",
        "through",
        "over",
        "under",
        "into",
        "from",
        "near",
        "by",
        "across",
        "und",
        "im",
        "am",
        "auf",
        "mit",
        "durch",
        "über",
        "nach",
        "zum",
        "zur",
        "von",
        "vor",
        "bei",
        "aus",
        "einen",
    ]
)


@dataclass
class _Thread:
    """What has been named so far and is carried on: the leading subject and the place."""

    subject: str = ""
    kind: str = ""
    place: str = ""


def compose(
    prompt: str, *, style: str, scene_count: int | None, clip_seconds: float, seed: int, tags: Sequence[str] = ()
) -> dict[str, Any]:  # fmt: skip
    """A storyboard that follows `prompt`, as the structured answer of a text model would be.

    Exactly `scene_count` scenes where it is given, else as many as the prompt has beats (three for one
    line, at most fifteen). `clip_seconds` is each clip's length; `seed` varies views and moves; `tags` are
    the names of reference pictures, listed under "references" in the scenes that name them.
    """
    words = phrases.WORDINGS[phrases.language(prompt)]
    tongue = phrases.language(prompt)
    look, palette, camera = phrases.style_words(style)
    whole = split(prompt)
    groups = fit(whole, scene_count)
    thread = _opening_thread([beat for group in groups for beat in group])
    scenes: list[dict[str, Any]] = []
    seen: set[str] = set()
    for index, group in enumerate(groups):
        told = index > 0 and groups[index - 1][-1] is group[0]
        first_of_many = not told and index + 1 < len(groups) and groups[index + 1][0] is group[0]
        developed = told or first_of_many
        text = _text(group, thread, words, tongue, index, len(groups), developed, seed, seen)
        scene = _scene(text, words, tongue, index, len(groups), clip_seconds, seed, (look, palette, camera), thread)
        named = [tag for tag in tags if tag and re.search(rf"(?<!\w)@?{re.escape(tag)}(?!\w)", text, re.IGNORECASE)]
        if named:
            scene["references"] = named
        scenes.append(scene)
    guide = {"visual_style": look, "color_palette": palette, "camera_style": camera}
    return {"style_guide": guide, "scenes": scenes}


def _opening_thread(beats: list[Beat]) -> _Thread:
    """The first subject and place the prompt names, so that scenes before their sentence know them too."""
    thread = _Thread()
    text = " ".join(beat.text for beat in beats)[:6000]
    hits = find("subjects", text)
    if hits:
        thread.subject, thread.kind = phrase_around(text, hits[0].position, hits[0].word), hits[0].concept
    return thread


def phrase_around(text: str, position: int, word: str) -> str:
    """The noun phrase a found word stands in: up to four words back to its article, and the word itself."""
    if ord(word[0]) > 0x2E80:
        return word
    before = [m.group() for m in _LATIN_PHRASE.finditer(text[max(0, position - 60) : position])]
    gap = text[max(0, position - 60) : position]
    cut = max((gap.rfind(sign) for sign in ".,;:!?\n"), default=-1)
    if cut >= 0:
        before = [m.group() for m in _LATIN_PHRASE.finditer(gap[cut + 1 :])]
    taken: list[str] = []
    for earlier in reversed(before[-4:]):
        if earlier.lower() in _BREAKS:
            break
        taken.insert(0, earlier)
        if _ARTICLE.match(earlier):
            break
    if taken and not _ARTICLE.match(taken[0]):
        taken = taken[-2:]
    own = text[position : position + len(word)]
    tail = re.match(r"[\w’'-]*", text[position + len(word) :])
    return " ".join([*taken, own + (tail.group() if tail else "")])


def _text(
    group: list[Beat],
    thread: _Thread,
    words: phrases.Wording,
    tongue: str,
    index: int,
    total: int,
    developed: bool,
    seed: int,
    seen: set[str],
) -> str:
    """What the scene shows, in the prompt's own words, with what it leaves unsaid carried on from before."""
    body = " ".join(_sentence(beat.text, tongue) for beat in group)
    heading = next((beat.heading for beat in group if beat.heading), "")
    parts = [_sentence(heading, tongue)] if heading and heading not in body.lower() else []
    if developed:
        parts.append(_sentence(_arc(tongue, index, total, seed), tongue))
    parts.append(body)
    said = " ".join(parts)
    subjects = find("subjects", said)
    if subjects:
        thread.subject, thread.kind = phrase_around(said, subjects[0].position, subjects[0].word), subjects[0].concept
    elif thread.subject and total > 1:
        parts.append(_sentence(_capital(words.still_here.format(subject=thread.subject)), tongue))
    places = find("places", said)
    if places:
        thread.place = phrase_around(said, places[-1].position, places[-1].word)
    elif thread.place:
        parts.append(_sentence(_capital(words.same_place.format(place=thread.place)), tongue))
    text = _clip(" ".join(parts), _DESCRIPTION_LIMIT)
    if text in seen:
        text = f"{_sentence(_capital(words.moment.format(number=index + 1)), tongue)} {text}"
    seen.add(text)
    return text


def _arc(tongue: str, index: int, total: int, seed: int) -> str:
    """Where in the film a developed scene stands: a beginning, a middle, an end; each with its own view."""
    begin, middle, end = phrases.ARC[tongue]
    if index == 0:
        stage = begin[seed % len(begin)]
    elif index == total - 1:
        stage = end[seed % len(end)]
    else:
        stage = middle[(seed + index) % len(middle)]
    views = phrases.VIEWS[tongue]
    view = views[0] if index == 0 else views[1 + (seed + index * 3) % (len(views) - 2)]
    return f"{stage}: {view}" if tongue != "ja" else f"{stage}、{view}"


def _scene(
    text: str, words: phrases.Wording, tongue: str, index: int, total: int, seconds: float, seed: int,
    look: tuple[str, str, str], thread: _Thread,
) -> dict[str, Any]:  # fmt: skip
    short = _clip(text, _PROMPT_LIMIT)
    views, moves = phrases.VIEWS[tongue], phrases.MOVES[tongue]
    pick = int.from_bytes(sha256(f"{seed}/{index}".encode()).digest()[:2], "big")
    view = views[0] if index == 0 else views[1 + (pick % (len(views) - 2))]
    move = moves[(index + seed) % (len(moves) - 1)] if concepts("camera", text) == [] else _own_move(text, moves)
    named = bool(find("subjects", short))
    subject = "" if named or not thread.subject else f"{_capital(thread.subject)}. "
    last = words.last if index == total - 1 else words.onward
    return {
        "scene_description": text,
        "start_frame_prompt": words.start.format(
            view=view, subject_first=subject, text=short, style=look[0], palette=_capital(look[1])
        ),
        "end_frame_prompt": words.end.format(text=short, style=look[0], palette=_capital(look[1])),
        "video_motion_prompt": words.motion.format(
            move=move, action=_clip(short, 220), camera=look[2], seconds=f"{seconds:g}"
        ),
        "transition_notes": words.first if index == 0 else last,
    }


def _own_move(text: str, moves: tuple[str, ...]) -> str:
    """The camera move the prompt itself asks for, as the sentence of ours that says it."""
    order = {
        "push": 0,
        "right": 1,
        "pull": 2,
        "left": 3,
        "up": 4,
        "track": 5,
        "orbit": 6,
        "static": 7,
        "down": 4,
        "handheld": 5,
    }
    return moves[order[concepts("camera", text)[0]]]


def _sentence(text: str, tongue: str) -> str:
    """A text that ends like a sentence."""
    text = text.strip()
    if not text or text[-1] in ".!?…。！？:”\"'":
        return text
    return text + ("。" if tongue == "ja" else ".")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _clip(text: str, limit: int) -> str:
    """The text up to `limit` characters, cut between words."""
    if len(text) <= limit:
        return text
    cut = text[:limit]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit * 0.6 else cut).rstrip(" ,;") + "…"
