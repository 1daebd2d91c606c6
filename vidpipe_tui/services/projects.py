"""Projects: made, listed, found, renamed, duplicated and deleted."""

from __future__ import annotations

import asyncio
import re
import shutil
from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete as delete_from
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db import leases
from vidpipe_tui.db.base import now
from vidpipe_tui.db.doors import read, write
from vidpipe_tui.db.ledger import price_of, spent_since
from vidpipe_tui.db.models import ApiCall, File, PipelineRun, Project, ProjectReference
from vidpipe_tui.db.projects import ListQuery, Tally, list_rows, tallies, titles_beginning
from vidpipe_tui.domain.commands import NewProject, NewReference
from vidpipe_tui.domain.statuses import ProjectStatus
from vidpipe_tui.domain.views import Estimate, ProjectPage, ProjectView
from vidpipe_tui.errors import NotFoundError, UsageError
from vidpipe_tui.services import creation, estimates, references
from vidpipe_tui.services.core import Core
from vidpipe_tui.services.snapshots import Driving, project_row, project_view

KEPT_DAYS = 30
"""Days that a deleted project can be brought back."""
_COPY = re.compile(r" \(copy(?: (\d+))?\)$")


async def create(core: Core, new: NewProject) -> tuple[UUID, tuple[str, ...]]:
    """Stores a new project; returns its id and sentences about what was changed. Raises UsageError, StorageError."""
    opened = core.driver.provider(core.settings.pipeline.provider if new.provider is None else new.provider)
    checked = creation.check(new, core.settings, opened)
    estimate = _estimate(core, checked)
    row = Project(
        prompt=checked.prompt,
        title=checked.title,
        style=checked.style,
        aspect_ratio=checked.aspect_ratio,
        target_clip_duration=checked.clip_seconds,
        status=ProjectStatus.PENDING,
        provider=checked.provider,
        scene_count=checked.scenes,
        seed=checked.seed,
        review_mode=checked.review,
        budget=checked.budget,
        crossfade_seconds=checked.crossfade,
        storyboard_model=checked.models[0],
        image_model=checked.models[1],
        video_model=checked.models[2],
        resolution=checked.resolution,
        image_size=checked.image_size,
        audio=checked.audio,
        auto_soften=checked.auto_soften,
        estimated_cost=estimate.total,
    )
    require_writable(core)
    async with write() as session:
        session.add(row)
        await session.flush()
        project_id = row.id
        for reference in checked.references:
            await references.store(core, session, project_id, reference)
    return project_id, checked.notices


def require_writable(core: Core) -> None:
    """Raises UsageError unless the storage folder can be made and written."""
    base = core.files.base_dir
    try:
        base.mkdir(parents=True, exist_ok=True)
        probe = base / f".part-{datetime.now(UTC).timestamp()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise UsageError(
            f"The folder {base} cannot be written: {error.strerror}.",
            hint="Set VIDPIPE_STORAGE__TMP_DIR to a folder you may write.",
        ) from None


def estimate(core: Core, new: NewProject) -> Estimate:
    """What a new project would cost; raises UsageError as `create` does, and stores nothing."""
    opened = core.driver.provider(core.settings.pipeline.provider if new.provider is None else new.provider)
    return _estimate(core, creation.check(new, core.settings, opened))


def _estimate(core: Core, checked: creation.Checked) -> Estimate:
    opened = core.driver.provider(checked.provider)
    price = estimates.whole_film(
        opened.catalogue,
        checked.provider,
        models=checked.models,
        prompt=checked.prompt,
        scenes=checked.scenes,
        seconds=float(checked.clip_seconds),
        resolution=checked.resolution,
        image_size=checked.image_size,
    )
    return estimates.noted(price, opened)


async def page(core: Core, query: ListQuery) -> ProjectPage:
    """A page of the project list."""
    today = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
    async with read() as session:
        held = await leases.live_leases(session)
        rows, total = await list_rows(session, query, {*held, *core.driver.driving})
        counts = await tallies(session, [row.id for row in rows])
        spent = await spent_since(session, today.replace(tzinfo=None))
    here = core.driver.driving
    return ProjectPage(
        rows=tuple(
            project_row(row, counts.get(row.id, Tally()), Driving(held.get(row.id), row.id in here), core.files)
            for row in rows
        ),
        total=total,
        spent_today=spent,
    )


async def view(core: Core, project_id: UUID) -> ProjectView:
    """A project with everything a screen shows of it."""
    graph = await core.graph(project_id)
    async with read() as session:
        costs = {
            row[0]: float(row[1] or 0.0)
            for row in await session.execute(
                select(ApiCall.scene_id, func.sum(price_of()))
                .where(ApiCall.project_id == project_id)
                .group_by(ApiCall.scene_id)
            )
            if row[0] is not None
        }
        started = await session.scalar(
            select(PipelineRun.started_at)
            .where(PipelineRun.project_id == project_id)
            .order_by(PipelineRun.started_at.desc())
            .limit(1)
        )
    driving = await core.driving(project_id)
    # Hashes and paths of many scenes take longer than a turn of the loop may.
    return await asyncio.to_thread(project_view, graph, driving, core.files, costs=costs, started_at=started)


async def rename(project_id: UUID, title: str) -> None:
    """Gives a project another title."""
    checked = creation.check_title(title)
    async with write() as session:
        await session.execute(update(Project).where(Project.id == project_id).values(title=checked))


async def duplicate(core: Core, project_id: UUID) -> UUID:
    """A new project with the same wishes (not the same takes)."""
    async with write() as session:
        row = await session.get(Project, project_id)
        if row is None:
            raise NotFoundError(f"There is no project {project_id}.")
        skipped = {"id", "created_at", "updated_at", "deleted_at", "output_path", "style_guide", "storyboard_raw"}
        skipped |= {"status", "error_message", "error_hint", "error_kind", "title"}
        values = {key: getattr(row, key) for key in Project.__table__.columns.keys() if key not in skipped}  # noqa: SIM118
        copy = Project(**values, status=ProjectStatus.PENDING, title=await _copy_title(session, row.title or ""))
        session.add(copy)
        await session.flush()
        rows = await session.execute(
            select(ProjectReference.tag, ProjectReference.kind, File.storage_path)
            .join(File, ProjectReference.file_id == File.id)
            .where(
                ProjectReference.project_id == project_id,
                ProjectReference.scene_id.is_(None),
                ProjectReference.accepted,
            )
        )
        for tag, kind, path in rows.all():
            await references.store(core, session, copy.id, NewReference(core.files.absolute(path), tag, kind))
        return copy.id


async def _copy_title(session: AsyncSession, title: str) -> str:
    """The title of one more copy: `Neon rain (copy)`, then `(copy 2)`, also where a copy is copied."""
    bare = _COPY.sub("", title)[:180]
    titles = await titles_beginning(session, f"{bare} (copy")
    numbers = [int(found[1] or 1) for known in titles if (found := _COPY.search(known))]
    return f"{bare} (copy {max(numbers) + 1})" if numbers else f"{bare} (copy)"


async def delete(core: Core, project_id: UUID) -> None:
    """Hides a project; it can be brought back for KEPT_DAYS days. Raises UsageError while it runs."""
    await _require_idle(core, project_id)
    async with write() as session:
        await session.execute(update(Project).where(Project.id == project_id).values(deleted_at=now()))


async def undelete(project_id: UUID) -> None:
    """Brings a deleted project back."""
    async with write() as session:
        await session.execute(update(Project).where(Project.id == project_id).values(deleted_at=None))


async def delete_for_good(core: Core, project_id: UUID) -> None:
    """Takes a project and its files away; its ledger rows stay for the totals."""
    await _require_idle(core, project_id)
    async with write() as session:
        title = await session.scalar(select(Project.title).where(Project.id == project_id))
        await session.execute(update(ApiCall).where(ApiCall.project_id == project_id).values(project_title=title))
        shared = select(ProjectReference.file_id).where(ProjectReference.project_id != project_id).scalar_subquery()
        await session.execute(delete_from(Project).where(Project.id == project_id))
        await session.execute(delete_from(File).where(File.project_id == project_id, File.id.not_in(shared)))
    await asyncio.to_thread(core.files.remove_project, project_id)


async def sweep_deleted(core: Core) -> None:
    """Takes away for good what was deleted longer ago than KEPT_DAYS."""
    async with read() as session:
        old = (
            await session.scalars(
                select(Project.id).where(Project.deleted_at < now() - timedelta(days=KEPT_DAYS)).limit(20)
            )
        ).all()
    for project_id in old:
        await delete_for_good(core, project_id)


async def _require_idle(core: Core, project_id: UUID) -> None:
    if (await core.driving(project_id)).anyone:
        raise UsageError("The project is running.", hint="Stop it first with `vidpipe stop ID`.")


async def set_budget(project_id: UUID, budget: float | None) -> None:
    """Sets or takes away the limit of what a project may spend, in US dollars."""
    checked = creation.check_budget(budget)
    async with write() as session:
        await session.execute(update(Project).where(Project.id == project_id).values(budget=checked))


def free_space_notice(core: Core) -> str:
    """A sentence when the disk gets narrow (below 2 GB), else ''."""
    try:
        free = shutil.disk_usage(core.files.base_dir).free
    except OSError:
        return ""
    if free >= 2 * 10**9:
        return ""
    return f"Only {free / 1e9:.1f} GB are free on the disk of {core.files.base_dir}."
