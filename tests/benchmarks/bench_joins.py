"""Joining films, against the ffmpeg command: `python -m tests.benchmarks.bench_joins [--pairs N]`.

Both work on the same clips, one after the other in turn, at the same low priority as in the product. The figure is
the median of the ratios; without the command only our own times are told.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from vidpipe_tui.media.film import JoinResult
from vidpipe_tui.media.pool import ProcessPool

FPS = 24
SECONDS = 4
SIZE = (1280, 720)
FADE = 0.5
LONG_RUN = 10.0


def make_clip(path: Path, seed: int) -> Path:
    """Four seconds of 720p that move like film: a drifting, grainy landscape, and a soft noise."""
    random = np.random.default_rng(seed)
    width, height = SIZE
    land = random.integers(0, 255, (12, 32, 3)).astype(np.uint8)
    wide = av.VideoFrame.from_ndarray(land, "rgb24").reformat(width * 2, height, interpolation="BICUBIC").to_ndarray()
    grain = random.integers(-1, 2, (height, width, 1), np.int16)
    with av.open(str(path), "w", container_options={"movflags": "+faststart"}) as out:
        video = out.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "18"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = out.add_stream("aac", rate=48_000, layout="stereo")
        for number in range(SECONDS * FPS):
            view = wide[:, number * 6 : number * 6 + width].astype(np.int16) + np.roll(grain, number * 37, 1)
            frame = av.VideoFrame.from_ndarray(np.clip(view, 0, 255).astype(np.uint8), "rgb24")
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            out.mux(video.encode(frame))
        out.mux(video.encode(None))
        sound = (0.1 * random.standard_normal((2, SECONDS * 48_000))).astype(np.float32)
        heard = av.AudioFrame.from_ndarray(sound, "fltp", "stereo")
        heard.sample_rate, heard.pts = 48_000, 0
        out.mux(audio.encode(heard))
        out.mux(audio.encode(None))
    return path


async def ours(pool: ProcessPool, clips: list[Path], out: Path, fade: float) -> float:
    """Seconds that our join takes, as the manifest tells them."""
    parts = [
        {"path": str(clip), "title": f"Scene {number}", "scene_index": number} for number, clip in enumerate(clips)
    ]
    kwargs = {"clips": parts, "out": str(out), "crossfade_seconds": fade, "title": "A film"}
    return JoinResult.from_json(await pool.run("vidpipe_tui.media.jobs:join_film", kwargs)).seconds


def copy_command(clips: list[Path], out: Path) -> list[str]:
    """The ffmpeg command that joins without encoding."""
    names = out.with_suffix(".txt")
    names.write_text("".join(f"file '{clip}'\n" for clip in clips))
    sources = ["-f", "concat", "-safe", "0", "-i", str(names)]
    return ["ffmpeg", "-v", "error", "-y", *sources, "-c", "copy", "-movflags", "+faststart", str(out)]


def fade_command(clips: list[Path], out: Path) -> list[str]:
    """The ffmpeg command that fades picture and sound of every clip into the next."""
    steps, picture, sound = [], "0:v", "0:a"
    for number in range(1, len(clips)):
        offset = number * (SECONDS - FADE)
        steps.append(f"[{picture}][{number}:v]xfade=transition=fade:duration={FADE}:offset={offset}[v{number}]")
        steps.append(f"[{sound}][{number}:a]acrossfade=d={FADE}:c1=qsin:c2=qsin[a{number}]")
        picture, sound = f"v{number}", f"a{number}"
    sources = [argument for clip in clips for argument in ("-i", str(clip))]
    graph = ["-filter_complex", ";".join(steps), "-map", f"[{picture}]", "-map", f"[{sound}]"]
    encoder = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18", "-pix_fmt", "yuv420p"]
    rest = ["-c:a", "aac", "-b:a", "160k", "-movflags", "+faststart", str(out)]
    return ["ffmpeg", "-v", "error", "-y", *sources, *graph, *encoder, *rest]


def theirs(command: list[str]) -> float:
    """Seconds that the command takes, at the priority that our processes have."""
    began = time.perf_counter()
    subprocess.run(["nice", "-n", "10", *command], check=True)
    return time.perf_counter() - began


async def compare(
    clips: list[Path], folder: Path, fade: float, command: Callable[[list[Path], Path], list[str]], pairs: int
) -> tuple[list[float], list[float]]:
    """Seconds of both, run in turn; three pairs where one run takes over ten seconds."""
    mine: list[float] = []
    others: list[float] = []
    async with ProcessPool(1) as pool:
        await ours(pool, clips[:2], folder / "ours.mp4", fade)  # a process that has imported what it needs
        while len(mine) < (min(pairs, 3) if mine and max(mine + others) > LONG_RUN else pairs):
            mine.append(await ours(pool, clips, folder / "ours.mp4", fade))
            if shutil.which("ffmpeg"):
                others.append(await asyncio.to_thread(theirs, command(clips, folder / "theirs.mp4")))
    return mine, others


def line(name: str, mine: list[float], others: list[float], goal: float) -> str:
    """A row of the table."""
    ratio = f"{statistics.median(a / b for a, b in zip(mine, others, strict=True)):8.2f}" if others else "       -"
    other = f"{statistics.median(others):8.2f} s" if others else "         -"
    return f"{name:<46}{statistics.median(mine):8.2f} s{other}{ratio}{goal:8.2f}{len(mine):7}"


async def run(pairs: int) -> None:
    """Make the clips, run all pairs and print the table."""
    with tempfile.TemporaryDirectory(prefix="bench-joins-") as name:
        folder = Path(name)
        clips = [await asyncio.to_thread(make_clip, folder / f"{number:02}.mp4", number) for number in range(12)]
        print(f"{'joins (720p, 4 s a clip)':<46}{'ours':>10}{'ffmpeg':>10}{'ratio':>8}{'goal':>8}{'pairs':>7}")
        thirty = (clips * 3)[:30]
        print(line("30 clips without encoding", *await compare(thirty, folder, 0.0, copy_command, pairs), 1.2))
        print(line("12 clips with crossfades", *await compare(clips, folder, FADE, fade_command, pairs), 1.0))


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=7, help="how many alternating pairs (default 7)")
    asyncio.run(run(parser.parse_args().pairs))


if __name__ == "__main__":
    main()
