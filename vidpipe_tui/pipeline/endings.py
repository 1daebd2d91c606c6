"""How a run begins and ends in the database: its row, the project's last status and sentence, and the outcome."""

from __future__ import annotations

from datetime import UTC
from uuid import UUID

from sqlalchemy import func, select, update

from vidpipe_tui.db import leases
from vidpipe_tui.db.base import now
from vidpipe_tui.db.events import events_of_run
from vidpipe_tui.db.ledger import price_of
from vidpipe_tui.db.models import ApiCall, Lease, PipelineRun, Project
from vidpipe_tui.db.statuses import move_project, move_scene
from vidpipe_tui.domain.graph import Graph
from vidpipe_tui.domain.planner import RunFacts, plan
from vidpipe_tui.domain.proposals import proposals_of
from vidpipe_tui.domain.scene_status import scene_status
from vidpipe_tui.domain.statuses import REVIEWS, ProjectStatus
from vidpipe_tui.domain.views import Outcome
from vidpipe_tui.pipeline.context import Ending, RunContext, Transaction

DONE, FAILED, WAITS, INCOMPLETE, INTERRUPTED = 0, 1, 3, 4, 130


async def begin_run(context: RunContext) -> None:
    """Writes the run's row and clears what the last one said."""
    async with context.transaction("run.begin") as transaction:
        run = PipelineRun(project_id=context.project_id)
        transaction.session.add(run)
        await transaction.session.flush()
        context.run_id = transaction.run_id = run.id
        await transaction.session.execute(
            update(Lease).where(Lease.project_id == context.project_id).values(run_id=run.id)
        )
        await transaction.session.execute(
            update(Project)
            .where(Project.id == context.project_id)
            .values(error_message=None, error_hint=None, error_kind=None)
            .execution_options(synchronize_session=False)
        )
        provider = context.provider
        transaction.say("run", f"Started with {provider.name}: {provider.road.name}.")


async def conclude_run(context: RunContext) -> Outcome:
    """Writes how the run ended, in one transaction, and gives the lease up in it."""
    context.concluding = True  # from here on a lease that is no longer held may have been given up
    graph = await context.graph()
    ending = _ending(context, graph)
    if context.successor is not None and ending.kind == "interrupted":
        return await _hand_over(context, context.successor)
    async with context.transaction("run.end") as transaction:
        session = transaction.session
        for scene in graph.scenes:
            status = scene_status(scene)
            if scene.status is not status:
                await move_scene(session, scene.id, status)
        told = ending.status not in REVIEWS | {ProjectStatus.COMPLETE}
        await move_project(
            session,
            graph.id,
            ending.status,
            error_message=ending.message if told else None,
            error_hint=ending.hint if told else None,
            error_kind=ending.kind,
        )
        if offer := _offer(context, graph, ending):
            transaction.say("run", offer)
        transaction.say("run", ending.message, level="error" if ending.status is ProjectStatus.FAILED else "info")
        await session.flush()
        if context.run_id is not None:
            await _close_run(transaction, context.run_id, ending)
        await leases.release(session, graph.id, context.owner)
    after = await context.graph()
    return outcome_of_run(after, ending)


async def _hand_over(context: RunContext, successor: leases.Holder) -> Outcome:
    """Leaves the project as it is to another process, which holds the lease from this transaction on."""
    ending = Ending(ProjectStatus.STOPPED, "handed_over", "Goes on in the background.")
    async with context.transaction("run.handed_over") as transaction:
        transaction.say("run", ending.message)
        await transaction.session.flush()
        if context.run_id is not None:
            await _close_run(transaction, context.run_id, ending)
        await leases.hand_over(transaction.session, context.project_id, context.owner, successor)
    return Outcome(ending.status, DONE, ending.message)


async def _close_run(transaction: Transaction, run_id: UUID, ending: Ending) -> None:
    session = transaction.session
    run = await session.get(PipelineRun, run_id)
    if run is None:
        return
    cost = await session.scalar(select(func.coalesce(func.sum(price_of()), 0.0)).where(ApiCall.run_id == run_id))
    run.completed_at = now()
    run.total_duration_seconds = (run.completed_at - run.started_at).total_seconds()
    run.total_api_cost_estimate = float(cost or 0.0)
    run.outcome = ending.kind
    run.log = [
        {"step": row.step, "timestamp": row.created_at.replace(tzinfo=UTC).isoformat(), "message": row.message}
        for row in await events_of_run(session, run_id)
    ]


def _offer(context: RunContext, graph: Graph, ending: Ending) -> str:
    """A sentence about frames that could hold the cast steady, where takes cost something and no reference is given."""
    image = context.catalogue.images.get(graph.image_model)
    if image is None or not image.max_references or image.price.is_free or graph.references:
        return ""
    if ending.status not in {ProjectStatus.KEYFRAME_REVIEW, ProjectStatus.COMPLETE}:
        return ""
    tags = ", ".join(proposal.subject.tag for proposal in proposals_of(graph))
    return f"Frames of {tags} could hold them steady in every later take: `vidpipe reference ID`." if tags else ""


def _ending(context: RunContext, graph: Graph) -> Ending:
    """The first of: what ended the run early, a stop, what failed, what waits for the person, done."""
    if context.ending is not None:
        return context.ending
    if context.stopping:
        return _stopped(graph)
    current = plan(graph, RunFacts(blocked=frozenset(context.blocked)))
    if context.blocked and current.status not in REVIEWS | {ProjectStatus.STOPPED, ProjectStatus.COMPLETE}:
        error = next(iter(context.blocked.values()))
        return Ending(ProjectStatus.FAILED, "given_up", error.message, error.hint or "Go on with `vidpipe resume`.")
    match current.status:
        case ProjectStatus.STORYBOARD_REVIEW | ProjectStatus.KEYFRAME_REVIEW:
            return _review(current.status)
        case ProjectStatus.STOPPED:
            clip = "clip of {} is" if len(current.in_doubt) == 1 else "clips of {} are"
            return Ending(
                ProjectStatus.STOPPED,
                "in_doubt",
                f"The {clip.format(_scenes(current.in_doubt))} in doubt: nobody knows whether the provider took "
                f"{'it' if len(current.in_doubt) == 1 else 'them'} on.",
                f"Settle it with `vidpipe doubt ID --scene {current.in_doubt[0] + 1}` and --adopt OPERATION, "
                "--resubmit or --give-up.",
            )
        case ProjectStatus.COMPLETE:
            return _complete(graph)
    return _nothing_left(graph)


APPROVE = "Look at it in the studio, or go on with `vidpipe approve ID`."


def _review(status: ProjectStatus) -> Ending:
    what = "storyboard waits" if status is ProjectStatus.STORYBOARD_REVIEW else "keyframes wait"
    return Ending(status, "review", f"The {what} for your review.", APPROVE)


def _complete(graph: Graph) -> Ending:
    missing = missing_scenes(graph)
    if not missing:
        return Ending(ProjectStatus.COMPLETE, "complete", "The film is complete.")
    return Ending(
        ProjectStatus.COMPLETE,
        "incomplete",
        f"The film is complete, but {_scenes(missing)} {'is' if len(missing) == 1 else 'are'} missing.",
        _first_hint(graph),
    )


def _nothing_left(graph: Graph) -> Ending:
    trouble = next((scene.trouble for scene in graph.scenes if scene.trouble is not None), None)
    message = trouble.message if trouble else "No clip could be made, so there is no film."
    return Ending(
        ProjectStatus.FAILED,
        "nothing",
        message,
        trouble.hint if trouble else "Change the prompts and go on with resume.",
    )


def _stopped(graph: Graph) -> Ending:
    running = [
        f"scene {scene.number} ({scene.newest_clip.operation_name})"
        for scene in graph.scenes
        if scene.newest_clip is not None and scene.newest_clip.under_way
    ]
    message = "Stopped."
    if running:
        message = f"Stopped. At the provider goes on: {', '.join(running)}; it is fetched when you go on."
    return Ending(ProjectStatus.STOPPED, "interrupted", message, "Go on with `vidpipe resume`.")


def missing_scenes(graph: Graph) -> tuple[int, ...]:
    """Indices of the scenes that have no clip."""
    return tuple(scene.index for scene in graph.scenes if scene.clip is None)


def outcome_of_run(graph: Graph, ending: Ending | None = None) -> Outcome:
    """The outcome of a project that rests, as the database has it."""
    missing = missing_scenes(graph) if graph.status is ProjectStatus.COMPLETE else ()
    told = ending or _as_stored(graph)
    return Outcome(
        status=graph.status,
        exit_status=_exit_status(graph.status, graph.error_kind or told.kind, bool(missing)),
        message=told.message,
        hint=told.hint,
        missing=missing,
    )


def _as_stored(graph: Graph) -> Ending:
    """The sentences of a run that ended in another process."""
    if graph.status is ProjectStatus.COMPLETE:
        return _complete(graph)
    if graph.status in REVIEWS:
        return _review(graph.status)
    return Ending(graph.status, graph.error_kind or "", graph.error_message or "", graph.error_hint or "")


def _exit_status(status: ProjectStatus, kind: str, missing: bool) -> int:
    if status is ProjectStatus.COMPLETE:
        return INCOMPLETE if missing else DONE
    if status in REVIEWS or kind == "in_doubt":
        return WAITS
    if kind == "interrupted":
        return INTERRUPTED
    return FAILED


def _scenes(indices: tuple[int, ...]) -> str:
    return f"scene{'' if len(indices) == 1 else 's'} {', '.join(str(index + 1) for index in indices)}"


def _first_hint(graph: Graph) -> str:
    return next((scene.trouble.hint for scene in graph.scenes if scene.trouble is not None and scene.trouble.hint), "")
