"""Mixes a scene's sound so that clips laid end to end have no click and no step in level."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vidpipe_tui.providers.local.paint.arrays import generator, smooth
from vidpipe_tui.providers.local.sound.ambience import air, ambience
from vidpipe_tui.providers.local.sound.pad import pad

RATE = 48_000
Floats = NDArray[np.float32]
_EDGE = 4800
_AMBIENCE_LUFS, _PAD_LUFS = -23.5, -23.0


def bed(
    description: str, prompt: str, style: str, *, seconds: float, seed: int, scene_index: int
) -> Floats:  # fmt: skip
    """Stereo sound (n, 2), float32 at 48 kHz, n = round(seconds * 48000), at about -20 LUFS.

    Every bed begins and ends inside one and the same stretch of air noise, and its pad passes through zero
    at both ends, so that any two beds join without a click or a jump. `scene_index` chooses the chord.
    """
    n = max(1, round(seconds * RATE))
    place = ambience(f"{description}\n{prompt}", style, n, generator("sound", seed, scene_index))
    place *= _gain(place, _AMBIENCE_LUFS)
    chord = pad(n, style, scene_index)
    chord *= _gain(chord, _PAD_LUFS)
    mixed = _edges(place) + chord
    out: Floats = np.tanh(mixed * 1.02).astype(np.float32)
    return out


def _edges(sound: Floats) -> Floats:
    """Lead into the ambience from the shared air noise and back into it, with equal power."""
    n = len(sound)
    edge = min(_EDGE, n // 3)
    if edge < 8:
        return sound
    shared = air(2 * _EDGE, generator("air"))
    shared *= _gain(shared, _AMBIENCE_LUFS)
    fade = smooth(np.linspace(0, 1, edge, dtype=np.float32))[:, None] * (np.pi / 2)
    out = sound.copy()
    out[:edge] = sound[:edge] * np.sin(fade) + shared[_EDGE : _EDGE + edge] * np.cos(fade)
    out[n - edge :] = sound[n - edge :] * np.sin(fade[::-1]) + shared[_EDGE - edge : _EDGE] * np.cos(fade[::-1])
    return out


def loudness(sound: Floats) -> float:
    """Loudness in LUFS without gating, by the K weighting of ITU-R BS.1770 applied to the spectrum."""
    n = len(sound)
    spectrum = np.abs(np.fft.rfft(sound.astype(np.float64), axis=0)) ** 2
    f = np.fft.rfftfreq(n, 1 / RATE)
    shelf = 1 + (10 ** (4 / 10) - 1) / (1 + (1500 / np.maximum(f, 1)) ** 4)
    high_pass = 1 / (1 + (38 / np.maximum(f, 1)) ** 4)
    power = float((spectrum * (shelf * high_pass)[:, None]).sum()) * 2 / n**2
    return -0.691 + 10 * float(np.log10(max(power, 1e-12)))


def _gain(sound: Floats, target: float) -> np.float32:
    """The factor that brings a sound to a loudness; at most +60 dB, for silence."""
    return np.float32(10 ** (min(60.0, target - loudness(sound)) / 20))
