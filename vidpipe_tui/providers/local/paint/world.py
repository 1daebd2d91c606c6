"""The state of the small world a picture shows: read from texts, carried from frame to frame."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any, Self

VERSION = 1


@dataclass(frozen=True)
class Figure:
    """A subject in the picture.

    `x` is the middle in parts of the stage's width; `y` runs from 0 (the back of the ground, or the top of
    the sky for what flies) to 1 (the front, or the horizon). `size` is 1 for its natural size at y = 0.5.
    `facing` is 1 for right, -1 for left. `holds` names a thing in a person's hand.
    """

    kind: str
    colour: tuple[int, int, int]
    x: float
    y: float
    size: float = 1.0
    facing: int = 1
    pose: str = "stand"
    umbrella: bool = False
    old: bool = False
    holds: str = ""


@dataclass(frozen=True)
class World:
    """Everything a frame is painted from; equal worlds give equal pictures at equal sizes.

    `hour` is 0 to 24; weather strengths are 0 to 1; `zoom` is 1 (whole stage) to 1.35, `pan_x` and `pan_y`
    run from -1 to 1 over the room the zoom leaves. `air` is how far the clouds have drifted, in widths
    of the stage. `root` seeds the shapes of every place, so that a place revisited looks the same.
    """

    place: str = "field"
    root: int = 0
    style: str = "cinematic"
    hour: float = 17.5
    cloud: float = 0.35
    rain: float = 0.0
    snow: float = 0.0
    fog: float = 0.12
    white: float = 0.0
    extras: tuple[str, ...] = ()
    props: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    accent: tuple[int, int, int] = (206, 84, 60)
    zoom: float = 1.12
    pan_x: float = 0.0
    pan_y: float = 0.0
    focus: float = 0.0
    air: float = 0.0
    exposure: float = 0.0
    warmth: float = 0.0
    vivid: float = 0.0

    def to_json(self) -> str:
        """The state as compact JSON, for the picture's own metadata."""
        return json.dumps({"v": VERSION, **dataclasses.asdict(self)}, separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self | None:
        """Read `to_json` back; None when it is no state of this version."""
        try:
            data: dict[str, Any] = json.loads(text)
            if data.pop("v") != VERSION:
                return None
            data["figures"] = tuple(
                Figure(**{**figure, "colour": tuple(figure["colour"])}) for figure in data["figures"]
            )
            for name in ("extras", "props", "accent"):
                data[name] = tuple(data[name])
            return cls(**data)
        except (ValueError, KeyError, TypeError, AttributeError):
            return None
