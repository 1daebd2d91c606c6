"""The dated table of Google's models (`models.toml`): limits, prices, what replaces a model that is gone."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from vidpipe_tui.errors import UsageError
from vidpipe_tui.providers.base import Road
from vidpipe_tui.providers.models import Catalogue, ImageModelLimits, Price, TextModel, VideoModelLimits

if TYPE_CHECKING:
    from vidpipe_tui.config.schema import Models

VIDEO_FAMILIES = ("gemini-omni-", "veo-")


@dataclass(frozen=True, slots=True)
class Table:
    """The models of one road (`key` or `vertex`) with its defaults and replacements."""

    road: str
    catalogue: Catalogue
    defaults: Mapping[str, str]
    locations: Mapping[str, str]
    replaced: Mapping[str, str]

    def location(self, model: str) -> str | None:
        """The only Vertex AI location that has this model's family, where there is only one."""
        start = next((start for start in VIDEO_FAMILIES if model.startswith(start)), model)
        return next((place for key, place in self.locations.items() if key.startswith(start)), None)

    def replacement(self, model: str) -> str | None:
        """What to use instead of a model that is gone, where the table knows it."""
        fitting = [start for start in self.replaced if model.startswith(start)]
        best = self.replaced[max(fitting, key=len)] if fitting else None
        return None if best == model else best

    def with_chosen(self, models: Models) -> Table:
        """The same with models the settings name and the table does not: limits and price of their family.

        Where a family has several models the dearest one's price is taken, so that no budget is overrun. A video or
        image model of no known family is refused: nothing is known about what it accepts or costs.
        """
        known = self.catalogue
        if models.storyboard_llm and models.storyboard_llm not in known.texts:
            dearest = max((text.price for text in known.texts.values()), key=lambda price: price.output_per_million)
            own = TextModel(models.storyboard_llm, price=dearest, temperature=False)
            known = replace(known, texts={**known.texts, own.id: own})
        if models.image_gen and models.image_gen not in known.images:
            known = replace(known, images={**known.images, models.image_gen: self._image_like(models.image_gen)})
        if models.video_gen and models.video_gen not in known.videos:
            known = replace(known, videos={**known.videos, models.video_gen: self._video_like(models.video_gen)})
        return replace(self, catalogue=known)

    def without_last_frame(self, refused: Collection[str]) -> Table:
        """The same where these video models are known to refuse a last frame."""
        videos = {
            key: replace(limits, last_frame=False) if key in refused else limits
            for key, limits in self.catalogue.videos.items()
        }
        return replace(self, catalogue=replace(self.catalogue, videos=videos))

    def road_for_people(self, name: str, models: Models) -> Road:
        """The road's name with the models it uses by default."""
        return Road(
            name=name,
            storyboard_model=models.storyboard_llm or self.defaults["text"],
            image_model=models.image_gen or self.defaults["image"],
            video_model=models.video_gen or self.defaults["video"],
        )

    def _image_like(self, model: str) -> ImageModelLimits:
        if not model.startswith("gemini-") or "omni" in model or model in self.catalogue.texts:
            raise _unknown(model, "draws", self.catalogue.images)
        family = [limits for key, limits in self.catalogue.images.items() if key[:12] == model[:12]]
        dearest = max(family or self.catalogue.images.values(), key=lambda limits: limits.price.of_image("1K"))
        return replace(dearest, id=model)

    def _video_like(self, model: str) -> VideoModelLimits:
        if self.road == "key" and model.startswith("veo-"):
            raise UsageError(
                f"{model} needs Vertex AI; with an API key films are made by {self.defaults['video']}.",
                hint="Set google.use_vertex_ai and google.project_id, or take models.video_gen out of the settings.",
            )
        start = next((start for start in VIDEO_FAMILIES if model.startswith(start)), None)
        if start is None:
            raise _unknown(model, "films", self.catalogue.videos)
        family = [limits for key, limits in self.catalogue.videos.items() if key.startswith(start)]
        dearest = max(family, key=lambda limits: limits.price.of_clip(1, "720p"))
        return replace(dearest, id=model)


@cache
def table(road: str) -> Table:
    """The table of a road, `key` or `vertex`, as it is shipped."""
    raw = tomllib.loads(files(__package__).joinpath("models.toml").read_text("utf-8"))
    videos = {key: row for key, row in raw["video"].items() if road in row["roads"]}
    return Table(
        road=road,
        catalogue=Catalogue(
            texts={key: _text(key, row) for key, row in raw["text"].items()},
            images={key: _image(key, row) for key, row in raw["image"].items()},
            videos={key: _video(key, row) for key, row in videos.items()},
            dated=raw["dated"],
            source=raw["source"],
        ),
        defaults=raw["defaults"][road],
        locations={key: row["location"] for key, row in videos.items() if "location" in row},
        replaced={start: row[road] for start, row in raw["replaced"].items()},
    )


def _text(model: str, row: Mapping[str, Any]) -> TextModel:
    price = Price(input_per_million=row["input_per_million"], output_per_million=row["output_per_million"])
    return TextModel(model, price=price, temperature=row.get("temperature", True))


def _image(model: str, row: Mapping[str, Any]) -> ImageModelLimits:
    return ImageModelLimits(
        model,
        ratios=tuple(row["ratios"]),
        sizes=tuple(row["sizes"]),
        max_references=row["max_references"],
        price=Price(image=max(row["sizes"].values()), by_resolution=row["sizes"]),
    )


def _video(model: str, row: Mapping[str, Any]) -> VideoModelLimits:
    return VideoModelLimits(
        model,
        ratios=tuple(row["ratios"]),
        resolutions=tuple(row["resolutions"]),
        seconds=tuple(float(value) for value in row.get("seconds", ())),
        min_seconds=float(row.get("min_seconds", 1)),
        max_seconds=float(row.get("max_seconds", 15)),
        audio=row["audio"],
        seed=row["seed"],
        max_references=row.get("max_references", 0),
        last_frame=row.get("last_frame"),
        frames_exclude_references=True,
        price=Price(second=max(row["resolutions"].values()), by_resolution=row["resolutions"]),
    )


def _unknown(model: str, verb: str, known: Mapping[str, object]) -> UsageError:
    return UsageError(
        f"No model of Google called {model!r} that {verb} is known here.", hint=f"Known are {', '.join(known)}."
    )
