"""Pictures and clips for made-up films: gradients with a shape that moves, made once per folder."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from vidpipe_tui.domain.views import FrameView, ProjectView, SceneView


def painted(width: int, height: int, scene: float, time: float) -> NDArray[np.uint8]:
    """A picture, shape (height, width, 3): a sky, a ground, a lamp that moves with `time` (0 to 1)."""
    y, x = np.mgrid[0:height, 0:width]
    across, down = x / width, y / height
    hue = scene * 1.7
    sky = np.stack([np.sin(hue + shift) * 70 + 90 + down * 70 for shift in (0.0, 2.1, 4.2)], axis=-1)
    ground = (down > 0.62 + 0.05 * np.sin(across * 9 + scene))[..., None]
    picture = np.where(ground, sky * 0.35 + 12, sky)
    lamp = np.exp(-(((across - 0.2 - 0.6 * time) * 1.78) ** 2 + (down - 0.45) ** 2) / 0.012)[..., None]
    picture = picture + lamp * np.array([255, 210, 120])
    stripes = (np.sin(across * 40 + scene * 3) > 0.93)[..., None] & (down < 0.62)[..., None]
    return np.clip(np.where(stripes, picture * 0.5, picture), 0, 255).astype(np.uint8)


def save_picture(path: Path, scene: float, time: float, size: tuple[int, int] = (640, 360)) -> Path:
    """Writes the picture as PNG."""
    from PIL import Image

    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        Image.fromarray(painted(*size, scene, time)).save(path)
    return path


def save_clip(path: Path, scene: float, *, frames: int = 48, size: tuple[int, int] = (320, 180)) -> Path:
    """Writes a clip of 24 frames a second, H.264."""
    import av

    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for index in range(frames):
            frame = av.VideoFrame.from_ndarray(painted(*size, scene, index / frames), format="rgb24")
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def with_pictures(view: ProjectView, folder: Path, *, takes: int = 1, clips: bool = False) -> ProjectView:
    """The project with a file behind every keyframe (and clip) it has; `takes` of each."""

    def frame(scene: SceneView, slot: str, time: float) -> FrameView | None:
        shown: FrameView | None = getattr(scene, slot)
        if shown is None:
            return None
        inherited = slot == "start" and scene.index > 0 and not scene.cut
        place = (scene.index - 1, "end", 1.0) if inherited else (scene.index, slot, time)
        path = save_picture(folder / "keyframes" / f"scene_{place[0]}_{place[1]}.png", place[0], place[2])
        for take in range(2, takes + 1):
            save_picture(folder / "keyframes" / f"scene_{scene.index}_{slot}_{take}.png", scene.index + take / 3, time)
        several = tuple(range(1, takes + 1)) if not inherited else (1,)
        source = "inherited" if inherited else "generated"
        return dataclasses.replace(shown, path=path, takes=several, source=source)

    scenes = []
    for scene in view.scenes:
        clip = scene.clip
        if clips and clip is not None and clip.path is not None:
            clip = dataclasses.replace(clip, path=save_clip(folder / "clips" / f"scene_{scene.index}.mp4", scene.index))
        start, end = frame(scene, "start", 0.0), frame(scene, "end", 1.0)
        scenes.append(dataclasses.replace(scene, start=start, end=end, clip=clip))
    return dataclasses.replace(view, scenes=tuple(scenes))
