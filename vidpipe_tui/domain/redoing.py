"""What has to be made again: the slots that are stale, and those that become so when something else changes."""

from __future__ import annotations

from collections.abc import Iterable

from vidpipe_tui.domain.graph import Graph, Scene
from vidpipe_tui.domain.inputs import clip_is_stale, frame_is_stale
from vidpipe_tui.domain.planner import inherits

Slot = tuple[int, str]
"""A scene index (from 0) and start, end or clip."""


def pairs(graph: Graph) -> Iterable[tuple[Scene | None, Scene]]:
    """Every scene with the one before it."""
    before: Scene | None = None
    for scene in graph.scenes:
        yield before, scene
        before = scene


def is_stale(graph: Graph, before: Scene | None, scene: Scene, slot: str) -> bool:
    """True when the selected take of that slot would be made from something else today."""
    if slot == "clip":
        return scene.clip is not None and clip_is_stale(graph, scene, scene.clip)
    take = scene.start if slot == "start" else scene.end
    return take is not None and frame_is_stale(graph, scene, take, before)


def stale_slots(graph: Graph) -> list[Slot]:
    """The slots a cascade makes again: what is stale, and what hangs on it; pinned takes stay, inherited are free."""
    changed = {
        (scene.index, slot)
        for before, scene in pairs(graph)
        for slot in ("start", "end", "clip")
        if is_stale(graph, before, scene, slot)
    }
    return spread(graph, changed)


def spread(graph: Graph, changed: Iterable[Slot]) -> list[Slot]:
    """Those slots and everything that hangs on them, in order, without pinned takes and inherited frames.

    A pinned take stays what it is, so nothing below it changes through it.
    """
    dirty = set(changed)
    redo: list[Slot] = []
    for before, scene in pairs(graph):
        if inherits(scene, before) and before is not None and (before.index, "end") in dirty:
            dirty.add((scene.index, "start"))
        for slot, causes in (("start", ()), ("end", ("start",)), ("clip", ("start", "end"))):
            key = (scene.index, slot)
            if any((scene.index, cause) in dirty for cause in causes):
                dirty.add(key)
            if key not in dirty:
                continue
            if is_pinned(scene, slot):
                dirty.discard(key)
            elif not (slot == "start" and inherits(scene, before)) and has_take(scene, slot):
                redo.append(key)
    return redo


def is_pinned(scene: Scene, slot: str) -> bool:
    """True when the selected take of that slot is pinned."""
    take = {"start": scene.start, "end": scene.end, "clip": scene.clip}[slot]
    return take is not None and take.pinned


def has_take(scene: Scene, slot: str) -> bool:
    """True when there is a take that could be made again."""
    return {"start": scene.start, "end": scene.end, "clip": scene.clip}[slot] is not None
