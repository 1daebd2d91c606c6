"""Which pictures of a film could hold its characters and places steady: the first good frame of each one named."""

from __future__ import annotations

from dataclasses import dataclass

from vidpipe_tui.domain.graph import FrameTake, Graph, ReferencePicture, Scene
from vidpipe_tui.domain.storyboard import Subject, cast_of


@dataclass(frozen=True, slots=True)
class Proposal:
    """A frame that shows a subject of the storyboard: `slot` start or end of `scene`."""

    subject: Subject
    scene: Scene
    slot: str
    take: FrameTake

    def as_reference(self, number: int) -> ReferencePicture:
        """The reference it would be, for the whole project."""
        subject, take = self.subject, self.take
        return ReferencePicture(number, subject.tag, subject.kind, None, take.path, take.sha256 or "", accepted=True)


def proposals_of(graph: Graph) -> tuple[Proposal, ...]:
    """A proposal for each subject of the storyboard's cast that has a frame and no reference yet."""
    held = {reference.tag for reference in graph.references if reference.accepted}
    found = (_first_frame(graph, subject) for subject in cast_of(graph.storyboard_raw) if subject.tag not in held)
    return tuple(proposal for proposal in found if proposal is not None)


def _first_frame(graph: Graph, subject: Subject) -> Proposal | None:
    """The first frame drawn for a scene that names the subject; a rejected one is none, nor is an inherited one."""
    for scene in graph.scenes:
        if subject.tag not in scene.tags:
            continue
        for slot, take in (("start", scene.start), ("end", scene.end)):
            if take is not None and take.source != "inherited" and take.approved is not False and take.file_id:
                return Proposal(subject, scene, slot, take)
    return None
