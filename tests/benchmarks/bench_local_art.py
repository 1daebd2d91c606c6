"""CPU of the local studio: keyframes and clips at 720p, and storyboards: `python -m tests.benchmarks.bench_local_art`.

Goals: 0.5 s a keyframe (with its PNG) and 3 s for 4 s of clip (painting, sound and encoding), of one core's CPU. A clip
is measured twice: in a process that has just painted its keyframes, and in one that has not ("cold").
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from vidpipe_tui.providers.local import clip
from vidpipe_tui.providers.local.paint import SceneBrief, from_png, paint_end, paint_start, to_png
from vidpipe_tui.providers.local.paint.places import paint_stage
from vidpipe_tui.providers.local.storyboard import compose

SIZE = (1280, 720)
SCENES = (
    ("cinematic", "A red fox walks through a snowy forest at dawn", "push in"),
    ("cyberpunk", "A woman with an umbrella walks down a rainy street at night", "pan right"),
    ("watercolour", "A sailing boat on the lake before the mountains", "pull out"),
    ("oil painting", "A dog runs over the meadow", "pan left"),
    ("sketch", "A detective in the library", "static"),
)


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one piece of work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure(folder: Path, style: str, text: str, move: str) -> tuple[float, float, float, float]:
    """CPU of start keyframe, end keyframe and a clip of 4 s, after its keyframes and cold."""
    paint_stage.cache_clear()
    scene = SceneBrief(style=style, scene_description=text, start_frame_prompt=text, video_motion_prompt=move)
    start, end = folder / "start.png", folder / "end.png"
    first = cpu(lambda: start.write_bytes(to_png(paint_start(scene, size=SIZE, seed=1))))
    last = cpu(lambda: end.write_bytes(to_png(paint_end(scene, from_png(start), size=SIZE, seed=1))))

    def render() -> None:
        clip.render(start, end, folder / "clip.mp4", prompt=move, description=text, style=style, seconds=4, seed=1)

    film = cpu(render)
    paint_stage.cache_clear()
    return first, last, film, cpu(render)


def main() -> None:
    """Prints the table."""
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), *SCENES[0])
        rows = [(style, *measure(Path(folder), style, text, move)) for style, text, move in SCENES]
    board = cpu(lambda: compose("A fox runs. " * 5000, style="cinematic", scene_count=15, clip_seconds=4, seed=1))
    print(f"{'style':16} {'start':>7} {'end':>7} {'clip 4 s':>9} {'cold':>7}   CPU seconds at 1280x720")
    for style, first, last, film, cold in rows:
        print(f"{style:16} {first:7.2f} {last:7.2f} {film:9.2f} {cold:7.2f}")
    middle = [statistics.median(row[k] for row in rows) for k in (1, 2, 3, 4)]
    print("{:16} {:7.2f} {:7.2f} {:9.2f} {:7.2f}   goals 0.50 0.50 3.00 3.00".format("median", *middle))
    print(f"storyboard of 60,000 characters {board:.2f}")


if __name__ == "__main__":
    main()
