"""Reference pictures of a project: given, taken from its own frames, and let go again."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.doors import write
from vidpipe_tui.db.graph import load_graph
from vidpipe_tui.db.models import ProjectReference, Scene
from vidpipe_tui.db.takes import NewFile, add_file
from vidpipe_tui.domain import graph as facts
from vidpipe_tui.domain.commands import SCENE_FIELDS, NewReference
from vidpipe_tui.domain.proposals import Proposal, proposals_of
from vidpipe_tui.domain.redoing import stale_slots
from vidpipe_tui.domain.text import tag_of
from vidpipe_tui.domain.views import Consequence, ReferenceProposal
from vidpipe_tui.durable import sha256_of, storage_errors, write_atomically
from vidpipe_tui.errors import MediaError, UsageError
from vidpipe_tui.services import estimates
from vidpipe_tui.services.core import Core, scene_at
from vidpipe_tui.services.creation import check_references


class References:
    """What can be done with the references of projects."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def proposals(self, project_id: UUID) -> tuple[ReferenceProposal, ...]:
        """The first good frame of each character and place that the storyboard names and no reference holds yet."""
        graph = await self._core.graph(project_id)
        return tuple(
            ReferenceProposal(
                tag=proposal.subject.tag,
                kind=proposal.subject.kind,
                path=self._core.files.absolute(proposal.take.path),
                scene_index=proposal.scene.index,
                slot=proposal.slot,
            )
            for proposal in proposals_of(graph)
        )

    async def consequence(self, project_id: UUID, tags: Collection[str]) -> Consequence:
        """What accepting these proposals makes stale, and what redoing that costs. Raises UsageError."""
        graph = await self._core.graph(project_id)
        chosen = [proposal.as_reference(-number) for number, proposal in enumerate(_chosen(graph, tags), 1)]
        return self._difference(graph, replace(graph, references=(*graph.references, *chosen)))

    async def accept(self, project_id: UUID, tags: Collection[str]) -> Consequence:
        """Makes references of the frames proposed for these tags; says what became stale. Raises UsageError."""
        async with write() as session:
            before = await load_graph(session, project_id)
            for proposal in _chosen(before, tags):
                await _set_aside(session, project_id, proposal.subject.tag)
                assert proposal.take.file_id is not None
                session.add(
                    ProjectReference(
                        project_id=project_id,
                        tag=proposal.subject.tag,
                        kind=proposal.subject.kind,
                        file_id=proposal.take.file_id,
                        accepted=True,
                    )
                )
        return await self._changed(before)

    async def add(
        self, project_id: UUID, references: Sequence[NewReference], scene_index: int | None = None
    ) -> Consequence:
        """Adds pictures, for every scene whose texts name the tag or for one scene; says what became stale.

        Raises UsageError for what is no picture, and for a tag that is taken.
        """
        checked = check_references(tuple(references))
        async with write() as session:
            before = await load_graph(session, project_id)
            taken = {reference.tag for reference in before.references if reference.accepted}
            for reference in checked:
                if reference.tag in taken:
                    raise UsageError(
                        f"There is a reference {reference.tag} already.",
                        hint=f"Let it go first with `vidpipe reference ID --drop {reference.tag}`.",
                    )
                scene = None if scene_index is None else scene_at(before, scene_index)
                await store(self._core, session, project_id, reference, scene.id if scene else None)
                if scene is None and reference.kind != "style":
                    await _name_in_scenes(session, before, reference.tag)
        return await self._changed(before)

    async def drop(self, project_id: UUID, tag: str) -> Consequence:
        """Lets a reference go; its picture stays. Says what became stale. Raises UsageError."""
        wanted = tag_of(tag)
        async with write() as session:
            before = await load_graph(session, project_id)
            if not await _set_aside(session, project_id, wanted):
                raise UsageError(f"There is no reference {wanted}.", hint=_known(before))
        return await self._changed(before)

    async def _changed(self, before: facts.Graph) -> Consequence:
        self._core.driver.wake(before.id)
        return self._difference(before, await self._core.graph(before.id))

    def _difference(self, before: facts.Graph, after: facts.Graph) -> Consequence:
        already = set(stale_slots(before))
        newly = [slot for slot in stale_slots(after) if slot not in already]
        opened = self._core.driver.provider(after.provider)
        return Consequence(
            stale=tuple((index + 1, slot) for index, slot in newly),
            estimate=estimates.of_slots(opened.catalogue, after, newly),
        )


async def store(
    core: Core, session: AsyncSession, project_id: UUID, reference: NewReference, scene_id: UUID | None = None
) -> None:
    """Copies a picture into the project as PNG and writes its rows. Raises UsageError where it is no picture."""
    from vidpipe_tui.media import pictures

    try:
        png = await asyncio.to_thread(lambda: pictures.to_png(reference.path.read_bytes(), ratio=None))
    except MediaError as error:
        raise UsageError(
            f"The reference {reference.path} is no picture: {error.message}", hint="Use a PNG or JPEG."
        ) from None
    folder = core.files.get_project_dir(project_id) / "references"
    target = _free(folder, reference.tag)
    with storage_errors(target):
        folder.mkdir(exist_ok=True)
        await asyncio.to_thread(write_atomically, target, png)
    width, height = pictures.picture_size(target)
    new = NewFile(
        path=core.files.relative(target),
        sha256=sha256_of(target),
        size=target.stat().st_size,
        mime_type="image/png",
        kind="image",
        width=width,
        height=height,
    )
    file_id = await add_file(session, project_id, new)
    row = ProjectReference(project_id=project_id, scene_id=scene_id, tag=reference.tag, kind=reference.kind)
    row.file_id, row.accepted = file_id, True
    session.add(row)


def _free(folder: Path, tag: str) -> Path:
    names = (f"{tag}.png" if number == 1 else f"{tag}_{number}.png" for number in range(1, 10_000))
    return next(folder / name for name in names if not (folder / name).exists())


def _chosen(graph: facts.Graph, tags: Collection[str]) -> list[Proposal]:
    offered = {proposal.subject.tag: proposal for proposal in proposals_of(graph)}
    wanted = list(dict.fromkeys(tag_of(tag) for tag in tags))
    for tag in wanted:
        if tag not in offered:
            hint = (
                f"Proposed are {', '.join(offered)}." if offered else "Nothing is proposed; give a picture with --add."
            )
            raise UsageError(f"No frame is proposed for {tag!r}.", hint=hint)
    return [offered[tag] for tag in wanted]


def _known(graph: facts.Graph) -> str:
    tags = [reference.tag for reference in graph.references if reference.accepted]
    return f"There are {', '.join(tags)}." if tags else "The project has none."


async def _set_aside(session: AsyncSession, project_id: UUID, tag: str) -> bool:
    result = await session.execute(
        update(ProjectReference)
        .where(ProjectReference.project_id == project_id, ProjectReference.tag == tag, ProjectReference.accepted)
        .values(accepted=False)
        .execution_options(synchronize_session=False)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result is a CursorResult


async def _name_in_scenes(session: AsyncSession, graph: facts.Graph, tag: str) -> None:
    """Lets every scene whose texts have the tag's words carry it."""
    words = r"[\s_-]+".join(re.escape(word) for word in re.split(r"[_-]+", tag) if word)
    mentioned = re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
    for scene in graph.scenes:
        text = "\n".join(str(getattr(scene, field)) for field in SCENE_FIELDS)
        if tag not in scene.tags and mentioned.search(text):
            row = await session.scalar(select(Scene).where(Scene.id == scene.id))
            if row is not None:
                row.reference_tags = [*scene.tags, tag]
