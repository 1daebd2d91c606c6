"""What goes into an artefact, as a hash: the person's part of it, not the wording of our own templates.

An artefact is stale when the hash of its current inputs differs from the one its take was made with. What was changed
for one take only (its overrides: note, model) belongs to the take and is laid over the current inputs. The seed is
recorded with a take and not compared: every take has its own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from vidpipe_tui.domain.graph import ClipTake, FrameTake, Graph, ReferencePicture, Scene

TEMPLATE_VERSION = 1
"""Version of our own prompt templates; recorded with each take, never compared."""


def canonical_hash(value: Any) -> str:
    """SHA-256 (hex) over the canonical JSON of `value`: sorted keys, no blanks, UTF-8."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_FIRST = {"character": 0, "place": 1, "style": 2}


def references_of(graph: Graph, scene: Scene) -> tuple[ReferencePicture, ...]:
    """The accepted references a scene names (or that are its own), and every style reference of the project.

    Characters come first, then places, then styles: a model that takes only some gets those.
    """
    named = [
        reference
        for reference in graph.references
        if reference.accepted
        and (
            reference.scene_id == scene.id
            or (reference.scene_id is None and (reference.kind == "style" or reference.tag in scene.tags))
        )
    ]
    return tuple(sorted(named, key=lambda reference: _FIRST.get(reference.kind, 3)))


def start_inputs(graph: Graph, scene: Scene, overrides: Mapping[str, Any], *, own: str | None = None) -> str:
    """Hash of what a generated start frame is made from. `own` is its picture: what became a reference itself was
    not made from that.
    """
    return _frame(graph, scene, "start", scene.start_frame_prompt, None, overrides, own)


def inherited_inputs(end: FrameTake) -> str:
    """Hash of an inherited start frame: the picture it is."""
    return canonical_hash({"kind": "inherited", "picture": end.sha256})


def end_inputs(
    graph: Graph, scene: Scene, start: FrameTake, overrides: Mapping[str, Any], *, own: str | None = None
) -> str:
    """Hash of what an end frame is made from: its texts, and the start frame it goes on from. `own` as above."""
    return _frame(graph, scene, "end", scene.end_frame_prompt, start.sha256, overrides, own)


def clip_inputs(graph: Graph, scene: Scene, start: FrameTake, end: FrameTake, overrides: Mapping[str, Any]) -> str:
    """Hash of what a clip is made from."""
    return canonical_hash(
        {
            "kind": "clip",
            "motion": overrides.get("prompt") or scene.video_motion_prompt,
            "description": scene.scene_description,
            "style": graph.style,
            "style_guide": dict(graph.style_guide),
            "model": overrides.get("model") or graph.video_model,
            "seconds": graph.seconds_of(scene),
            "aspect_ratio": graph.aspect_ratio,
            "resolution": graph.resolution,
            "audio": graph.audio,
            "start": start.sha256,
            "end": end.sha256,
            "note": overrides.get("note", ""),
        }
    )


def film_inputs(graph: Graph) -> str:
    """Hash of what the film is joined from: the selected clips in order, and the crossfade."""
    clips = [(scene.index, scene.clip.sha256) for scene in graph.scenes if scene.clip is not None]
    return canonical_hash({"kind": "film", "clips": clips, "crossfade": graph.crossfade_seconds})


def _frame(
    graph: Graph,
    scene: Scene,
    position: str,
    prompt: str,
    condition: str | None,
    overrides: Mapping[str, Any],
    own: str | None,
) -> str:
    return canonical_hash(
        {
            "kind": position,
            "prompt": overrides.get("prompt") or prompt,
            "description": scene.scene_description,
            "style": graph.style,
            "style_guide": dict(graph.style_guide),
            "model": overrides.get("model") or graph.image_model,
            "aspect_ratio": graph.aspect_ratio,
            "size": graph.image_size,
            "condition": condition,
            "note": overrides.get("note", ""),
            "references": sorted(
                reference.sha256 for reference in references_of(graph, scene) if reference.sha256 != own
            ),
        }
    )


def frame_is_stale(graph: Graph, scene: Scene, take: FrameTake, before: Scene | None) -> bool:
    """True when the take would be made from something else today. `before` is the scene before this one."""
    if take.input_hash is None or take.source == "imported":
        return False
    if take.position == "end":
        start = scene.start
        return start is None or _differs(take, lambda own: end_inputs(graph, scene, start, take.overrides, own=own))
    if take.source == "inherited":
        end = before.end if before is not None else None
        return scene.cut or end is None or inherited_inputs(end) != take.input_hash
    return _differs(take, lambda own: start_inputs(graph, scene, take.overrides, own=own))


def _differs(take: FrameTake, inputs: Callable[[str | None], str]) -> bool:
    """True when the take was made from something else, also where it has become a reference since."""
    return take.input_hash not in {inputs(None), inputs(take.sha256)}


def clip_is_stale(graph: Graph, scene: Scene, take: ClipTake) -> bool:
    """True when the clip would be made from something else today."""
    if take.input_hash is None:
        return False
    if scene.start is None or scene.end is None:
        return True
    return clip_inputs(graph, scene, scene.start, scene.end, take.overrides) != take.input_hash


def film_is_current(graph: Graph) -> bool:
    """True when the selected film is what a join would make now."""
    return graph.film is not None and graph.film.input_hash == film_inputs(graph)
