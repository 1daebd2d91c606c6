"""A storyboard as it must be: read from a model's answer, or the sentence that says what is wrong with it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vidpipe_tui.domain.text import clean, tag_of

STYLE_KEYS = ("visual_style", "color_palette", "camera_style")
SUBJECT_KINDS = ("character", "place")
TEXT_KEYS = ("scene_description", "start_frame_prompt", "end_frame_prompt", "video_motion_prompt")
MAX_FIELD = 8_000
MAX_CAST = 40


class InvalidStoryboardError(ValueError):
    """The answer is no valid storyboard; the message says why, for the model and for people."""


@dataclass(frozen=True, slots=True)
class SceneDraft:
    """A scene of a storyboard."""

    scene_description: str
    start_frame_prompt: str
    end_frame_prompt: str
    video_motion_prompt: str
    transition_notes: str
    references: tuple[str, ...] = ()
    opens_with_cut: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """A character or place that a storyboard names; scenes that show it carry its tag."""

    tag: str
    kind: str


@dataclass(frozen=True, slots=True)
class Storyboard:
    """A style guide (keys of STYLE_KEYS) and the scenes in order."""

    style_guide: Mapping[str, str]
    scenes: tuple[SceneDraft, ...]


def parse_storyboard(raw: str, *, scene_count: int | None, max_scenes: int, tags: Sequence[str] = ()) -> Storyboard:
    """Reads an answer. Raises InvalidStoryboardError when it is no JSON, lacks something, repeats itself, has another
    number of scenes than `scene_count` (or more than `max_scenes`), or names a reference that was neither given
    (`tags`) nor is in its own cast.
    """
    data = _json(raw)
    if not isinstance(data, dict):
        raise InvalidStoryboardError("the answer is no JSON object")
    guide = data.get("style_guide")
    if not isinstance(guide, dict):
        raise InvalidStoryboardError("style_guide is missing")
    style_guide = {key: _text(guide.get(key), f"style_guide.{key}") for key in STYLE_KEYS}
    scenes = data.get("scenes")
    if not isinstance(scenes, list) or not scenes:
        raise InvalidStoryboardError("there are no scenes")
    if scene_count is not None and len(scenes) != scene_count:
        raise InvalidStoryboardError(f"there are {len(scenes)} scenes instead of {scene_count}")
    if len(scenes) > max_scenes:
        raise InvalidStoryboardError(f"there are {len(scenes)} scenes; at most {max_scenes} are allowed")
    known = list(dict.fromkeys([*tags, *(subject.tag for subject in cast_of(data))]))
    drafts = tuple(_scene(entry, number, known) for number, entry in enumerate(scenes, 1))
    _refuse_repeats(drafts)
    return Storyboard(style_guide, drafts)


def cast_of(data: Any) -> tuple[Subject, ...]:
    """The characters and places that a storyboard (the JSON object) names as its cast; what is no subject is left out.

    The cast is an offer: pictures of it can become references.
    """
    entries = data.get("cast") if isinstance(data, dict) else None
    found: dict[str, Subject] = {}
    for entry in entries[:MAX_CAST] if isinstance(entries, list) else ():
        name, kind = (entry.get("name"), entry.get("kind")) if isinstance(entry, dict) else (None, None)
        tag = tag_of(name) if isinstance(name, str) else ""
        if tag and kind in SUBJECT_KINDS:
            found.setdefault(tag, Subject(tag, str(kind)))
    return tuple(found.values())


def as_stored(raw: str) -> Any:
    """The answer as it is kept: the JSON it is, or a string where it is none."""
    try:
        return _json(raw)
    except InvalidStoryboardError:
        return clean(raw)


def _json(raw: str) -> Any:
    text = raw.strip()
    fenced = re.fullmatch(r"```(?:json)?\s*(.*?)\s*```", text, re.DOTALL)
    try:
        return json.loads(fenced[1] if fenced else text)
    except (ValueError, RecursionError):
        raise InvalidStoryboardError("the answer is no JSON" if text else "the answer is empty") from None


def _scene(entry: Any, number: int, tags: Sequence[str]) -> SceneDraft:
    if not isinstance(entry, dict):
        raise InvalidStoryboardError(f"scene {number} is no object")
    for key in ("scene_index", "index"):
        if isinstance(entry.get(key), int) and entry[key] not in {number, number - 1}:
            raise InvalidStoryboardError(f"scene {number} calls itself {entry[key]}")
    texts = {key: _text(entry.get(key), f"scene {number}: {key}") for key in TEXT_KEYS}
    notes = entry.get("transition_notes")
    return SceneDraft(
        **texts,
        transition_notes=clean(notes).strip()[:MAX_FIELD] if isinstance(notes, str) else "",
        references=_tags(entry.get("references"), number, tags),
        opens_with_cut=entry.get("opens_with_cut") is True and number > 1,
    )


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise InvalidStoryboardError(f"{what} is missing")
    text = clean(value).strip()
    if not text:
        raise InvalidStoryboardError(f"{what} is empty")
    if len(text) > MAX_FIELD:
        raise InvalidStoryboardError(f"{what} is longer than {MAX_FIELD} characters")
    return text


def _tags(value: Any, number: int, known: Sequence[str]) -> tuple[str, ...]:
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(tag, str) for tag in value):
        raise InvalidStoryboardError(f"scene {number}: references is no list of tags")
    found = []
    for tag in value:
        name = _known_tag(tag, known)
        if name is None:
            allowed = ", ".join(known) or "none"
            raise InvalidStoryboardError(f"scene {number} names the reference {tag!r}; given were: {allowed}")
        found.append(name)
    return tuple(dict.fromkeys(found))


def _known_tag(written: str, known: Sequence[str]) -> str | None:
    """The known tag that is meant: the same name, else the only one whose words are all in it, or the other way."""
    by_name = {tag_of(tag).replace("_", "-"): tag for tag in reversed(known)}
    wanted = tag_of(written).replace("_", "-")
    if wanted in by_name or not wanted:
        return by_name.get(wanted)
    words = set(wanted.split("-"))
    near = [tag for name, tag in by_name.items() if words >= set(name.split("-")) or words <= set(name.split("-"))]
    return near[0] if len(near) == 1 else None


def _refuse_repeats(drafts: Sequence[SceneDraft]) -> None:
    seen: dict[tuple[str, str], int] = {}
    for number, draft in enumerate(drafts, 1):
        key = (draft.scene_description.lower(), draft.end_frame_prompt.lower())
        if key in seen:
            raise InvalidStoryboardError(f"scene {number} repeats scene {seen[key]}")
        seen[key] = number
