"""Limits and prices of models, and the checks and estimates made from them before anything is paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from vidpipe_tui.errors import UsageError


@dataclass(frozen=True, slots=True)
class Price:
    """List price in US dollars; `second` and `image` may differ by resolution (`by_resolution` overrides)."""

    input_per_million: float = 0.0
    output_per_million: float = 0.0
    image: float = 0.0
    second: float = 0.0
    by_resolution: Mapping[str, float] = field(default_factory=dict)

    def of_clip(self, seconds: float, resolution: str) -> float:
        """Price of a clip in US dollars."""
        return seconds * self.by_resolution.get(resolution, self.second)

    def of_image(self, size: str) -> float:
        """Price of a picture in US dollars."""
        return self.by_resolution.get(size, self.image)

    def of_tokens(self, input_tokens: int, output_tokens: int) -> float:
        """Price of a text call in US dollars."""
        return (input_tokens * self.input_per_million + output_tokens * self.output_per_million) / 1e6

    @property
    def is_free(self) -> bool:
        """True when no call of this model costs anything."""
        flat = (self.input_per_million, self.output_per_million, self.image, self.second)
        return not any(flat) and not any(self.by_resolution.values())


@dataclass(frozen=True, slots=True)
class TextModel:
    """A model that writes storyboards. `temperature`: whether it takes one."""

    id: str
    price: Price = field(default_factory=Price)
    temperature: bool = True


@dataclass(frozen=True, slots=True)
class ImageModelLimits:
    """A model that draws. `ratios` and `sizes` are what it accepts; `max_references` pictures go with a request."""

    id: str
    ratios: tuple[str, ...]
    sizes: tuple[str, ...] = ("1K",)
    max_references: int = 0
    price: Price = field(default_factory=Price)

    def check(self, *, ratio: str, size: str) -> None:
        """Raises UsageError with what is allowed, before anything is paid."""
        if self.ratios and ratio not in self.ratios:
            raise UsageError(
                f"{self.id} cannot draw in {ratio}.", hint=f"Use {_either(self.ratios)} with --aspect-ratio."
            )
        if self.sizes and size not in self.sizes:
            raise UsageError(f"{self.id} has no size {size}.", hint=f"Set models.image_size to {_either(self.sizes)}.")


@dataclass(frozen=True, slots=True)
class VideoModelLimits:
    """A model that films.

    `seconds` lists the only lengths allowed, or is empty and `min_seconds` to `max_seconds` holds (with first and
    last frame). `audio` is always, optional or never. `last_frame` None means unknown until tried. `max_references`
    is how many go with a request; `frames_exclude_references` says that they cannot be combined with frames.
    """

    id: str
    ratios: tuple[str, ...]
    resolutions: tuple[str, ...]
    seconds: tuple[float, ...] = ()
    min_seconds: float = 1.0
    max_seconds: float = 15.0
    audio: str = "optional"
    seed: bool = True
    last_frame: bool | None = True
    max_references: int = 0
    frames_exclude_references: bool = False
    price: Price = field(default_factory=Price)

    def check(self, *, ratio: str, seconds: float, resolution: str, audio: bool) -> None:
        """Raises UsageError with what is allowed, before anything is paid."""
        if self.last_frame is False:
            raise UsageError(
                f"{self.id} refuses to end a clip on a given frame here.",
                hint="Ask the provider for access to last-frame control, or choose another video model.",
            )
        if ratio not in self.ratios:
            raise UsageError(
                f"{self.id} cannot film in {ratio}.", hint=f"Use {_either(self.ratios)} with --aspect-ratio."
            )
        if self.seconds and seconds not in self.seconds:
            allowed = _either(tuple(f"{value:g}" for value in self.seconds))
            raise UsageError(
                f"{self.id} makes clips of {allowed} seconds, not {seconds:g}.",
                hint="Choose one of these with --clip-duration.",
            )
        if not self.seconds and not self.min_seconds <= seconds <= self.max_seconds:
            raise UsageError(
                f"{self.id} makes clips of {self.min_seconds:g} to {self.max_seconds:g} seconds, not {seconds:g}.",
                hint="Choose a length in that range with --clip-duration.",
            )
        if self.resolutions and resolution not in self.resolutions:
            raise UsageError(
                f"{self.id} has no resolution {resolution}.",
                hint=f"Use {_either(self.resolutions)} with --resolution.",
            )
        if audio and self.audio == "never":
            raise UsageError(f"{self.id} makes clips without sound.", hint="Use --no-audio.")
        if not audio and self.audio == "always":
            raise UsageError(f"{self.id} always makes sound.", hint="Leave --no-audio away.")


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every model a provider knows, with the day and the source of its prices."""

    texts: Mapping[str, TextModel]
    images: Mapping[str, ImageModelLimits]
    videos: Mapping[str, VideoModelLimits]
    dated: date
    source: str

    def text(self, model: str) -> TextModel:
        """The text model of that id; an id that is not in the table is used at unknown (zero) price."""
        return self.texts.get(model) or TextModel(model)

    def image(self, model: str) -> ImageModelLimits:
        """The image model of that id; raises UsageError for one that is not in the table."""
        return _known(self.images, model, "draws")

    def video(self, model: str) -> VideoModelLimits:
        """The video model of that id; raises UsageError for one that is not in the table."""
        return _known(self.videos, model, "films")

    def priced(self, prices: Mapping[str, Mapping[str, float]]) -> Catalogue:
        """The same with the person's own prices laid over: `{model id: {input_per_million | output_per_million | image
        | second: US dollars}}`.
        """
        return replace(
            self,
            texts={key: replace(model, price=_over(model.price, prices.get(key))) for key, model in self.texts.items()},
            images={
                key: replace(model, price=_over(model.price, prices.get(key))) for key, model in self.images.items()
            },
            videos={
                key: replace(model, price=_over(model.price, prices.get(key))) for key, model in self.videos.items()
            },
        )


Limits = TypeVar("Limits", ImageModelLimits, VideoModelLimits)


def _known(table: Mapping[str, Limits], model: str, verb: str) -> Limits:
    limits = table.get(model)
    if limits is None:
        raise UsageError(
            f"No model called {model!r} that {verb} is known here.",
            hint=f"Known are {_either(tuple(table))}.",
        )
    return limits


def _over(price: Price, own: Mapping[str, float] | None) -> Price:
    if not own:
        return price
    by_resolution = {} if {"image", "second"} & set(own) else price.by_resolution
    return replace(price, **dict(own), by_resolution=by_resolution)


def _either(values: tuple[str, ...]) -> str:
    return values[0] if len(values) == 1 else f"{', '.join(values[:-1])} or {values[-1]}"
