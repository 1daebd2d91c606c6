"""Keyframes: painting the first and the last picture of a scene, and reading back what a picture shows."""

from __future__ import annotations

import io
from pathlib import Path
from zlib import Z_HUFFMAN_ONLY

from PIL import Image, PngImagePlugin

from vidpipe_tui.providers.local.paint.brief import SceneBrief
from vidpipe_tui.providers.local.paint.easel import Easel
from vidpipe_tui.providers.local.paint.figures import draw_figure
from vidpipe_tui.providers.local.paint.finish import finish_picture
from vidpipe_tui.providers.local.paint.later import later_photograph
from vidpipe_tui.providers.local.paint.places import paint_stage
from vidpipe_tui.providers.local.paint.reading import read_end, read_start
from vidpipe_tui.providers.local.paint.stage import Camera, Sprite, Stage, see
from vidpipe_tui.providers.local.paint.world import World

STATE_KEY = "vidpipe-world"
PHASE = 0.13


def paint_start(scene: SceneBrief, *, size: tuple[int, int], seed: int) -> Image.Image:
    """The first frame of a scene, from its texts; `size` in pixels. Equal input gives equal bytes."""
    return paint_world(read_start(scene, seed), size)


def paint_end(scene: SceneBrief, start: Image.Image, *, size: tuple[int, int], seed: int) -> Image.Image:
    """The last frame of a scene whose first frame is `start`: the same world, later.

    A `start` that this painter did not make (a photograph, stripped metadata) is itself moved on: its
    light, framing and weather change while its content stays.
    """
    world = state_of(start)
    if world is None:
        return later_photograph(scene, start, size=size, seed=seed)
    return paint_world(read_end(scene, world, seed), size)


def paint_world(world: World, size: tuple[int, int]) -> Image.Image:
    """The picture of a world, with its state in `info`."""
    easel, stage = paint_stage(world, size)
    camera = Camera(world.zoom, world.pan_x, world.pan_y)
    picture = finish_picture(stage.style, see(stage, size, camera, sprites(easel, stage)), world.root)
    picture.info[STATE_KEY] = world.to_json()
    return picture


def sprites(easel: Easel, stage: Stage) -> list[Sprite]:
    """The figures of a stage at rest, from back to front."""
    wet = is_wet(easel, stage)
    ordered = sorted(stage.world.figures, key=lambda figure: figure.y)
    return [draw_figure(easel, stage, figure, PHASE, wet) for figure in ordered]


def is_wet(easel: Easel, stage: Stage) -> bool:
    """Whether figures are reflected in the ground they stand on."""
    water = stage.world.place in {"sea", "bridge"}
    return water or (
        stage.mirror is not None and stage.mirror.after in {"signs", "fronts"} and stage.mirror.strength > 0.2
    )


def state_of(picture: Image.Image) -> World | None:
    """The world a picture says it shows, or None for a picture of other origin."""
    text = picture.info.get(STATE_KEY)
    return World.from_json(text) if isinstance(text, str) else None


def to_png(image: Image.Image) -> bytes:
    """PNG bytes of a picture, with its state; packed lightly, since CPU costs more here than disk."""
    notes = PngImagePlugin.PngInfo()
    state = image.info.get(STATE_KEY)
    if isinstance(state, str):
        notes.add_text(STATE_KEY, state)
    stream = io.BytesIO()
    rgb = image.convert("RGB")
    rgb.save(stream, "PNG", compress_level=1, compress_type=Z_HUFFMAN_ONLY, pnginfo=notes)
    return stream.getvalue()


def from_png(source: bytes | Path) -> Image.Image:
    """A picture from PNG (or any format Pillow reads), with its state where it has one."""
    opened = Image.open(io.BytesIO(source) if isinstance(source, bytes) else source)
    opened.load()
    picture = opened.convert("RGB")
    if STATE_KEY in opened.info:
        picture.info[STATE_KEY] = opened.info[STATE_KEY]
    return picture
