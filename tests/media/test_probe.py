from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from tests.media.clips import Recipe, make_clip
from vidpipe_tui.errors import MediaError
from vidpipe_tui.media.probe import ClipFacts, check_clip, probe


@pytest.mark.parametrize("look", [probe, check_clip])
def test_the_facts_of_a_clip(tmp_path: Path, look: Callable[[Path], ClipFacts]) -> None:
    recipe = Recipe(frames=50, fps=Fraction(25), size=(96, 54), options=(("preset", "veryfast"), ("bf", "3")))
    facts = look(make_clip(tmp_path / "clip.mp4", recipe))
    assert (facts.width, facts.height, facts.fps, facts.video_codec) == (96, 54, 25, "h264")
    assert (facts.video_seconds, facts.video_start, facts.video_packets) == (2.0, 0.0, 50)
    assert (facts.pixel_format, facts.video_profile, facts.sample_aspect) == ("yuv420p", "High", 1)
    assert (facts.audio_codec, facts.audio_rate, facts.audio_channels) == ("aac", 48_000, 2)
    assert facts.audio_seconds == pytest.approx(2.0, abs=1e-4)
    assert facts.duration_seconds == pytest.approx(2.0, abs=0.001)
    assert len(facts.video_extradata) == len(facts.audio_extradata) == 64
    assert ClipFacts.from_json(facts.as_json()) == facts


@pytest.mark.parametrize("look", [probe, check_clip])
def test_a_clip_without_sound(tmp_path: Path, look: Callable[[Path], ClipFacts]) -> None:
    facts = look(make_clip(tmp_path / "clip.mp4", Recipe(sound=None)))
    assert facts.audio_codec is None
    assert facts.audio_seconds is None


def test_streams_are_found_by_type_and_not_by_index(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", Recipe())
    with av.open(str(clip)) as source, av.open(str(tmp_path / "turned.mp4"), "w") as turned:
        kinds = [source.streams.audio[0], source.streams.video[0]]
        streams = {stream.index: turned.add_stream_from_template(stream) for stream in kinds}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream_index]
                turned.mux(packet)
    facts = check_clip(tmp_path / "turned.mp4")
    assert (facts.video_codec, facts.audio_codec) == ("h264", "aac")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A clip with its index in front, so that cutting its end off leaves a file that opens."""
    folder = tmp_path_factory.mktemp("whole")
    noisy = Recipe(frames=48, size=(160, 90), picture=lambda number: number * 53 % 200)
    source_path, path = make_clip(folder / "source.mp4", noisy), folder / "clip.mp4"
    with (
        av.open(str(source_path)) as source,
        av.open(str(path), "w", container_options={"movflags": "+faststart"}) as out,
    ):
        streams = {stream.index: out.add_stream_from_template(stream) for stream in source.streams}
        for packet in source.demux():
            if packet.dts is not None:
                packet.stream = streams[packet.stream_index]
                out.mux(packet)
    return path.read_bytes()


def refused(path: Path, data: bytes, words: str) -> None:
    path.write_bytes(data)
    with pytest.raises(MediaError, match=words) as caught:
        check_clip(path)
    assert path.name in caught.value.message
    assert caught.value.hint


def test_a_whole_clip_passes(tmp_path: Path, whole: bytes) -> None:
    (tmp_path / "clip.mp4").write_bytes(whole)
    assert check_clip(tmp_path / "clip.mp4").video_packets == 48


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.99])
def test_a_truncated_clip_is_refused(tmp_path: Path, whole: bytes, share: float) -> None:
    refused(tmp_path / "clip.mp4", whole[: int(len(whole) * share)], "is damaged")
    with pytest.raises(MediaError, match="is damaged"):
        probe(tmp_path / "clip.mp4")


def test_a_clip_that_misses_its_last_byte_is_refused(tmp_path: Path, whole: bytes) -> None:
    refused(tmp_path / "clip.mp4", whole[:-1], "is damaged")


def test_a_clip_without_its_index_is_refused(tmp_path: Path) -> None:
    data = make_clip(tmp_path / "clip.mp4", Recipe()).read_bytes()
    refused(tmp_path / "clip.mp4", data[: data.index(b"moov") + 40], "table of contents is missing")


def test_damage_inside_is_found(tmp_path: Path, whole: bytes) -> None:
    start = whole.index(b"mdat") + 200
    refused(tmp_path / "clip.mp4", whole[:start] + bytes(400) + whole[start + 400 :], "is damaged")


def test_what_is_no_video_is_refused(tmp_path: Path, whole: bytes) -> None:
    Image.new("RGB", (64, 36)).save(tmp_path / "picture.png")
    refused(tmp_path / "clip.mp4", (tmp_path / "picture.png").read_bytes(), "is no MP4 video")
    refused(tmp_path / "clip.mp4", b"", "is empty")
    refused(tmp_path / "clip.mp4", b"{}", "is no MP4 video")
    (tmp_path / "whole.mp4").write_bytes(whole)
    refused(tmp_path / "clip.mp4", b"ffconcat version 1.0\nfile 'whole.mp4'\n", "is no MP4 video")
    refused(tmp_path / "clip.mp4", b"#EXTM3U\n#EXTINF:1,\nwhole.mp4\n", "is no MP4 video")


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", Recipe())
    with av.open(str(clip)) as source, av.open(str(tmp_path / "sound.mp4"), "w") as sound:
        stream = sound.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(audio=0):
            if packet.dts is not None:
                packet.stream = stream
                sound.mux(packet)
    refused(tmp_path / "clip.mp4", (tmp_path / "sound.mp4").read_bytes(), "has no video in it")


def test_a_file_that_is_not_there_or_a_folder_is_a_sentence(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.mp4", tmp_path):
        with pytest.raises(MediaError, match=path.name):
            check_clip(path)


def test_metadata_that_is_no_text_does_not_matter(tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "clip.mp4", Recipe())
    data = clip.read_bytes()
    assert b"Lavf" in data
    clip.write_bytes(data.replace(b"Lavf", b"\xff\xfe\xc3\x28"))
    assert check_clip(clip).video_packets == 24


def test_odd_names_are_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = make_clip(tmp_path / "clip.mp4", Recipe())
    monkeypatch.chdir(tmp_path)
    for name in ("file:odd.mp4", "a 'b' \"c\" %d.mp4", "夜 🌃.mp4", "-y.mp4"):
        shutil.copy(clip, tmp_path / name)
        assert check_clip(Path(name)).video_packets == 24


def test_checking_leaves_no_file_and_no_thread_behind(tmp_path: Path, whole: bytes) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(whole)
    check_clip(clip)
    files, threads = len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
    for size in (len(whole), len(whole) // 2):
        clip.write_bytes(whole[:size])
        for _ in range(5):
            try:
                check_clip(clip)
            except MediaError:
                assert size != len(whole)
    assert len(list(Path("/proc/self/fd").iterdir())) == files
    assert threading.active_count() == threads
