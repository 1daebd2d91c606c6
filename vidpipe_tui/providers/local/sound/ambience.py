"""What one hears in a place: noises shaped in the spectrum, with what calls, drips and crackles in them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from vidpipe_tui.providers.local.paint.arrays import smooth
from vidpipe_tui.providers.local.paint.words import INDOORS, concepts

_RATE = 48_000
Floats = NDArray[np.float32]
Rng = np.random.Generator


def shaped(n: int, rng: Rng, points: list[tuple[float, float]]) -> Floats:
    """Stereo noise (n, 2) of unit power whose spectrum follows (Hz, dB) points."""
    white = rng.standard_normal((n, 2), dtype=np.float32)
    f = np.fft.rfftfreq(n, 1 / _RATE)
    curve = 10 ** (np.interp(np.log10(np.maximum(f, 1)), np.log10([p[0] for p in points]), [p[1] for p in points]) / 20)
    # doubles, because numpy transforms them in half the time that floats take
    out = np.fft.irfft(np.fft.rfft(white.astype(np.float64), axis=0) * curve[:, None], n, axis=0)
    return (out / max(1e-9, float(np.sqrt((out**2).mean())))).astype(np.float32)


def slow(n: int, rng: Rng, per_second: float, low: float, high: float) -> Floats:
    """A slowly wandering level between two bounds, (n, 1); it begins and ends midway, so that scenes join evenly."""
    count = max(2, int(n / _RATE * per_second)) + 2
    knots = rng.random(count)
    knots[[0, -1]] = 0.5
    at = np.linspace(0, count - 1.001, n)
    whole = at.astype(int)
    part = smooth(at - whole)
    level = knots[whole] * (1 - part) + knots[whole + 1] * part
    out: Floats = (low + (high - low) * level).astype(np.float32)[:, None]
    return out


def air(n: int, rng: Rng) -> Floats:
    """Plain soft air: what every scene begins and ends in."""
    return shaped(n, rng, [(20, -12), (120, 0), (500, -8), (2000, -22), (8000, -40), (20000, -60)])


def _wind(n: int, rng: Rng) -> Floats:
    low = shaped(n, rng, [(20, -14), (150, 0), (400, -6), (1200, -22), (20000, -60)])
    high = shaped(n, rng, [(20, -60), (500, -14), (900, 0), (1500, -12), (20000, -60)])
    return low * slow(n, rng, 0.7, 0.5, 1.1) + high * slow(n, rng, 0.9, 0.05, 0.45)


def _rain(n: int, rng: Rng) -> Floats:
    hiss = shaped(n, rng, [(20, -50), (400, -18), (2500, -4), (7000, 0), (14000, -8), (20000, -20)]) * 0.8
    drops = np.zeros((n, 2), np.float32)
    shape = np.exp(-np.arange(500) / 70).astype(np.float32) * np.sin(np.arange(500) * 0.42).astype(np.float32)
    for at in rng.integers(0, max(1, n - 501), int(n / _RATE * 60)):
        drops[at : at + 500] += shape[:, None] * (rng.random(2) ** 2 * 2.2).astype(np.float32)
    return hiss + drops[:n]


def _thunder(n: int, rng: Rng) -> Floats:
    rumble = shaped(n, rng, [(20, 0), (70, 0), (160, -14), (500, -36), (20000, -80)])
    at = rng.uniform(0.15, 0.45) * n
    t = (np.arange(n, dtype=np.float32) - at) / _RATE
    level = np.where(t > 0, np.exp(-t / 0.9) * (1 - np.exp(-np.maximum(t, 0) / 0.06)), 0)
    return rumble * level[:, None].astype(np.float32) * 3


def _sea(n: int, rng: Rng) -> Floats:
    wash = shaped(n, rng, [(20, -16), (200, -3), (700, 0), (2500, -9), (9000, -22), (20000, -46)])
    # whole swells, at middle height where a scene begins and ends: one sea goes on from scene to scene
    swells = max(1, round(min(4.0, n / _RATE / 1.7)))
    level = 0.55 + 0.45 * np.sin(np.pi * (np.arange(n) * (swells / n) + 0.25)) ** 2
    swell: Floats = level[:, None].astype(np.float32)
    return wash * swell + _wind(n, rng) * 0.3


def _city(n: int, rng: Rng) -> Floats:
    hum = shaped(n, rng, [(20, -8), (60, 0), (180, -6), (700, -18), (3000, -34), (20000, -60)])
    passing = shaped(n, rng, [(20, -30), (200, -6), (800, 0), (2000, -12), (20000, -50)])
    return hum + passing * slow(n, rng, 0.5, 0.0, 0.5)


def _forest(n: int, rng: Rng) -> Floats:
    leaves = shaped(n, rng, [(20, -40), (500, -18), (2500, -6), (5000, 0), (9000, -8), (20000, -30)]) * 0.35
    return leaves * slow(n, rng, 0.8, 0.4, 1.0) + _wind(n, rng) * 0.4 + _calls(n, rng, 1.1, 2600, 4600, 0.5)


def _calls(n: int, rng: Rng, per_second: float, low: float, high: float, level: float) -> Floats:
    """Short chirps here and there between the speakers."""
    out = np.zeros((n, 2), np.float32)
    for _ in range(int(n / _RATE * per_second)):
        long = int(_RATE * rng.uniform(0.06, 0.16))
        start = int(rng.uniform(0.06, 0.9) * n)
        pitch, bend, pan = rng.uniform(low, high), rng.uniform(-0.2, 0.25), rng.uniform(0.15, 0.85)
        for repeat in range(int(rng.integers(1, 4))):
            at = start + int(repeat * long * 1.35)
            if at + long >= n - 2400:
                break
            x = np.arange(long) / _RATE
            tone = np.sin(2 * np.pi * pitch * (x + bend * x**2 / x[-1])) * np.sin(np.pi * np.arange(long) / long) ** 2
            out[at : at + long] += (tone[:, None] * [1 - pan, pan] * level).astype(np.float32)
    return out


def _fire(n: int, rng: Rng) -> Floats:
    roar = shaped(n, rng, [(20, -10), (120, 0), (500, -12), (2000, -28), (20000, -60)]) * 0.7
    for at in rng.integers(0, max(1, n - 400), int(n / _RATE * 14)):
        snap = rng.standard_normal(380).astype(np.float32) * np.exp(-np.arange(380) / (20 + 60 * rng.random())).astype(
            np.float32
        )
        roar[at : at + 380] += snap[: n - at, None] * np.float32(1.3 * rng.random() ** 2) if at + 380 <= n else 0
    return roar


def _night(n: int, rng: Rng) -> Floats:
    t = np.arange(n) / _RATE
    chirr = (
        np.sin(2 * np.pi * 4300 * t)
        * np.clip(np.sin(2 * np.pi * 17 * t), 0, 1)
        * np.clip(np.sin(2 * np.pi * 0.8 * t + 1), 0, 1)
    )
    out: Floats = air(n, rng) * 0.7 + (chirr[:, None] * [0.10, 0.16]).astype(np.float32)
    return out


def _room(n: int, rng: Rng) -> Floats:
    tone = shaped(n, rng, [(20, -6), (100, 0), (300, -12), (1200, -30), (20000, -64)])
    t = np.arange(n) / _RATE
    tick = np.zeros((n, 2), np.float32)
    for second in np.arange(0.5, t[-1] - 0.1, 1.0):
        at = int(second * _RATE)
        click = np.exp(-np.arange(600) / 60) * np.sin(np.arange(600) * 0.31)
        tick[at : at + 600] += (click[: n - at, None] * 0.5).astype(np.float32)
    return tone + tick


def _deep(n: int, rng: Rng) -> Floats:
    return shaped(n, rng, [(20, 0), (60, 0), (140, -10), (600, -34), (20000, -80)]) * slow(n, rng, 0.5, 0.7, 1.1)


def _train(n: int, rng: Rng) -> Floats:
    roll = shaped(n, rng, [(20, -10), (80, 0), (300, -6), (1500, -20), (20000, -56)])
    # whole turns of the wheels, so that their rhythm goes on from scene to scene
    turn = np.arange(n) * (2 * np.pi * max(1, round(2.2 * n / _RATE)) / n)
    beat = np.clip(np.sin(turn), 0, 1) ** 6 + 0.7 * np.clip(np.sin(turn - 0.9), 0, 1) ** 6
    level: Floats = (0.5 + beat[:, None]).astype(np.float32)
    return roll * level


_PLACES: dict[str, Callable[[int, Rng], Floats]] = {
    "sea": _sea,
    "beach": _sea,
    "harbour": _sea,
    "lighthouse": _sea,
    "river": _sea,
    "lake": _wind,
    "underwater": _deep,
    "space": _deep,
    "cave": _deep,
    "mars": _wind,
    "street": _city,
    "alley": _city,
    "skyline": _city,
    "rooftop": _city,
    "bridge": _city,
    "factory": _city,
    "road": _city,
    "station": _city,
    "forest": _forest,
    "jungle": _forest,
    "garden": _forest,
    "village": _forest,
    "field": _forest,
    "temple": _forest,
    "swamp": _night,
}


def ambience(text: str, style: str, n: int, rng: Rng) -> Floats:
    """The ambience (n, 2) of what a text describes: its place first, then its weather and what is in it."""
    places, weather = concepts("places", text), set(concepts("weather", text))
    place = places[-1] if places else "field"
    night = bool({"night", "dusk"} & set(concepts("times", text)))
    out = _room(n, rng) if place in INDOORS and place not in _PLACES else _PLACES.get(place, _wind)(n, rng)
    if night and _PLACES.get(place) is _forest:
        out = _night(n, rng)
    if weather & {"rain", "storm"}:
        out = out * 0.6 + _rain(n, rng) * (0.5 if place in INDOORS else 1.0)
    if "storm" in weather:
        out = out + _thunder(n, rng) + _wind(n, rng) * 0.6
    if weather & {"wind", "snow"} and place not in INDOORS:
        out = out * 0.6 + _wind(n, rng)
    if "embers" in weather:
        out = out * 0.6 + _fire(n, rng)
    if "train" in concepts("subjects", text):
        out = out * 0.5 + _train(n, rng)
    return out.astype(np.float32)
