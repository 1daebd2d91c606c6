"""A soft chord, built from whole cycles, so that it starts and ends at zero."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

_RATE = 48_000
# semitones above the key's root: four chords each, in minor and in major, that lead into one another
_MINOR = (
    (0, 7, 12, 15),
    (-4, 3, 8, 12),
    (3, 7, 10, 15),
    (-2, 5, 10, 14),
    (0, 7, 12, 19),
    (5, 8, 12, 17),
    (-4, 3, 8, 15),
    (-5, 2, 7, 14),
)
_MAJOR = (
    (0, 7, 12, 16),
    (-3, 4, 9, 12),
    (5, 9, 12, 17),
    (-5, 2, 7, 11),
    (0, 7, 14, 16),
    (-3, 4, 9, 16),
    (2, 5, 9, 14),
    (-5, 2, 7, 14),
)
_DARK = ("noir", "horror", "cyber", "gothic", "dark", "synth")

# sin(a + 0.8 sin b) as sines of a + k b: the Bessel functions J_k(0.8)
_SIDEBANDS = ((0, 0.846), (1, 0.369), (-1, -0.369), (2, 0.076), (-2, 0.076))


def pad(n: int, style: str, scene_index: int) -> NDArray[np.float32]:
    """The chord of a scene, (n, 2), level about 1; the key comes from the style, the chord from the scene."""
    low = style.strip().lower()
    minor = any(word in low for word in _DARK) or sha256(low.encode()).digest()[1] % 2 == 0
    key = 110.0 * 2 ** ((sha256(low.encode()).digest()[0] % 7 - 3) / 12)
    chords = _MINOR if minor else _MAJOR
    notes = [key * 2 ** (step / 12) for step in chords[scene_index % len(chords)]]
    sides = [_voice(n, notes, spread) for spread in (-1, 1)]
    t = np.arange(n, dtype=np.float32) / n
    swell = 0.94 + 0.06 * (1 - np.cos(2 * np.pi * t)) / 2
    return (np.stack(sides, axis=1) * swell[:, None]).astype(np.float32)


def _voice(n: int, notes: list[float], spread: int) -> NDArray[np.float32]:
    """Sines of whole cycles over the length, set as lines in the spectrum: all begin and end at zero.

    Each sine hangs back and hurries on within a scene, the other way round on the other side. Its level stays even:
    sines beating with others that begin with them are loudest where a scene begins and ends, and heard as a bump.
    """
    spectrum = np.zeros(n // 2 + 1, np.complex128)
    for index, note in enumerate(notes):
        for harmonic in range(1, 6):
            middle = round(note * harmonic * n / _RATE)
            level = (0.5 if index else 0.8) / harmonic**1.7
            for side, share in _SIDEBANDS:
                line = middle + side * spread * (1 + index % 2)
                if 0 < line < len(spectrum) - 1:
                    spectrum[line] += -0.5j * n * level * share
    return np.fft.irfft(spectrum, n).astype(np.float32)
