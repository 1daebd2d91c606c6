"""New projects: every wish checked before anything is stored or paid."""

from __future__ import annotations

import math
import re
import secrets
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from vidpipe_tui.config.schema import Settings
from vidpipe_tui.domain.beats import scenes_in, title_of
from vidpipe_tui.domain.commands import NewProject, NewReference
from vidpipe_tui.domain.text import clean, clean_line, tag_of
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
from vidpipe_tui.errors import UsageError
from vidpipe_tui.pipeline.driver import Opened

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
REFERENCE_KINDS = ("character", "place", "style")


@dataclass(frozen=True, slots=True)
class Checked:
    """A new project whose every value is settled. `notices` are sentences about what was changed."""

    prompt: str
    title: str
    style: str
    aspect_ratio: str
    clip_seconds: int
    scenes: int
    provider: str
    review: str
    budget: float | None
    crossfade: float
    seed: int
    resolution: str
    image_size: str
    audio: bool
    auto_soften: bool
    models: tuple[str, str, str]
    references: tuple[NewReference, ...]
    notices: tuple[str, ...]


def check(new: NewProject, settings: Settings, opened: Opened) -> Checked:
    """Settles every value, from the wish, the settings and the models' limits; raises UsageError with a sentence."""
    notices: list[str] = []
    prompt = _prompt(new.prompt, notices)
    title = _title(new.title, prompt, notices)
    pipeline = settings.pipeline
    seconds = _whole(
        pipeline.default_clip_duration if new.clip_seconds is None else new.clip_seconds,
        "A clip",
        MIN_CLIP_SECONDS,
        MAX_CLIP_SECONDS,
        "seconds",
        "--clip-duration",
    )
    most = min(pipeline.max_scenes, MAX_SCENES)
    scenes = new.scenes if new.scenes is not None else pipeline.default_scenes
    scenes = scenes_in(prompt, most) if scenes is None else _whole(scenes, "A film", 1, most, "scenes", "--scenes")
    road = opened.provider.road
    models = (
        settings.models.storyboard_llm or road.storyboard_model,
        settings.models.image_gen or road.image_model,
        settings.models.video_gen or road.video_model,
    )
    wanted = pipeline.default_aspect_ratio if new.aspect_ratio is None else new.aspect_ratio
    ratio = _one_of(wanted, ASPECT_RATIOS, "aspect ratio", "--aspect-ratio")
    resolution = settings.models.video_resolution if new.resolution is None else new.resolution
    _fits_models(opened, models, ratio, float(seconds), resolution, new.audio, settings.models.image_size)
    return Checked(
        prompt=prompt,
        title=title,
        style=_style(pipeline.default_style if new.style is None else new.style),
        aspect_ratio=ratio,
        clip_seconds=seconds,
        scenes=scenes,
        provider=opened.provider.name,
        review=_one_of(new.review, REVIEW_MODES, "review mode", "--review"),
        budget=check_budget(new.budget),
        crossfade=check_crossfade(
            pipeline.crossfade_seconds if new.crossfade is None else new.crossfade, float(seconds)
        ),
        seed=_seed(new.seed),
        resolution=resolution,
        image_size=settings.models.image_size,
        audio=new.audio,
        auto_soften=new.auto_soften,
        models=models,
        references=check_references(new.references),
        notices=tuple(notices),
    )


def _prompt(text: str, notices: list[str]) -> str:
    cleaned = clean(text)
    prompt = cleaned.strip()
    if all(unicodedata.category(letter) in _INVISIBLE for letter in prompt):
        raise UsageError("The prompt is empty.", hint="Say in a sentence or more what the film shows.")
    if len(text) > MAX_PROMPT:
        raise UsageError(
            f"The prompt has {len(text):,} characters; at most {MAX_PROMPT:,} are allowed.", hint="Shorten it."
        )
    if cleaned != text.replace("\r\n", "\n").replace("\r", "\n"):
        notices.append("Control characters were taken out of the prompt.")
    return prompt


def _title(text: str | None, prompt: str, notices: list[str]) -> str:
    if text is None or not text.strip():
        return title_of(prompt)
    title = check_title(text)
    if title != " ".join(text.split()):
        notices.append("Control characters were taken out of the title.")
    return title


def check_title(text: str) -> str:
    """A title on one line; raises UsageError when nothing is left of it, or it is too long."""
    title = clean_line(text)
    if not title:
        raise UsageError("The title is empty.", hint="Leave it away to have one made of the prompt.")
    if len(title) > MAX_TITLE:
        raise UsageError(f"The title has {len(title)} characters; at most {MAX_TITLE} are allowed.", hint="Shorten it.")
    return title


def _style(text: str) -> str:
    style = clean_line(text)
    if not re.fullmatch(r"[^\W_][\w &'’+.,/-]*", style) or len(style) > MAX_STYLE:
        raise UsageError(f"{text!r} is no style.", hint=f"Use {', '.join(STYLES)}.")
    if style.lower() not in STYLES:
        raise UsageError(f"There is no style {style!r}.", hint=f"Use {', '.join(STYLES)}.")
    return style.lower()


def _one_of(value: str, allowed: tuple[str, ...], what: str, option: str) -> str:
    if value not in allowed:
        raise UsageError(f"There is no {what} {clean_line(str(value))!r}.", hint=f"{option} is {', '.join(allowed)}.")
    return value


def _whole(value: int, what: str, least: int, most: int, units: str, option: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise UsageError(f"{what} has {least} to {most} {units}, not {value}.", hint=f"Choose with {option}.")
    return value


def check_budget(budget: float | None) -> float | None:
    """A budget in US dollars, or None; raises UsageError."""
    if budget is not None and not (math.isfinite(budget) and 0 <= budget <= 1e6):
        raise UsageError(f"{budget} is no budget.", hint="--budget is US dollars, 0 or more.")
    return budget


def check_crossfade(seconds: float, shortest: float) -> float:
    """A crossfade below half the shortest clip; raises UsageError."""
    if not math.isfinite(seconds) or seconds < 0:
        raise UsageError(f"{seconds} is no crossfade.", hint="--crossfade is seconds, 0 or more.")
    if seconds and seconds >= shortest / 2:
        raise UsageError(
            f"A crossfade of {seconds:g} s is too long for clips of {shortest:g} s.",
            hint=f"It must be below {shortest / 2:g} s (half the shortest clip).",
        )
    return seconds


def _seed(seed: int | None) -> int:
    if seed is None:
        return secrets.randbelow(MAX_SEED + 1)
    if isinstance(seed, bool) or not 0 <= seed <= MAX_SEED:
        raise UsageError(f"{seed} is no seed.", hint=f"--seed is a whole number from 0 to {MAX_SEED}.")
    return seed


def _fits_models(
    opened: Opened,
    models: tuple[str, str, str],
    ratio: str,
    seconds: float,
    resolution: str,
    audio: bool,
    image_size: str,
) -> None:
    opened.catalogue.image(models[1]).check(ratio=ratio, size=image_size)
    opened.catalogue.video(models[2]).check(ratio=ratio, seconds=seconds, resolution=resolution, audio=audio)


def check_references(references: tuple[NewReference, ...]) -> tuple[NewReference, ...]:
    """References with their tags and kinds settled; raises UsageError."""
    checked: list[NewReference] = []
    for reference in references:
        path = Path(reference.path).expanduser()
        if not path.is_file():
            raise UsageError(f"The reference {path} is no file.", hint="--reference PATH[=TAG[:KIND]] names a picture.")
        tag = tag_of(reference.tag or path.stem) or "reference"
        if any(other.tag == tag for other in checked):
            raise UsageError(f"Two references have the tag {tag}.", hint="Give each its own with --reference PATH=TAG.")
        if reference.kind not in REFERENCE_KINDS:
            raise UsageError(
                f"{clean_line(reference.kind)!r} is no kind of reference.", hint=f"Use {', '.join(REFERENCE_KINDS)}."
            )
        checked.append(NewReference(path, tag, reference.kind))
    return tuple(checked)
