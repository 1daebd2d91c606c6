"""The fields of a new film as data, and what is made of what was typed: a request, or a sentence per wrong field."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from vidpipe_tui.domain.commands import NewProject, NewReference
from vidpipe_tui.domain.vocabulary import (
    ASPECT_RATIOS,
    MAX_CLIP_SECONDS,
    MAX_PROMPT,
    MAX_SCENES,
    MAX_SEED,
    MAX_STYLE,
    MAX_TITLE,
    MIN_CLIP_SECONDS,
    REVIEW_MODES,
    STYLES,
)


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form. With `choices` one of them is meant, else it is text; '' is the setting's default."""

    name: str
    label: str
    hint: str
    choices: tuple[str, ...] = ()
    default: str = ""
    help: str = ""


PROMPT_HELP = "A sentence is enough; one sentence for each scene says it more exactly."

FIELDS: tuple[Field, ...] = (
    Field("title", "Title", "from the prompt", help="Its name in the list; empty: made from the prompt."),
    Field(
        "style",
        "Style",
        f"{', '.join(STYLES[:3])}, or your own word",
        help="How it looks: one of the known styles, or your own word for it.",
    ),
    Field("aspect_ratio", "Ratio", "", ASPECT_RATIOS, ASPECT_RATIOS[0], help="Width to height of the picture."),
    Field(
        "clip_seconds",
        "Seconds a clip",
        f"{MIN_CLIP_SECONDS} to {MAX_CLIP_SECONDS}",
        help="How long each scene's clip is; what the model allows.",
    ),
    Field("scenes", "Scenes", "from the prompt", help="How many scenes; empty: as many as the prompt asks for."),
    Field(
        "provider",
        "Provider",
        "",
        ("local",),
        "local",
        help="Who draws and films; local needs no network.",
    ),
    Field(
        "review",
        "Review",
        "",
        REVIEW_MODES,
        "none",
        help="What waits for your decision before it goes on.",
    ),
    Field(
        "budget", "Budget", "$, or no limit", help="The most it may cost in US dollars; at it the film stops and asks."
    ),
    Field("resolution", "Resolution", "360p to 4k", help="Of the clips, such as 720p; what the model allows."),
    Field("audio", "Sound", "", ("yes", "no"), "yes", help="Whether the clips have sound."),
    Field(
        "crossfade",
        "Crossfade",
        "seconds, or none",
        help="Seconds in which one clip goes over into the next; empty: cuts.",
    ),
    Field("seed", "Seed", "by chance", help="The same number makes the same film again, where the model can."),
    Field(
        "reference",
        "Reference",
        "picture file=tag",
        help="A picture that holds someone steady: file=name, such as fox.png=fox.",
    ),
)


Parsed = TypeVar("Parsed")


class WrongValue(ValueError):  # noqa: N818  # a sentence, not an accident
    """What is wrong with a field, as a sentence."""


def read_form(values: Mapping[str, str]) -> tuple[NewProject | None, dict[str, str]]:
    """The request, or None and a sentence for each field that is wrong (`prompt` is a field too)."""
    wrong: dict[str, str] = {}

    def take(name: str, parse: Callable[[str], Parsed]) -> Parsed | None:
        text = values.get(name, "").strip()
        try:
            return parse(text) if text else None
        except WrongValue as error:
            wrong[name] = str(error)
            return None

    prompt = values.get("prompt", "")
    if not prompt.strip():
        wrong["prompt"] = "Say what happens in the film: a sentence is enough."
    elif len(prompt) > MAX_PROMPT:
        wrong["prompt"] = f"The prompt has {len(prompt):,} characters; {MAX_PROMPT:,} are allowed."
    reference = take("reference", _reference)
    made = NewProject(
        prompt=prompt,
        title=take("title", lambda text: _short(text, "A title", MAX_TITLE)),
        style=take("style", lambda text: _short(text, "A style", MAX_STYLE)),
        aspect_ratio=take("aspect_ratio", str),
        clip_seconds=take("clip_seconds", lambda text: _whole(text, MIN_CLIP_SECONDS, MAX_CLIP_SECONDS)),
        scenes=take("scenes", lambda text: _whole(text, 1, MAX_SCENES)),
        provider=take("provider", str),
        review=take("review", str) or "none",
        budget=take("budget", _money),
        crossfade=take("crossfade", _seconds),
        seed=take("seed", lambda text: _whole(text, 0, MAX_SEED)),
        resolution=take("resolution", str),
        audio=values.get("audio", "yes") != "no",
        references=(reference,) if reference else (),
    )
    return (None, wrong) if wrong else (made, {})


def _short(text: str, what: str, limit: int) -> str:
    if len(text) > limit:
        raise WrongValue(f"{what} has at most {limit} characters; this one has {len(text):,}.")
    return text


def _whole(text: str, low: int, high: int) -> int:
    if not text.isascii() or not text.isdigit() or not low <= int(text[:12]) <= high:
        raise WrongValue(f"A whole number from {low} to {high:,}.")
    return int(text)


def _number(text: str, sentence: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        raise WrongValue(sentence) from None
    if not 0 <= value < 1_000_000:
        raise WrongValue(sentence)
    return value


def _money(text: str) -> float:
    return _number(text.lstrip("$ "), "A sum in US dollars, such as 6 or 6.50.")


def _seconds(text: str) -> float:
    return _number(text, "Seconds, such as 0.5; less than half the shortest clip.")


def _reference(text: str) -> NewReference:
    name, _, tag = text.rpartition("=") if "=" in text and not Path(text).expanduser().exists() else (text, "", "")
    path = Path(name.strip()).expanduser()
    if not path.is_file():
        raise WrongValue(f"There is no file {path}.")
    return NewReference(path, tag.strip())
