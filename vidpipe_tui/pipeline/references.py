"""Reference pictures: which go with a request, which do not, and what the log says of it."""

from __future__ import annotations

from collections.abc import Sequence

from vidpipe_tui.domain.graph import Graph, ReferencePicture, Scene
from vidpipe_tui.domain.inputs import references_of
from vidpipe_tui.pipeline.context import RunContext
from vidpipe_tui.providers.base import ClipRequest, ImageRequest, Reference


def sent_references(context: RunContext, pictures: Sequence[ReferencePicture]) -> tuple[Reference, ...]:
    """The accepted ones, with absolute paths."""
    return tuple(
        Reference(tag=picture.tag, kind=picture.kind, path=context.files.absolute(picture.path), sha256=picture.sha256)
        for picture in pictures
        if picture.accepted
    )


def beside_frame(
    context: RunContext, graph: Graph, scene: Scene, model: str, *, conditioned: bool
) -> tuple[ReferencePicture, ...]:
    """The scene's references that go with a keyframe: as many as the model takes beside the frame before it."""
    room = context.catalogue.image(model).max_references - conditioned
    return references_of(graph, scene)[: max(0, room)]


def beside_clip(context: RunContext, graph: Graph, scene: Scene, model: str) -> tuple[ReferencePicture, ...]:
    """The scene's references that go with a clip; none where the model excludes them beside first and last frame."""
    limits = context.catalogue.video(model)
    return () if limits.frames_exclude_references else references_of(graph, scene)[: limits.max_references]


def frame_note(graph: Graph, scene: Scene, request: ImageRequest) -> str:
    """Which references go with a keyframe and which were left out; '' where the scene has none."""
    named = references_of(graph, scene)
    if not named:
        return ""
    before = "from the frame before it and " if request.condition is not None else "with "
    sent, left_out = _told(named, request.references)
    note = f" {before}the references {sent}" if sent else ""
    return f"{note}; left out: {left_out}, because {request.model} takes no more pictures" if left_out else note


def clip_note(graph: Graph, scene: Scene, request: ClipRequest) -> str:
    """Which references go with a clip, and why the others do not; '' where the scene has none."""
    sent, left_out = _told(references_of(graph, scene), request.references)
    note = f" With the references {sent}." if sent else ""
    if left_out:
        note += f" Without the references {left_out}: {request.model} takes none beside a first and a last frame; "
        note += "the frames were drawn with them."
    return note


def _told(named: Sequence[ReferencePicture], sent: Sequence[Reference]) -> tuple[str, str]:
    tags = {reference.tag for reference in sent}
    left_out = [picture.tag for picture in named if picture.tag not in tags]
    return ", ".join(reference.tag for reference in sent), ", ".join(left_out)
