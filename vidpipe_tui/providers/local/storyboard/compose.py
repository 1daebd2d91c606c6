"""Builds the storyboard: scenes in the prompt's order, with subjects and places that recur."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from vidpipe_tui.domain.text import tag_of
from vidpipe_tui.providers.local.paint.words import concepts, find
from vidpipe_tui.providers.local.storyboard import phrases
from vidpipe_tui.providers.local.storyboard.beats import Beat, fit, sentences, split
from vidpipe_tui.providers.local.storyboard.motifs import story
from vidpipe_tui.providers.local.storyboard.thread import Thread

_DESCRIPTION_LIMIT = 1500
_PROMPT_LIMIT = 600
_IDEA_LIMIT = 60
_ORDER = {  # a camera move asked for, and which of our sentences says it
    "push": 0, "right": 1, "pull": 2, "left": 3, "up": 4, "track": 5, "orbit": 6, "static": 7, "down": 8, "handheld": 5,
}  # fmt: skip
_BETWEEN = (1, 3, 5, 4, 6, 0)  # the moves between the first scene, which goes in, and the last, which draws back
_CAMERA = re.compile(
    r"camera|kamera|\bshot\b|zoom"
    r"|\b(?:pan|pans|tilt|tilts|push|pull|dolly|crane|truck)s? (?:left|right|up|down|in|out|back)"
    r"|\bdolly|tracking|tripod|handheld|stativ|\bschwenk|kamerafahrt|カメラ|ズーム|パンする",
    re.IGNORECASE,
)


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
        """How a scene is framed: wide first and last, nearer in between."""
        views = phrases.VIEWS[self.tongue]
        if index in {0, self.total - 1}:
            return views[0]
        pick = int.from_bytes(sha256(f"{self.seed}/{index}".encode()).digest()[:2], "big")
        return views[1 + pick % (len(views) - 1)]

    def move(self, index: int, said: str) -> str:
        """The camera's way through a scene: what the prompt asks for, else in, about, and out at the end."""
        moves = phrases.MOVES[self.tongue]
        spoken = " ".join(part for part in sentences(said) if _CAMERA.search(part))
        asked = concepts("camera", spoken)
        if asked:
            return moves[_ORDER[asked[0]]]
        if index == 0:
            return moves[0 if self.total < 3 or self.seed % 3 else 3]
        return moves[2 if index == self.total - 1 else _BETWEEN[(index - 1 + self.seed) % len(_BETWEEN)]]


def compose(
    prompt: str, *, style: str, scene_count: int | None, clip_seconds: float, seed: int, tags: Sequence[str] = ()
) -> dict[str, Any]:
    """A storyboard that follows `prompt`, as the structured answer of a text model would be.

    Exactly `scene_count` scenes where it is given, else as many as the prompt has beats (three for one
    line, at most fifteen). `clip_seconds` is each clip's length; `seed` varies views and moves; `tags` are
    the names of reference pictures, listed under "references" in the scenes that name them, as the subjects and
    places are that make up the "cast".
    """
    tongue = phrases.language(prompt)
    groups = fit(_imagined(prompt, tongue) or split(prompt), scene_count)
    plan = _Plan(tongue, len(groups), clip_seconds, seed, phrases.style_words(style))
    thread, given = Thread(tongue), {tag_of(tag) for tag in tags}
    scenes: list[dict[str, Any]] = []
    seen: set[str] = set()
    for index, group in enumerate(groups):
        neighbours = [groups[k][0] for k in (index - 1, index + 1) if 0 <= k < len(groups)]
        text, cut = _text(group, thread, plan, index, developed=any(beat is group[0] for beat in neighbours))
        if text in seen:
            text = f"{_sentence(_capital(plan.words.moment.format(number=index + 1)), plan.tongue)} {text}"
        seen.add(text)
        scene = _scene(text, plan, index, " ".join(beat.text for beat in group), cut=cut)
        named = [tag for tag in tags if tag and re.search(rf"(?<!\w)@?{re.escape(tag)}(?!\w)", text, re.IGNORECASE)]
        scene["references"] = list(dict.fromkeys([*named, *(tag for tag in thread.tags if tag and tag not in given)]))
        scenes.append(scene)
    visual_style, palette, camera = plan.look
    guide = {"visual_style": visual_style, "color_palette": palette, "camera_style": camera}
    cast = [{"name": tag, "kind": kind} for tag, kind in thread.cast.items() if tag not in given]
    return {"style_guide": guide, "cast": cast, "scenes": scenes}


def _imagined(prompt: str, tongue: str) -> list[Beat]:
    """The beats of a short prompt that names an idea, but nobody and no place or thing that could be shown."""
    if len(prompt) > _IDEA_LIMIT or any(find(table, prompt) for table in ("subjects", "places", "props", "settings")):
        return []
    beats = story(prompt, tongue)
    if beats is None:
        return []
    first, *others = beats
    named = prompt.strip(" .!?。\n")
    lead = f"{named}: {first}" if tongue != "ja" else f"{named}。{first}"
    return [Beat(lead), *map(Beat, others)]


def _text(group: list[Beat], thread: Thread, plan: _Plan, index: int, *, developed: bool) -> tuple[str, bool]:
    """What the scene shows, in the prompt's own words with what it leaves unsaid, and whether it opens with a cut."""
    tongue = plan.tongue
    body = " ".join(_sentence(_capital(beat.text), tongue) for beat in group)
    heading = next((beat.heading for beat in group if beat.heading), "")
    parts = [_sentence(_capital(heading), tongue)] if heading and heading not in body.lower() else []
    if developed:
        parts.append(_sentence(_arc(plan, index), tongue))
    parts.append(body)
    said = " ".join(parts)
    elsewhere = index > 0 and thread.elsewhere(said, signed=bool(heading))
    # Scenes are chained unless somebody says otherwise, as a script does with its headings: a chain is what holds a
    # film together, and what its price counts.
    cut = elsewhere and bool(heading)
    shown = thread.follow(said, alone=elsewhere, goes_on=group[0].goes_on)
    if shown:
        names = ", ".join(_lower_article(subject.phrase) for subject in shown)
        parts.append(_sentence(_capital(plan.words.still_here.format(subject=names)), tongue))
    unsaid = thread.under(said)
    if elsewhere and unsaid:
        parts.append(_sentence(_capital(plan.words.as_before.format(sky=", ".join(unsaid))), tongue))
    if not thread.settle(said) and thread.place:
        parts.append(_sentence(plan.words.same_place.format(place=_lower_article(thread.place)), tongue))
    return _clip(" ".join(parts), _DESCRIPTION_LIMIT), cut


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


def _scene(text: str, plan: _Plan, index: int, said: str, *, cut: bool) -> dict[str, Any]:
    """The texts of one scene; `said` is the prompt's own part in `text`, which may ask for a camera move."""
    short, words = _clip(text, _PROMPT_LIMIT), plan.words
    look, palette, camera = plan.look
    looks = {"text": short, "style": look, "palette": _capital(palette)}
    notes = words.first if index == 0 else words.cut if cut else words.last if index == plan.total - 1 else words.onward
    return {
        "scene_description": text,
        "start_frame_prompt": words.start.format(view=plan.view(index), **looks),
        "end_frame_prompt": words.end.format(**looks),
        "video_motion_prompt": words.motion.format(
            move=plan.move(index, said), action=_clip(short, 220), camera=camera, seconds=f"{plan.seconds:g}"
        ),
        "transition_notes": notes,
        "opens_with_cut": cut,
    }


def _sentence(text: str, tongue: str) -> str:
    """A text that ends like a sentence."""
    text = text.strip()
    if not text or text[-1] in ".!?…。！？:”\"'":
        return text
    return text + ("。" if tongue == "ja" else ".")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower_article(phrase: str) -> str:
    """A phrase that stood at the beginning of a sentence, as it stands within one."""
    first, _, rest = phrase.partition(" ")
    return f"{first.lower()} {rest}" if rest else phrase


def _clip(text: str, limit: int) -> str:
    """The text up to `limit` characters, cut between words."""
    if len(text) <= limit:
        return text
    cut = text[:limit]
    space = cut.rfind(" ")
    return (cut[:space] if space > limit * 0.6 else cut).rstrip(" ,;") + "…"
