from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import av
import pytest

from tests.media.clips import Recipe, make_clip
from vidpipe_tui.errors import MediaError
from vidpipe_tui.media import jobs
from vidpipe_tui.media.small_clips import keep_small, playable, small_clip_path
from vidpipe_tui.pictures.clip import ClipFrames


@pytest.mark.parametrize(("size", "small"), [((640, 360), (320, 180)), ((360, 640), (180, 320)), ((96, 54), (96, 54))])
def test_checking_a_clip_leaves_a_small_copy_of_every_picture(
    tmp_path: Path, size: tuple[int, int], small: tuple[int, int]
) -> None:
    clip = make_clip(tmp_path / "scene_0.mp4", Recipe(frames=50, fps=Fraction(25), size=size))
    part = tmp_path / "part.mp4"
    assert jobs.check(str(clip), str(part))["video_packets"] == 50
    keep_small(part, clip)
    copy = playable(clip)
    assert copy == small_clip_path(clip) == tmp_path / "small" / "scene_0.mp4"
    assert not part.exists()
    with av.open(str(copy)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height, stream.average_rate) == (*small, 25)
    with ClipFrames(clip, 16, 9) as whole, ClipFrames(copy, 16, 9) as less:
        assert (whole.count, whole.rate) == (less.count, less.rate) == (50, 25)
        for index in (0, 7, 31, 49):
            apart = abs(whole.frame(index).astype(int) - less.frame(index)).mean()
            assert apart < 6, f"frame {index} of the copy shows something else"


def test_a_clip_that_is_no_good_leaves_no_copy(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "scene_0.mp4", Recipe(frames=50, size=(96, 54)))
    clip.write_bytes(clip.read_bytes()[: clip.stat().st_size // 2])
    with pytest.raises(MediaError):
        jobs.check(str(clip), str(tmp_path / "part.mp4"))
    assert not (tmp_path / "part.mp4").exists()


def test_a_copy_that_cannot_be_written_is_not_missed(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "scene_0.mp4", Recipe(frames=50, size=(96, 54)))
    assert jobs.check(str(clip), str(tmp_path / "nowhere" / "part.mp4"))["video_packets"] == 50
    keep_small(tmp_path / "nowhere" / "part.mp4", clip)
    assert playable(clip) == clip


def test_a_clip_that_changed_is_played_itself(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "scene_0.mp4", Recipe(frames=50, size=(96, 54)))
    jobs.check(str(clip), str(tmp_path / "part.mp4"))
    keep_small(tmp_path / "part.mp4", clip)
    later = small_clip_path(clip).stat().st_mtime + 10
    os.utime(clip, (later, later))
    assert playable(clip) == clip
    clip.unlink()
    assert playable(clip) == clip
