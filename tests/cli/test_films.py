"""Whole films, looked at from outside: lengths, sound, chapters, seams, manifest."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from tests.cli.conftest import FOX, Command

RATIOS = {"16:9": 16 / 9, "9:16": 9 / 16, "1:1": 1.0}


def seconds_of(path: str | Path, kind: str) -> float:
    """Where the last packet of the first stream of that kind ends."""
    with av.open(str(path)) as container:
        stream = next(stream for stream in container.streams if stream.type == kind)
        assert stream.time_base is not None
        ends = [packet.pts + (packet.duration or 0) for packet in container.demux(stream) if packet.pts is not None]
        return float(max(ends) * Fraction(stream.time_base))


def chapters_of(path: str | Path) -> list[tuple[float, float]]:
    with av.open(str(path)) as container:
        return [
            (float(chapter["start"] * chapter["time_base"]), float(chapter["end"] * chapter["time_base"]))
            for chapter in container.chapters()
        ]


def check_database() -> None:
    with closing(sqlite3.connect("data/vidpipe/vidpipe.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA journal_mode").fetchall() == [("wal",)]


def check_manifest(project: dict[str, Any], spans: list[tuple[float, float]]) -> None:
    film = Path(project["output_path"])
    manifest = json.loads((film.parent / "manifest.json").read_text("utf-8"))
    folder = film.parents[1]
    assert set(manifest) == {
        "project_id", "title", "created_at", "duration_seconds", "crossfade_seconds", "scenes", "missing", "film",
    }  # fmt: skip
    assert manifest["project_id"] == project["id"]
    assert manifest["missing"] == []
    assert manifest["duration_seconds"] == pytest.approx(spans[-1][1], abs=0.1)
    for scene, entry, span in zip(project["scenes"], manifest["scenes"], spans, strict=True):
        assert set(entry) == {"index", "start_seconds", "end_seconds", "clip", "start_frame", "end_frame"}
        assert (entry["start_seconds"], entry["end_seconds"]) == pytest.approx(span, abs=0.05)
        clip = folder / entry["clip"]["file"]
        assert clip == Path(scene["clip"]["path"])
        assert entry["clip"]["sha256"] == hashlib.sha256(clip.read_bytes()).hexdigest()
        assert entry["clip"]["take"] == 1
        assert entry["clip"]["duration_seconds"] == pytest.approx(seconds_of(clip, "video"), abs=0.05)
        assert folder / entry["start_frame"] == Path(scene["start"]["path"])
        assert folder / entry["end_frame"] == Path(scene["end"]["path"])
    about = manifest["film"]
    assert set(about) == {
        "file", "sha256", "width", "height", "fps", "video_codec", "audio_codec", "copied", "seconds",
    }  # fmt: skip
    assert folder / about["file"] == film
    assert about["sha256"] == hashlib.sha256(film.read_bytes()).hexdigest()
    assert (about["video_codec"], about["audio_codec"], about["fps"], about["copied"]) == ("h264", "aac", 24, True)


@pytest.mark.parametrize(
    ("scenes", "ratio"), [(1, "16:9"), (3, "16:9"), (8, "16:9"), (1, "9:16"), (3, "9:16"), (1, "1:1"), (3, "1:1")]
)
def test_a_film_is_the_sum_of_its_clips(vidpipe: Command, scenes: int, ratio: str) -> None:
    ended = vidpipe("generate", FOX, "--scenes", scenes, "--aspect-ratio", ratio, "--seed", scenes, "--json")
    assert ended.status == 0, ended.err
    project = ended.json
    assert len(project["scenes"]) == scenes
    film = project["output_path"]
    picture, sound = seconds_of(film, "video"), seconds_of(film, "audio")
    lengths = [seconds_of(scene["clip"]["path"], "video") for scene in project["scenes"]]
    assert picture == pytest.approx(sum(lengths), abs=0.1)
    assert sound == pytest.approx(picture, abs=0.05)
    chapters = chapters_of(film)
    assert len(chapters) == scenes
    for number, (start, end) in enumerate(chapters):
        assert start == pytest.approx(sum(lengths[:number]), abs=0.05)
        assert end == pytest.approx(sum(lengths[: number + 1]), abs=0.05)
    for before, after in zip(project["scenes"], project["scenes"][1:], strict=False):
        assert before["end"]["path"] == after["start"]["path"]
        assert after["start"]["source"] == "inherited"
    check_manifest(project, chapters)
    check_database()
    with av.open(film) as container:
        stream = container.streams.video[0]
        assert stream.codec_context.width / stream.codec_context.height == pytest.approx(RATIOS[ratio], rel=0.02)
        assert (stream.codec_context.width % 2, stream.codec_context.height % 2) == (0, 0)
        assert stream.codec_context.pix_fmt == "yuv420p"
        assert container.streams.audio[0].codec_context.sample_rate == 48_000
        assert container.streams.audio[0].codec_context.channels == 2
        size = (stream.codec_context.width, stream.codec_context.height)
        assert container.metadata["title"] == project["title"]
    with Image.open(project["scenes"][0]["start"]["path"]) as frame:
        assert frame.size == size
    data = Path(film).read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_the_same_seed_makes_the_same_pictures_and_clips(vidpipe: Command) -> None:
    def digests() -> list[str]:
        project = vidpipe("generate", FOX, "--scenes", 1, "--seed", 5, "--json").json
        (scene,) = project["scenes"]
        return [hashlib.sha256(Path(scene[slot]["path"]).read_bytes()).hexdigest() for slot in ("start", "end", "clip")]

    assert digests() == digests()


def test_clips_without_sound_make_a_film_all_the_same(vidpipe: Command) -> None:
    ended = vidpipe("generate", FOX, "--scenes", 2, "--no-audio", "--json")
    assert ended.status == 0, ended.err
    assert ended.json["audio"] is False
    assert seconds_of(ended.json["output_path"], "video") == pytest.approx(2, abs=0.1)
