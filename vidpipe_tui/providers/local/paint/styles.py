"""The looks: how each style grades its colours and finishes its surfaces."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256

import numpy as np

from vidpipe_tui.providers.local.paint.arrays import Colour, colour

Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Style:
    """One look.

    `saturation` and `contrast` are 1 for nature's own; `shadows` and `lights` are tints mixed in with the
    strength `tint` (split toning). `surface` names the finish of the painted layers (smooth, cel, wash, oil,
    pencil, pixel, paper, print), `screen` the texture of the finished picture (film, paper, canvas, none).
    `hour` is the time of day where the text names none; `cloud_edge` 0 is soft, 1 is crisp; `fill` brightens
    the night; `town_glow` colours its horizon.
    """

    name: str
    saturation: float = 1.0
    contrast: float = 1.0
    shadows: Rgb = (20, 30, 50)
    lights: Rgb = (255, 240, 215)
    tint: float = 0.0
    lift: float = 0.0
    surface: str = "smooth"
    screen: str = "film"
    grain: float = 2.0
    vignette: float = 0.25
    haze: float = 1.0
    glow: float = 1.0
    outline: float = 0.0
    cloud_edge: float = 0.25
    hour: float | None = None
    wet: float = 0.0
    handheld: float = 0.0
    fill: float = 1.0
    town_glow: Rgb | None = None

    def grade(self, value: Colour) -> Colour:
        """Grade a colour (0 to 255) as this style's film stock or pigment would show it."""
        c: Colour = np.asarray(value, np.float32)
        luma = c @ np.array([0.299, 0.587, 0.114], np.float32)
        grey = np.asarray(luma)[..., None]
        c = grey + (c - grey) * self.saturation
        c = 118 + (c - 118) * self.contrast
        if self.tint:
            k = np.clip(grey / 255, 0, 1)
            tone = colour(self.shadows) * (1 - k) + colour(self.lights) * k
            mixed = tone * (0.35 + 0.65 * k) if self.saturation > 0.05 else tone
            c = c + (mixed - c) * self.tint
        c = c + (255 - c) * self.lift
        return np.clip(c, 0, 255).astype(np.float32)


_TABLE: dict[str, Style] = {
    s.name: s
    for s in (
        Style("cinematic", 1.08, 1.14, (6, 48, 66), (255, 206, 146), 0.27, vignette=0.3, grain=1.6, fill=1.55),
        Style("anime", 1.62, 1.06, (70, 60, 170), (255, 246, 224), 0.1, 0.1, "cel", "none", 0.0, 0.05,
              haze=0.62, glow=1.3, outline=0.5, cloud_edge=0.9, hour=16.0, fill=1.5),
        Style("documentary", 0.6, 0.94, (64, 68, 62), (244, 240, 226), 0.16, 0.04, grain=2.6, vignette=0.16,
              haze=1.1, glow=0.6, hour=15.4, handheld=1.0, fill=1.5),
        Style("watercolour", 1.3, 0.84, (74, 96, 168), (255, 251, 240), 0.14, 0.27, "wash", "paper", 0.0, 0.0,
              haze=0.9, glow=0.7, cloud_edge=0.1, hour=7.2, fill=1.6),
        Style("noir", 0.0, 1.6, (6, 7, 10), (250, 251, 252), 0.9, 0.0, grain=2.8, vignette=0.42, haze=1.5,
              glow=1.5, hour=20.7, wet=0.7, fill=2.2),
        Style("pixel art", 1.3, 1.12, (40, 24, 90), (255, 240, 190), 0.14, 0.0, "pixel", "none", 0.0, 0.0,
              haze=0.8, glow=0.9, cloud_edge=0.8, hour=18.6, fill=1.5),
        Style("oil painting", 1.2, 1.1, (44, 30, 28), (255, 226, 160), 0.16, 0.0, "oil", "canvas", 0.0, 0.2,
              haze=0.85, hour=17.0, fill=1.3),
        Style("sketch", 0.12, 0.95, (58, 58, 66), (250, 247, 238), 0.35, 0.12, "pencil", "paper", 0.0, 0.0,
              haze=1.0, glow=0.3, outline=1.0, hour=11.0, fill=1.8),
        Style("cyberpunk", 1.4, 1.14, (36, 8, 84), (120, 246, 255), 0.2, 0.0, grain=1.6, vignette=0.34,
              haze=1.15, glow=1.7, hour=21.6, wet=1.0, fill=1.5, town_glow=(206, 44, 160)),
        Style("pastel", 1.4, 0.86, (168, 140, 200), (255, 246, 236), 0.1, 0.14, "paper", "paper", 0.0, 0.0,
              haze=0.55, glow=0.9, cloud_edge=0.95, hour=8.4, fill=1.8),
        Style("comic", 1.3, 1.2, (18, 20, 60), (255, 244, 210), 0.1, 0.03, "print", "paper", 0.0, 0.0,
              haze=0.6, glow=0.9, outline=1.0, cloud_edge=1.0, hour=16.2, fill=1.5),
        Style("vintage", 0.6, 0.94, (70, 50, 40), (255, 230, 180), 0.42, 0.07, grain=4.0, vignette=0.4,
              haze=1.05, hour=16.5, fill=1.5),
        Style("ukiyo-e", 0.86, 1.0, (26, 58, 112), (246, 222, 170), 0.52, 0.04, "cel", "paper", 0.0, 0.0,
              haze=0.6, glow=0.4, outline=0.9, cloud_edge=1.0, hour=7.0, fill=1.4),
        Style("fantasy", 1.36, 1.05, (66, 26, 122), (255, 218, 176), 0.34, 0.03, grain=1.0, vignette=0.26,
              haze=1.1, glow=1.6, hour=19.0, fill=1.6, town_glow=(120, 60, 190)),
        Style("horror", 0.42, 1.16, (8, 20, 18), (196, 214, 190), 0.34, 0.0, grain=3.0, vignette=0.6, haze=1.5,
              glow=0.9, hour=21.8, fill=1.4, town_glow=(52, 96, 84)),
        Style("synthwave", 1.5, 1.16, (44, 8, 96), (255, 140, 190), 0.3, 0.0, grain=1.2, vignette=0.25,
              haze=1.0, glow=1.7, hour=19.9, cloud_edge=0.5, fill=1.5, town_glow=(255, 70, 160)),
    )
}  # fmt: skip
_WORDS: tuple[tuple[str, str], ...] = (
    (r"noir|black.?and.?white|schwarz.?wei|monochrom|モノクロ", "noir"),
    (r"pixel|8.?bit|16.?bit|ドット", "pixel art"),
    (r"water.?colou?r|aquarell|gouache|水彩|wash", "watercolour"),
    (r"cyber|blade.?runner|neon|サイバー", "cyberpunk"),
    (r"ukiyo|woodblock|wood.?cut|hokusai|holzschnitt|浮世絵", "ukiyo-e"),
    (r"anime|manga|ghibli|アニメ|cel|cartoon|zeichentrick|2d", "anime"),
    (r"oil|öl|impression|van.?gogh|油絵|painting|gemälde|painterly|acryl", "oil painting"),
    (r"sketch|pencil|charcoal|drawing|skizze|bleistift|graphite|鉛筆|ink", "sketch"),
    (r"pastel|child|kinder|picture.?book|bilderbuch|storybook|paper.?cut|felt|clay|knet|絵本|kawaii", "pastel"),
    (r"comic|graphic.?novel|pop.?art|halftone|superhero", "comic"),
    (r"synth|vapor|retro.?wave|80s|outrun", "synthwave"),
    (r"vintage|sepia|retro|super.?8|old.?film|silent|nostalg|70s|kodak|analog", "vintage"),
    (r"horror|gothic|creepy|grusel|dark", "horror"),
    (r"fantasy|fairy|märchen|dream|magic|surreal|whimsical", "fantasy"),
    (r"docu|doku|news|real|natural|photo|ドキュメ|home.?video|reportage", "documentary"),
    (r"cinema|film|movie|kino|epic|blockbuster|映画|hollywood|dram", "cinematic"),
)


def named(name: str) -> Style:
    """The look of that name; an unknown name is matched by its words, else gets a look of its own."""
    low = name.strip().lower().replace("_", " ")
    if low in _TABLE:
        return _TABLE[low]
    for pattern, known in _WORDS:
        if re.search(pattern, low):
            return replace(_TABLE[known], name=low)
    if not low:
        return _TABLE["cinematic"]
    a, b, c, d, e, f, *_ = sha256(low.encode()).digest()
    return Style(
        low, 0.75 + a / 510, 0.9 + b / 850, (c // 4, d // 5, e // 3), (255, 225 + f // 9, 180 + a // 5),
        0.12 + b / 1600, surface=("smooth", "paper", "wash", "oil")[c % 4],
        screen=("film", "paper", "canvas")[d % 3], grain=1.0, vignette=0.2,
    )  # fmt: skip
