"""What a run will cost, before it is made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from vidpipe_tui.domain.graph import Graph, Scene
from vidpipe_tui.domain.planner import RETRIED_ON_RESUME, has_ended, inherits, is_awaited
from vidpipe_tui.domain.redoing import Slot, has_take, pairs, stale_slots
from vidpipe_tui.domain.statuses import ClipStatus
from vidpipe_tui.domain.views import Estimate, StageEstimate
from vidpipe_tui.pipeline.driver import Opened
from vidpipe_tui.providers.models import Catalogue
from vidpipe_tui.providers.pricing import clip_price, image_price, softer_tokens, storyboard_price


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


def going_on(
    catalogue: Catalogue, graph: Graph, *, scenes: int, cascade: bool = False, retry_ended: bool = True
) -> Estimate:
    """What a run would make of a project; with `cascade` what is stale too, with `retry_ended` what a plain resume
    asks for again. `scenes` where there are none yet.
    """
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
    open_slots = set(missing_slots(graph, retry_ended=retry_ended)) | (set(stale_slots(graph)) if cascade else set())
    return of_slots(catalogue, graph, open_slots)


def missing_slots(graph: Graph, *, retry_ended: bool) -> Iterable[Slot]:
    """Slots a run would pay for: those without a take, and those a take was asked for.

    Not those that hang on something that will not come, and no clip that is under way already, or in doubt.
    """
    end_comes = False
    for before, scene in pairs(graph):
        chained = inherits(scene, before) and "start" not in scene.wanted
        start_comes = end_comes if chained else _comes(scene, "start", retry_ended=retry_ended)
        if start_comes and not chained and _is_open(scene, "start"):
            yield scene.index, "start"
        makes_end = start_comes and _comes(scene, "end", retry_ended=retry_ended)
        if makes_end and _is_open(scene, "end"):
            yield scene.index, "end"
        end_comes = makes_end or (scene.end is not None and "end" not in scene.wanted)
        if makes_end and _comes(scene, "clip", retry_ended=retry_ended) and _is_open(scene, "clip"):
            yield scene.index, "clip"


def _comes(scene: Scene, slot: str, *, retry_ended: bool) -> bool:
    """True when the slot has a take, or a run would make one."""
    if retry_ended and scene.trouble is not None and scene.trouble.kind in RETRIED_ON_RESUME:
        scene = replace(scene, trouble=None)
    return has_take(scene, slot) or not has_ended(scene, slot)


def _is_open(scene: Scene, slot: str) -> bool:
    newest = scene.newest_clip
    if slot == "clip" and newest is not None and (is_awaited(scene) or newest.status is ClipStatus.IN_DOUBT):
        return False
    return slot in scene.wanted or not has_take(scene, slot)


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


def of_softening(catalogue: Catalogue, graph: Graph, scene: Scene) -> float:
    """What asking the text model for a milder motion prompt costs, in US dollars."""
    tokens = softer_tokens(scene.video_motion_prompt)
    return catalogue.text(graph.storyboard_model).price.of_tokens(tokens, tokens)


def together(one: Estimate, other: Estimate) -> Estimate:
    """Two estimates of the same stages as one."""
    stages = tuple(
        replace(
            stage,
            count=max(stage.count, 1) if stage.stage == "film" else stage.count + more.count,
            total=stage.total + more.total,
        )
        for stage, more in zip(one.stages, other.stages, strict=True)
    )
    return replace(one, stages=stages, total=round(one.total + other.total, 6))


def _summed(stages: tuple[StageEstimate, ...], provider: str, models: tuple[str, str, str]) -> Estimate:
    named = dict(zip(("storyboard", "keyframes", "clips"), models, strict=True))
    return Estimate(stages, round(sum(stage.total for stage in stages), 6), provider, named)
