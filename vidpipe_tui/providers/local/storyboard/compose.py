"""Builds the storyboard: scenes in the prompt's order, with subjects and places that recur."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from vidpipe_tui.domain.text import tag_of
from vidpipe_tui.providers.local.paint.words import concepts, find
from vidpipe_tui.providers.local.storyboard import phrases
from vidpipe_tui.providers.local.storyboard.beats import Beat, fit, split

_DESCRIPTION_LIMIT = 1500
_PROMPT_LIMIT = 600
_LATIN_PHRASE = re.compile(r"[^\s.,;:!?\"“”()\[\]]+")
_ORDER = {  # a camera move asked for, and which of our sentences says it
    "push": 0, "right": 1, "pull": 2, "left": 3, "up": 4, "track": 5, "orbit": 6, "static": 7, "down": 4, "handheld": 5,
}  # fmt: skip
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
    place: str = ""
    subject_tag: str = ""
    place_tag: str = ""
    cast: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Plan:
    """What all scenes of one storyboard share."""

    tongue: str
    total: int
    seconds: float
    seed: int
    look: tuple[str, str, str]

    @property
    def words(self) -> phrases.Wording:
        return phrases.WORDINGS[self.tongue]

    def view(self, index: int) -> str:
        """How a scene is framed: wide first, then varied."""
        views = phrases.VIEWS[self.tongue]
        pick = int.from_bytes(sha256(f"{self.seed}/{index}".encode()).digest()[:2], "big")
        return views[0] if index == 0 else views[1 + pick % (len(views) - 1)]


def compose(
    prompt: str, *, style: str, scene_count: int | None, clip_seconds: float, seed: int, tags: Sequence[str] = ()
) -> dict[str, Any]:
    """A storyboard that follows `prompt`, as the structured answer of a text model would be.

    Exactly `scene_count` scenes where it is given, else as many as the prompt has beats (three for one
    line, at most fifteen). `clip_seconds` is each clip's length; `seed` varies views and moves; `tags` are
    the names of reference pictures, listed under "references" in the scenes that name them, as the subjects and
    places are that make up the "cast".
    """
    groups = fit(split(prompt), scene_count)
    plan = _Plan(phrases.language(prompt), len(groups), clip_seconds, seed, phrases.style_words(style))
    thread, given = _Thread(), {tag_of(tag) for tag in tags}
    scenes: list[dict[str, Any]] = []
    seen: set[str] = set()
    for index, group in enumerate(groups):
        neighbours = [groups[k][0] for k in (index - 1, index + 1) if 0 <= k < len(groups)]
        text = _text(group, thread, plan, index, developed=any(beat is group[0] for beat in neighbours))
        if text in seen:
            text = f"{_sentence(_capital(plan.words.moment.format(number=index + 1)), plan.tongue)} {text}"
        seen.add(text)
        scene = _scene(text, plan, index, thread)
        named = [tag for tag in tags if tag and re.search(rf"(?<!\w)@?{re.escape(tag)}(?!\w)", text, re.IGNORECASE)]
        shown = (thread.subject_tag, thread.place_tag)
        scene["references"] = list(dict.fromkeys([*named, *(tag for tag in shown if tag and tag not in given)]))
        scenes.append(scene)
    visual_style, palette, camera = plan.look
    guide = {"visual_style": visual_style, "color_palette": palette, "camera_style": camera}
    cast = [{"name": tag, "kind": kind} for tag, kind in thread.cast.items() if tag not in given]
    return {"style_guide": guide, "cast": cast, "scenes": scenes}


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


def _text(group: list[Beat], thread: _Thread, plan: _Plan, index: int, *, developed: bool) -> str:
    """What the scene shows, in the prompt's own words, with what it leaves unsaid carried on from before."""
    tongue = plan.tongue
    body = " ".join(_sentence(beat.text, tongue) for beat in group)
    heading = next((beat.heading for beat in group if beat.heading), "")
    parts = [_sentence(_capital(heading), tongue)] if heading and heading not in body.lower() else []
    if developed:
        parts.append(_sentence(_arc(plan, index), tongue))
    parts.append(body)
    said = " ".join(parts)
    subjects = find("subjects", said)
    if subjects:
        thread.subject = phrase_around(said, subjects[0].position, subjects[0].word)
        thread.subject_tag = tag_of(subjects[0].word)
        thread.cast.setdefault(thread.subject_tag, "character")
    elif thread.subject:
        parts.append(_sentence(_capital(plan.words.still_here.format(subject=thread.subject)), tongue))
    places = find("places", said)
    if places:
        thread.place = phrase_around(said, places[-1].position, places[-1].word)
        thread.place_tag = tag_of(places[-1].word)
        thread.cast.setdefault(thread.place_tag, "place")
    elif thread.place:
        parts.append(_sentence(_capital(plan.words.same_place.format(place=thread.place)), tongue))
    return _clip(" ".join(parts), _DESCRIPTION_LIMIT)


def _arc(plan: _Plan, index: int) -> str:
    """Where in the film a developed scene stands: a beginning, a middle, an end; each with its own view."""
    begin, middle, end = phrases.ARC[plan.tongue]
    if index == 0:
        stage = begin[plan.seed % len(begin)]
    elif index == plan.total - 1:
        stage = end[plan.seed % len(end)]
    else:
        stage = middle[(plan.seed + index) % len(middle)]
    return f"{stage}: {plan.view(index)}" if plan.tongue != "ja" else f"{stage}、{plan.view(index)}"


def _scene(text: str, plan: _Plan, index: int, thread: _Thread) -> dict[str, Any]:
    short, words, moves = _clip(text, _PROMPT_LIMIT), plan.words, phrases.MOVES[plan.tongue]
    asked = concepts("camera", text)
    move = moves[_ORDER[asked[0]]] if asked else moves[(index + plan.seed) % (len(moves) - 1)]
    named = bool(find("subjects", short))
    subject = "" if named or not thread.subject else f"{_capital(thread.subject)}. "
    look, palette, camera = plan.look
    looks = {"text": short, "style": look, "palette": _capital(palette)}
    notes = words.first if index == 0 else words.last if index == plan.total - 1 else words.onward
    return {
        "scene_description": text,
        "start_frame_prompt": words.start.format(view=plan.view(index), subject_first=subject, **looks),
        "end_frame_prompt": words.end.format(**looks),
        "video_motion_prompt": words.motion.format(
            move=move, action=_clip(short, 220), camera=camera, seconds=f"{plan.seconds:g}"
        ),
        "transition_notes": notes,
    }


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
