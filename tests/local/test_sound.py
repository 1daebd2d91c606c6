"""Sound beds join without clicks or jumps, at one loudness."""

from __future__ import annotations

import numpy as np
import pytest

from vidpipe_tui.providers.local.sound import RATE, bed
from vidpipe_tui.providers.local.sound.bed import loudness

SCENES = (
    "A forest at noon",
    "Rain in the city at night",
    "The sea in a storm",
    "A quiet library",
    "A campfire in the mountains",
    "An astronaut in space",
    "A train in the snow",
    "雨の夜の街",
    "Ein Sturm am Meer",
    "",
)


def sound(text: str, index: int = 0, *, seconds: float = 4.0, style: str = "cinematic", seed: int = 1) -> np.ndarray:
    return bed(text, "slow push in", style, seconds=seconds, seed=seed, scene_index=index)


@pytest.mark.parametrize("text", SCENES)
def test_length_loudness_and_headroom(text: str) -> None:
    made = sound(text)
    assert made.shape == (4 * RATE, 2)
    assert made.dtype == np.float32
    assert -22 < loudness(made) < -18
    assert np.abs(made).max() < 0.98


@pytest.mark.parametrize("seconds", [1.0, 1.2917, 2.5, 15.0])
def test_any_length(seconds: float) -> None:
    assert len(sound("A forest", seconds=seconds)) == round(seconds * RATE)


def test_beds_join_without_a_click_or_a_jump_in_level() -> None:
    joined = np.concatenate([sound(text, index, seconds=2.5, seed=index) for index, text in enumerate(SCENES)])
    steps = np.abs(np.diff(joined, axis=0)).max(axis=1)
    length = round(2.5 * RATE)
    for join in range(length, len(joined), length):
        near = steps[join - 1]
        usual = np.quantile(steps[join - 2400 : join + 2400], 0.99)
        assert near <= max(usual, 0.02)
        before, after = loudness(joined[join - 4800 : join]), loudness(joined[join : join + 4800])
        assert abs(before - after) < 3.0


@pytest.mark.parametrize("text", SCENES)
@pytest.mark.parametrize("style", ["cinematic", "watercolour"])
def test_a_film_of_one_place_is_as_loud_at_its_joins_as_around_them(text: str, style: str) -> None:
    film = np.concatenate([sound(text, index, style=style, seed=index) for index in range(6)])
    for join in range(4 * RATE, len(film), 4 * RATE):
        low, high = join - RATE // 5, join + RATE // 5
        here = loudness(film[low:high])
        assert abs(here - loudness(film[low - RATE : low])) < 1.0
        assert abs(here - loudness(film[high : high + RATE])) < 1.0


def test_ambience_follows_the_text_and_the_chord_the_scene() -> None:
    def bright(part: np.ndarray) -> float:
        power = np.abs(np.fft.rfft(part[:, 0])) ** 2
        return float(power[len(power) // 8 :].sum() / power.sum())

    assert bright(sound("Heavy rain")) > 5 * bright(sound("An astronaut in space"))
    assert not np.allclose(sound("A forest", 0), sound("A forest", 1), atol=0.01)


def test_equal_input_gives_equal_sound_and_the_two_sides_differ() -> None:
    assert np.array_equal(sound("The sea"), sound("The sea"))
    assert not np.allclose(sound("The sea")[:, 0], sound("The sea")[:, 1], atol=0.01)
