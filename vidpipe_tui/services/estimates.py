"""What a run will cost, before it is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vidpipe_tui.domain.graph import Graph, Scene
from vidpipe_tui.domain.planner import has_ended, inherits
from vidpipe_tui.domain.redoing import Slot, pairs, stale_slots
from vidpipe_tui.domain.views import Estimate, StageEstimate
from vidpipe_tui.pipeline.driver import Opened
from vidpipe_tui.providers.models import Catalogue
from vidpipe_tui.providers.pricing import clip_price, image_price, storyboard_price


def whole_film(
    catalogue: Catalogue,
    provider: str,
    *,
    models: tuple[str, str, str],
    prompt: str,
    scenes: int,
    seconds: float,
    resolution: str,
    image_size: str,
) -> Estimate:
    """A film made from nothing: one storyboard, a chain of scenes + 1 pictures, a clip per scene."""
    text, image, video = models
    stages = (
        StageEstimate("storyboard", 1, "storyboard", storyboard_price(catalogue, text, prompt, scenes)),
        StageEstimate("keyframes", scenes + 1, "pictures", (scenes + 1) * image_price(catalogue, image, image_size)),
        StageEstimate(
            "clips", scenes, f"clips of {seconds:g} s", scenes * clip_price(catalogue, video, seconds, resolution)
        ),
        StageEstimate("film", 1, "join", 0.0),
    )
    return _summed(stages, provider, models)


def noted(price: Estimate, opened: Opened) -> Estimate:
    """The same with the road that is used and what is not known of the video model, where the film costs something."""
    if price.total <= 0:
        return price
    notes = [f"{opened.provider.road.name}."]
    video = opened.catalogue.videos.get(price.models.get("clips", ""))
    if video is not None and video.last_frame is None:
        notes.append(f"Whether {video.id} may end a clip on a given frame here is known after the first clip.")
    return replace(price, note=" ".join(notes))


def going_on(catalogue: Catalogue, graph: Graph, *, scenes: int, cascade: bool = False) -> Estimate:
    """What is still to be made of a project; with `cascade` what is stale too. `scenes` where there are none yet."""
    models = (graph.storyboard_model, graph.image_model, graph.video_model)
    if not graph.scenes:
        return whole_film(
            catalogue,
            graph.provider,
            models=models,
            prompt=graph.prompt,
            scenes=graph.scene_count or scenes,
            seconds=float(graph.clip_seconds),
            resolution=graph.resolution,
            image_size=graph.image_size,
        )
    open_slots = set(missing_slots(graph)) | (set(stale_slots(graph)) if cascade else set())
    return of_slots(catalogue, graph, open_slots)


def missing_slots(graph: Graph) -> Iterable[Slot]:
    """Slots a run would make: those without a take, and those a take was asked for."""
    for before, scene in pairs(graph):
        for slot in ("start", "end", "clip"):
            if slot == "start" and inherits(scene, before) and "start" not in scene.wanted:
                continue
            if slot in scene.wanted or (_is_empty(scene, slot) and not has_ended(scene, slot)):
                yield scene.index, slot


def _is_empty(scene: Scene, slot: str) -> bool:
    if slot == "clip":
        newest = scene.newest_clip
        return scene.clip is None and not (newest is not None and newest.under_way)
    return (scene.start if slot == "start" else scene.end) is None


def of_slots(catalogue: Catalogue, graph: Graph, slots: Iterable[Slot]) -> Estimate:
    """What making these slots costs."""
    wanted = set(slots)
    pictures = sum(1 for _, slot in wanted if slot != "clip")
    clips = [scene for scene in graph.scenes if (scene.index, "clip") in wanted]
    each = image_price(catalogue, graph.image_model, graph.image_size) if pictures else 0.0
    filmed = sum(clip_price(catalogue, graph.video_model, graph.seconds_of(scene), graph.resolution) for scene in clips)
    stages = (
        StageEstimate("keyframes", pictures, "pictures", pictures * each),
        StageEstimate("clips", len(clips), "clips", filmed),
        StageEstimate("film", 1, "join", 0.0),
    )
    return _summed(stages, graph.provider, (graph.storyboard_model, graph.image_model, graph.video_model))


def _summed(stages: tuple[StageEstimate, ...], provider: str, models: tuple[str, str, str]) -> Estimate:
    named = dict(zip(("storyboard", "keyframes", "clips"), models, strict=True))
    return Estimate(stages, round(sum(stage.total for stage in stages), 6), provider, named)
