"""How the player follows the line: slower when behind, faster again when it is not, still at last."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.studio.real_pictures import save_clip
from vidpipe_tui.errors import MediaError
from vidpipe_tui.pictures.clip import ClipFrames
from vidpipe_tui.widgets.backlog import PACES, Pace, over_the_net


def test_a_line_in_time_keeps_its_pace() -> None:
    pace = Pace()
    assert not any(pace.saw(2) for _ in range(100))
    assert pace.rate == 24


def test_a_slow_line_steps_down_to_a_still_picture() -> None:
    pace = Pace()
    seen = [pace.rate]
    for _ in range(12):
        assert pace.saw(9)
        seen.append(pace.rate)
    assert list(dict.fromkeys(seen)) == list(PACES)
    assert pace.rate == 0


def test_it_tries_again_and_waits_longer_each_time() -> None:
    pace = Pace()
    waits = []
    for _ in range(3):
        while pace.rate == 24:
            pace.saw(9)
        frames = 0
        while pace.rate != 24:
            pace.saw(0)
            frames += 1
        waits.append(frames)
    assert waits == sorted(set(waits))


def test_over_ssh_it_never_goes_beyond_twelve() -> None:
    pace = Pace(slow=True)
    for _ in range(500):
        pace.saw(0)
    assert pace.rate == 12
    assert over_the_net({"SSH_CONNECTION": "1 2 3 4"})
    assert not over_the_net({})


def test_frames_in_any_order_are_the_same(tmp_path: Path) -> None:
    path = save_clip(tmp_path / "clip.mp4", 1)
    with ClipFrames(path, 32, 18) as clip:
        assert (clip.rate, clip.count) == (24, 48)
        forward = [clip.frame(index) for index in range(48)]
    assert forward[0].shape == (18, 32, 3)
    assert np.abs(forward[0].astype(int) - forward[47]).mean() > 3
    with ClipFrames(path, 32, 18) as clip:
        for index in (47, 3, 30, 0, 29, 46):
            assert np.array_equal(clip.frame(index), forward[index])
        assert np.array_equal(clip.frame(1000), forward[47])
        assert np.array_equal(clip.frame(-5), forward[0])


def test_what_is_no_clip_is_a_sentence(tmp_path: Path) -> None:
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"not a film" * 100)
    for path in (bad, tmp_path / "none.mp4", tmp_path):
        with pytest.raises(MediaError):
            ClipFrames(path, 8, 8)
    whole = save_clip(tmp_path / "whole.mp4", 1)
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    with pytest.raises(MediaError), ClipFrames(cut, 8, 8) as clip:
        for index in range(clip.count):
            clip.frame(index)
