from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.media.clips import RATE, Recipe, Sound, brightness, heard, loudness, make_clip, played
from vidpipe_tui.errors import DiskFullError, MediaError, StorageError
from vidpipe_tui.media.film import file_digest
from vidpipe_tui.media.join import JoinClip, JoinResult, join

FPS = Fraction(24)
FLASH = 12
"""The picture that is white, and with which the beep begins."""


def beep(times: np.ndarray) -> np.ndarray:
    since = times - FLASH / FPS.numerator
    return np.where((since >= 0) & (since < 0.1), 0.5 * np.sin(2 * np.pi * 1000 * since), 0.0)


def noise(seed: int, level: float = 0.1):
    return lambda times: level * np.random.default_rng(seed).standard_normal(len(times))


def many(tmp_path: Path, recipes: list[Recipe]) -> list[JoinClip]:
    return [
        JoinClip(make_clip(tmp_path / f"clip_{number}.mp4", recipe), f"Scene {number + 1}", number)
        for number, recipe in enumerate(recipes)
    ]


def lengths(path: Path) -> tuple[float, float | None]:
    """How long picture and sound of a film are, by its headers."""
    with av.open(str(path)) as film:
        picture, sounds = film.streams.video[0], film.streams.audio
        sound = float(sounds[0].duration * sounds[0].time_base) if sounds else None
        return float(picture.duration * picture.time_base), sound


def beeps(track: Sound) -> list[float]:
    """When the beeps of a track begin, by comparing with a clean one."""
    pattern = beep(np.arange(0, round(0.6 * RATE)) / RATE + 0.0)[round(0.5 * RATE) :].astype(np.float32)
    size = 1 << (len(track) + len(pattern)).bit_length()
    match = np.fft.irfft(np.fft.rfft(track, size) * np.conj(np.fft.rfft(pattern, size)), size)[: len(track)]
    found = []
    while match.max() > 0.7 * float(pattern @ pattern):
        best = int(match.argmax())
        found.append(best / RATE)
        match[max(0, best - RATE // 4) : best + RATE // 4] = 0
    return sorted(found)


def decodes(path: Path) -> int:
    """How many pictures come out of the film without an error."""
    with av.open(str(path)) as film:
        return sum(not frame.is_corrupt for frame in film.decode(video=0))


def test_clips_that_agree_are_copied_with_chapters_and_metadata(tmp_path: Path) -> None:
    titles = ['He said "go"\nand left', "夜の街を歩く", "🧑‍🚀 [red]not markup[/red]", "", "é" * 300]
    clips = [
        JoinClip(make_clip(tmp_path / f"{number}.mp4", Recipe()), title, number) for number, title in enumerate(titles)
    ]
    progress: list[float] = []
    out = tmp_path / "a folder 'with' quotes" / "film: [1].mp4"
    out.parent.mkdir()
    result = join(clips, out, title="A title 🎬\0", comment="vidpipe", on_progress=progress.append)
    assert result.copied
    assert (result.width, result.height, result.fps) == (64, 36, 24)
    assert (result.video_codec, result.audio_codec) == ("h264", "aac")
    assert result.duration_seconds == 5.0
    assert result.spans == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]
    assert result.sha256 == file_digest(out)
    assert progress[-1] == 1.0
    with av.open(str(out)) as film:
        chapters = film.chapters()
        assert film.metadata["title"] == "A title 🎬"
        assert film.metadata["comment"] == "vidpipe"
    assert [chapter["metadata"]["title"] for chapter in chapters] == [
        'He said "go" and left',
        "夜の街を歩く",
        "🧑‍🚀 [red]not markup[/red]",
        "Scene 4",
        "é" * 127,
    ]
    spans = [(c["start"] * c["time_base"], c["end"] * c["time_base"]) for c in chapters]
    assert spans == [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]
    assert out.read_bytes().index(b"moov") < out.read_bytes().index(b"mdat")
    assert decodes(out) == 120


def test_the_pictures_of_a_copied_film_are_those_of_the_clips(tmp_path: Path) -> None:
    recipe = Recipe(frames=7, options=(("preset", "veryfast"), ("bf", "2")))
    clips = many(tmp_path, [Recipe(**{**_fields(recipe), "picture": lambda n, k=k: 30 * k + 4 * n}) for k in range(4)])
    assert join(clips, tmp_path / "film.mp4").copied
    film = brightness(tmp_path / "film.mp4")
    assert [time for time, _ in film] == pytest.approx([number / 24 for number in range(28)], abs=1e-6)
    expected = [grey for clip in clips for _, grey in brightness(clip.path)]
    assert [grey for _, grey in film] == expected


def _fields(recipe: Recipe) -> dict[str, object]:
    return {name: getattr(recipe, name) for name in Recipe.__slots__}


@pytest.mark.parametrize("frames", [24, 25, 37])
def test_after_thirty_joins_sound_and_picture_are_together(tmp_path: Path, frames: int) -> None:
    recipe = Recipe(frames=frames, picture=lambda number: 250 if number == FLASH else 20, sound=beep)
    clip = make_clip(tmp_path / "clip.mp4", recipe)
    out = tmp_path / "film.mp4"
    result = join([JoinClip(clip, "", number) for number in range(31)], out)
    assert result.copied
    picture, sound = lengths(out)
    assert picture == pytest.approx(31 * frames / 24, abs=1e-4)
    assert sound == pytest.approx(picture, abs=0.05)
    flashes = [time for time, grey in brightness(out) if grey > 200]
    source = beeps(heard(clip))[0] - FLASH / 24  # what the encoder itself is off by
    by_stamps, by_counting = beeps(heard(out)), beeps(played(out))
    assert len(flashes) == len(by_stamps) == len(by_counting) == 31
    assert max(abs(b - f - source) for b, f in zip(by_stamps, flashes, strict=True)) < 0.0001
    assert max(abs(b - f - source) for b, f in zip(by_counting, flashes, strict=True)) < 0.0115


@pytest.mark.parametrize("frames", [24, 37, 96])
def test_a_copied_join_is_heard_neither_as_a_gap_nor_as_a_click(tmp_path: Path, frames: int) -> None:
    clips = many(tmp_path, [Recipe(frames=frames, sound=noise(seed)) for seed in range(6)])
    out = tmp_path / "film.mp4"
    result = join(clips, out)
    track = played(out)
    usual = loudness(track, 0.3, 0.7)
    for start, _ in result.spans[1:]:
        levels = [loudness(track, start + step / 100, start + step / 100 + 0.02) for step in range(-5, 5)]
        assert min(levels) > 0.85 * usual
        assert max(levels) < 1.15 * usual


def test_a_copied_tone_has_no_click_at_the_joins(tmp_path: Path) -> None:
    clips = many(tmp_path, [Recipe(frames=37, sound=lambda t, n=n: 0.3 * np.sin(1382 * t + n)) for n in range(6)])
    out = tmp_path / "film.mp4"
    result = join(clips, out)
    assert result.copied
    bend = np.abs(np.diff(played(out), 2))
    for start, _ in result.spans[1:]:
        near = bend[round((start - 0.05) * RATE) : round((start + 0.05) * RATE)]
        assert near.max() < 0.01, "a cut through the tone would bend it by up to 0.6"


@pytest.mark.parametrize("seconds", [0.5, 0.9, 1.4])
def test_sound_of_another_length_than_its_picture_shifts_nothing(tmp_path: Path, seconds: float) -> None:
    flash = Recipe(picture=lambda number: 250 if number == FLASH else 20, sound=beep)
    clips = many(tmp_path, [flash, Recipe(picture=lambda _: 20, sound=noise(1, 0.001), sound_seconds=seconds), flash])
    out = tmp_path / "film.mp4"
    assert join(clips, out).copied
    assert beeps(heard(out)) == pytest.approx([0.5, 2.5], abs=0.001)
    assert beeps(played(out)) == pytest.approx([0.5, 2.5], abs=0.0125)
    picture, sound = lengths(out)
    assert sound == pytest.approx(picture, abs=0.05)


@pytest.mark.parametrize("fade", [0.0, 0.1])
def test_sound_of_an_encoder_with_another_delay_stays_in_place(tmp_path: Path, fade: float) -> None:
    flash = Recipe(frames=25, picture=lambda number: 250 if number == FLASH else 20, sound=beep)
    plain = make_clip(tmp_path / "plain.mp4", flash)
    late = tmp_path / "late.mp4"
    with av.open(str(plain)) as source, av.open(str(late), "w") as target:
        _remux(source, target, delay=1088)
    source_beep = beeps(heard(late))[0]
    assert source_beep == pytest.approx(0.5 - 1088 / RATE, abs=0.001)
    out = tmp_path / "film.mp4"
    result = join([JoinClip(late, "", number) for number in range(4)], out, crossfade_seconds=fade)
    assert result.copied is not bool(fade)
    expected = [start + source_beep for start, _ in result.spans]
    assert beeps(heard(out)) == pytest.approx(expected, abs=0.001)
    assert beeps(played(out)) == pytest.approx(expected, abs=0.0125)


@pytest.mark.parametrize(
    "other",
    [
        Recipe(size=(36, 64)),
        Recipe(fps=Fraction(30), frames=30),
        Recipe(fps=Fraction(30000, 1001), frames=30),
        Recipe(pixel_format="yuv444p"),
        Recipe(sound=None),
        Recipe(rate=44_100),
        Recipe(layout="mono"),
        Recipe(sound_seconds=0.5, rate=44_100),
        Recipe(codec="mpeg4", options=()),
        Recipe(aspect=Fraction(4, 3)),
        Recipe(options=(("preset", "veryfast"), ("crf", "30"))),
    ],
    ids=["size", "rate", "ntsc", "pixels", "silent", "sound rate", "mono", "short", "codec", "aspect", "encoder"],
)
def test_clips_that_differ_are_brought_together(tmp_path: Path, other: Recipe) -> None:
    flash = Recipe(picture=lambda number: 250 if number == FLASH else 20, sound=beep)
    quiet = Recipe(**{**_fields(other), "picture": lambda _: 20, "sound": other.sound and noise(1, 0.001)})
    out = tmp_path / "film.mp4"
    result = join(many(tmp_path, [flash, quiet, flash]), out)
    assert not result.copied
    assert (result.width, result.height, result.fps, result.audio_codec) == (64, 36, 24, "aac")
    assert result.duration_seconds == pytest.approx(3.0, abs=0.03)
    picture, sound = lengths(out)
    assert picture == pytest.approx(3.0, abs=0.03)
    assert sound == pytest.approx(picture, abs=0.05)
    film = brightness(out)
    assert len(film) == 72
    assert [number for number, (_, grey) in enumerate(film) if grey > 150] == [12, 60]
    for track in (heard(out), played(out)):
        assert beeps(track) == pytest.approx([0.5, 2.5], abs=0.001)


def test_a_taller_clip_stands_between_black_bars(tmp_path: Path) -> None:
    tall = Recipe(size=(36, 64), picture=lambda _: 200)
    out = tmp_path / "film.mp4"
    join(many(tmp_path, [Recipe(), Recipe(), tall]), out)
    with av.open(str(out)) as film:
        frame = list(film.decode(video=0))[60].to_ndarray(format="gray")
    assert frame.shape == (36, 64)
    assert frame[:, :20].max() < 40
    assert frame[:, -20:].max() < 40
    assert frame[:, 26:38].min() > 150


def test_films_without_any_sound_have_none(tmp_path: Path) -> None:
    silent = Recipe(sound=None)
    result = join(many(tmp_path, [silent, silent]), tmp_path / "film.mp4")
    assert result.copied
    assert result.audio_codec is None
    mixed = join(many(tmp_path, [silent, Recipe(sound=None, size=(48, 36))]), tmp_path / "film.mp4")
    assert not mixed.copied
    assert mixed.audio_codec is None
    assert lengths(tmp_path / "film.mp4") == (pytest.approx(2.0), None)


@pytest.mark.parametrize("fade", [0.25, 0.3])
def test_a_crossfade_shortens_the_film_and_keeps_the_level(tmp_path: Path, fade: float) -> None:
    clips = many(
        tmp_path,
        [
            Recipe(frames=24 + number, sound=noise(number), picture=lambda _, g=40 * number: 40 + g)
            for number in range(4)
        ],
    )
    out = tmp_path / "film.mp4"
    result = join(clips, out, crossfade_seconds=fade)
    assert not result.copied
    expected = sum(24 + number for number in range(4)) / 24 - 3 * fade
    picture, sound = lengths(out)
    assert result.duration_seconds == pytest.approx(expected, abs=0.021)
    assert picture == pytest.approx(result.duration_seconds, abs=0.001)
    assert sound == pytest.approx(picture, abs=0.05)
    track = played(out)
    usual = loudness(track, 0.1, 0.6)
    film = brightness(out)
    for (_, end), (start, _) in zip(result.spans, result.spans[1:], strict=False):
        assert end - start == pytest.approx(fade, abs=0.042)
        levels = [loudness(track, moment, moment + 0.05) for moment in np.arange(start - 0.2, end + 0.15, 0.025)]
        assert min(levels) > 0.85 * usual
        assert max(levels) < 1.15 * usual
        greys = [grey for time, grey in film if start - 0.02 < time < end]
        assert greys == sorted(greys)
        assert greys[-1] - greys[0] > 20
    with av.open(str(out)) as film_file:
        starts = [float(chapter["start"] * chapter["time_base"]) for chapter in film_file.chapters()]
    assert starts == pytest.approx([start for start, _ in result.spans], abs=0.001)


@pytest.mark.parametrize(
    ("recipe", "fade", "seconds"),
    [
        (Recipe(frames=12), 0.2, 31 * 0.5 - 30 * 0.2),
        (Recipe(frames=13, fps=Fraction(30)), 0.0, 10 + 31 * 13 / 30),
        (Recipe(frames=1, fps=Fraction(60)), 0.0, 10 + 31 / 60),
    ],
    ids=["fade", "rate", "a picture each"],
)
def test_what_is_no_whole_number_of_pictures_does_not_add_up(
    tmp_path: Path, recipe: Recipe, fade: float, seconds: float
) -> None:
    flash = Recipe(**{**_fields(recipe), "picture": lambda _: 20, "sound": noise(1, 0.001)})
    odd = make_clip(tmp_path / "odd.mp4", flash)
    clips = [JoinClip(odd, "", number) for number in range(31)]
    if not fade:  # what most clips are decides on the rate: a film of 24 pictures a second
        plain = [make_clip(tmp_path / f"{number}.mp4", Recipe(frames=6)) for number in range(1)] * 40
        clips += [JoinClip(path, "", 31 + number) for number, path in enumerate(plain)]
    out = tmp_path / "film.mp4"
    result = join(clips, out, crossfade_seconds=fade)
    picture, sound = lengths(out)
    assert result.fps == 24
    assert result.duration_seconds == pytest.approx(seconds, abs=0.025)
    assert (picture, sound) == (pytest.approx(result.duration_seconds, abs=0.001), pytest.approx(picture, abs=0.05))
    assert len(brightness(out)) == round(result.duration_seconds * 24)


def test_an_encoded_cut_has_no_click(tmp_path: Path) -> None:
    tones = [Recipe(frames=24, sound=lambda t, n=n: 0.3 * np.sin(1382 * t + 1.3 * n)) for n in range(5)]
    clips = many(tmp_path, [*tones, Recipe(size=(48, 36), sound=tones[0].sound)])
    result = join(clips, tmp_path / "film.mp4")
    assert not result.copied
    bend = np.abs(np.diff(played(tmp_path / "film.mp4"), 2))
    for start, _ in result.spans[1:]:
        assert bend[round((start - 0.05) * RATE) : round((start + 0.05) * RATE)].max() < 0.08, "a hard cut has 0.2"


def test_one_clip_is_a_film_too(tmp_path: Path) -> None:
    clips = many(tmp_path, [Recipe()])
    assert join(clips, tmp_path / "film.mp4").copied
    assert join(clips, tmp_path / "film.mp4", crossfade_seconds=0.4).duration_seconds == pytest.approx(1.0)


@pytest.mark.parametrize("fade", [0.5, 0.6, 3.0])
def test_a_crossfade_that_is_too_long_is_refused(tmp_path: Path, fade: float) -> None:
    clips = many(tmp_path, [Recipe(frames=48), Recipe(frames=24)])
    out = tmp_path / "film.mp4"
    with pytest.raises(MediaError, match=r"clip 2 lasts 1\.00 s") as caught:
        join(clips, out, crossfade_seconds=fade)
    assert "less than 0.50 s" in caught.value.hint
    assert not out.exists()


def test_no_clip_and_a_negative_crossfade_are_refused(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="no clip"):
        join([], tmp_path / "film.mp4")
    with pytest.raises(MediaError, match="negative"):
        join(many(tmp_path, [Recipe(), Recipe()]), tmp_path / "film.mp4", crossfade_seconds=-0.1)


@pytest.mark.parametrize("fade", [0.0, 0.2])
def test_a_truncated_clip_ends_the_join_and_leaves_no_film(tmp_path: Path, fade: float) -> None:
    clips = many(tmp_path, [Recipe(), Recipe()])
    data = make_clip(tmp_path / "whole.mp4", Recipe()).read_bytes()
    with (
        av.open(str(tmp_path / "whole.mp4")) as whole,
        av.open(str(clips[1].path), "w", container_options={"movflags": "+faststart"}) as front,
    ):
        _remux(whole, front)
    data = clips[1].path.read_bytes()
    clips[1].path.write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(MediaError, match=r"clip_1\.mp4 is damaged"):
        join(clips, tmp_path / "film.mp4", crossfade_seconds=fade)
    assert not (tmp_path / "film.mp4").exists()


def _remux(source: av.container.InputContainer, target: av.container.OutputContainer, *, delay: int = 0) -> None:
    """Copy all packets; the sound is stamped `delay` samples earlier."""
    streams = {stream.index: target.add_stream_from_template(stream) for stream in source.streams}
    for packet in source.demux():
        if packet.dts is not None:
            if packet.stream.type == "audio":
                packet.pts, packet.dts = packet.pts - delay, packet.dts - delay
            packet.stream = streams[packet.stream_index]
            target.mux(packet)


@pytest.mark.parametrize("fade", [0.0, 0.2])
def test_a_folder_that_is_gone_is_a_sentence(tmp_path: Path, fade: float) -> None:
    with pytest.raises(StorageError, match="cannot be used") as caught:
        join(many(tmp_path, [Recipe(), Recipe()]), tmp_path / "gone" / "film.mp4", crossfade_seconds=fade)
    assert not isinstance(caught.value, DiskFullError)


LIMITED = """
import resource, signal, sys
from pathlib import Path
from vidpipe_tui.errors import DiskFullError
from vidpipe_tui.media.join import JoinClip, join

room = int(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
out = Path(sys.argv[3])
try:
    join([JoinClip(Path(path)) for path in sys.argv[4:]], out, crossfade_seconds=float(sys.argv[2]))
except DiskFullError as error:
    assert not out.exists()
    print(error.sentence())
"""


@pytest.mark.parametrize("fade", ["0", "0.2"])
@pytest.mark.parametrize("room", ["start", "end"])
def test_a_full_disk_is_a_sentence_of_its_own(tmp_path: Path, fade: str, room: str) -> None:
    clips = many(tmp_path, [Recipe(sound=noise(number)) for number in range(3)])
    join(clips, tmp_path / "whole.mp4", crossfade_seconds=float(fade))
    size = (tmp_path / "whole.mp4").stat().st_size
    limit = {"start": size // 3, "end": size - 100}[room]
    arguments = [str(limit), fade, str(tmp_path / "film.mp4"), *(str(clip.path) for clip in clips)]
    seen = subprocess.run([sys.executable, "-c", LIMITED, *arguments], capture_output=True, text=True, check=True)
    assert seen.stdout.startswith("The disk is full: there is no room for film.mp4 in")


def test_a_result_crosses_a_pipe_as_json(tmp_path: Path) -> None:
    result = join(many(tmp_path, [Recipe(fps=Fraction(30000, 1001), frames=30)]), tmp_path / "film.mp4")
    assert JoinResult.from_json(result.as_json()) == result
    assert result.as_json()["fps"] == "30000/1001"
