"""Paid calls: intent in the ledger before, outcome after, and every retry a row of its own."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, TypeVar

from vidpipe_tui.db.ledger import move_call, spent_by
from vidpipe_tui.db.models import ApiCall
from vidpipe_tui.domain.graph import Graph, Scene
from vidpipe_tui.domain.statuses import CallState, ProjectStatus
from vidpipe_tui.domain.text import times
from vidpipe_tui.errors import LeaseLostError, StorageError, VidpipeError
from vidpipe_tui.pipeline.context import Ending, GivenUpError, Halted, RunContext, Transaction
from vidpipe_tui.pipeline.crash_points import reach
from vidpipe_tui.providers.base import Usage
from vidpipe_tui.providers.errors import BadAnswerError, InDoubtError, NotSentError, ProviderError, RetryLaterError

Answer = TypeVar("Answer")


async def _nothing(_transaction: Transaction, *_rest: Any) -> None:
    """For terms that write nothing of their own."""


async def _keep_nothing(_call_id: int, _answer: Any) -> Any:
    return None


@dataclass(frozen=True, slots=True)
class CallTerms:
    """What a call is for and what is written beside its ledger row.

    `began` is written with the intent, `answered` with the outcome (both get the transaction and the call's id; the
    latter the answer too), `failed` with a failure (and the error). `keep` puts the answer where a crash cannot take
    it, before anything else happens, and returns what the ledger remembers of it. `estimate` in US dollars.
    """

    kind: str
    slot: str
    model: str
    request_hash: str
    estimate: float
    units: Mapping[str, Any]
    scene: Scene | None = None
    expected_bytes: int = 0
    began: Callable[[Transaction, int], Awaitable[None]] = _nothing
    keep: Callable[[int, Any], Awaitable[Any]] = _keep_nothing
    answered: Callable[[Transaction, int, Any], Awaitable[None]] = _nothing
    failed: Callable[[Transaction, int, ProviderError], Awaitable[None]] = _nothing
    cost: Callable[[Any], float | None] = field(default=lambda _answer: None)
    outcome: CallState = CallState.SUCCEEDED


async def pay(
    context: RunContext, graph: Graph, terms: CallTerms, call: Callable[[], Awaitable[Answer]]
) -> tuple[int, Answer]:
    """Makes one call: intent, call, outcome. Returns the ledger row's id and the answer; raises a ProviderError.

    A call that is cut off by a cancellation is `unknown` in the ledger, and counted.
    """
    async with context.provider.turn(terms.model):
        return await _pay_now(context, graph, terms, call)


async def _pay_now(
    context: RunContext, graph: Graph, terms: CallTerms, call: Callable[[], Awaitable[Answer]]
) -> tuple[int, Answer]:
    with context.must_finish():
        context.may_start()
        context.require_room(terms.expected_bytes)
        call_id = await _committed_intent(context, graph, terms)
        reach(f"before:{terms.kind}.call")
        try:
            await context.confirm_lease()
            answer = await call()
        except asyncio.CancelledError:
            doubt = InDoubtError("The call was cut off when the program was stopped.")
            await _record_failure(context, terms, call_id, doubt)
            raise
        except LeaseLostError:
            raise
        except Exception as error:
            failure, told = _failure(context, terms, error)
            await _record_failure(context, terms, call_id, failure)
            if told is error:
                raise
            raise told from error
        reach(f"after:{terms.kind}.call")
        # What was paid for is written down whatever happens to this task meanwhile.
        await see_through(_record_answer(context, terms, call_id, answer))
        return call_id, answer


def _failure(context: RunContext, terms: CallTerms, error: Exception) -> tuple[ProviderError, Exception]:
    """What an error means for the ledger, and what the caller is told of it.

    What is not known to be refused may have been accepted: an answer without a name, our own disk or process failing
    on the way, a mistake of ours.
    """
    if isinstance(error, NotSentError) and isinstance(error.__cause__, VidpipeError):
        return error, error.__cause__
    if isinstance(error, BadAnswerError) and terms.outcome is CallState.SUBMITTED:
        doubt = InDoubtError(error.message, hint=error.hint)
        return doubt, doubt
    if isinstance(error, ProviderError):
        return error, error
    if isinstance(error, VidpipeError):
        return InDoubtError(error.message, hint=error.hint), error
    doubt = InDoubtError(f"The answer of {context.provider.name} could not be understood: {error!r:.200}")
    return doubt, doubt


async def _committed_intent(context: RunContext, graph: Graph, terms: CallTerms) -> int:
    """Writes the intent; one whose call is cut off before it is made is taken back."""
    intent = asyncio.ensure_future(_intend(context, graph, terms))
    try:
        return await asyncio.shield(intent)
    except asyncio.CancelledError:
        call_id = await see_through(_result_of(intent))
        await see_through(_record_failure(context, terms, call_id, NotSentError("The program was stopped before.")))
        raise


async def _result_of(task: asyncio.Future[int]) -> int:
    return await task


async def _record_answer(context: RunContext, terms: CallTerms, call_id: int, answer: Any) -> None:
    await context.confirm_lease()
    try:
        result = await terms.keep(call_id, answer)
    except StorageError as error:
        await _record_failure(context, terms, call_id, InDoubtError(f"The answer could not be kept: {error.message}"))
        raise
    async with context.transaction(f"{terms.kind}.answer") as transaction:
        await move_call(
            transaction.session,
            call_id,
            terms.outcome,
            result=result,
            cost=terms.cost(answer),
            usage=as_json(getattr(answer, "usage", None)),
            operation_name=getattr(answer, "operation_name", None),
        )
        await terms.answered(transaction, call_id, answer)


async def see_through(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Awaits `work` to its end even when the caller is cancelled meanwhile; the cancellation goes on after it."""
    task = asyncio.ensure_future(work)
    cancelled = False
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = not task.cancelled()
        except Exception:
            break
    result = task.result()
    if cancelled:
        raise asyncio.CancelledError
    return result


def as_json(usage: Usage | None) -> dict[str, Any] | None:
    """What a call used as the ledger keeps it; None where nothing is known."""
    if usage is None:
        return None
    values = {key: value for key, value in asdict(usage).items() if value is not None}
    return values or None


async def _intend(context: RunContext, graph: Graph, terms: CallTerms) -> int:
    async with context.transaction(f"{terms.kind}.intent") as transaction:
        await _within_budget(context, transaction, graph, terms)
        row = ApiCall(
            project_id=graph.id,
            project_title=graph.title,
            run_id=context.run_id,
            scene_id=terms.scene.id if terms.scene else None,
            scene_index=terms.scene.index if terms.scene else None,
            kind=terms.kind,
            slot=terms.slot,
            provider=context.provider.name,
            model=terms.model,
            state=CallState.INTENT,
            request_hash=terms.request_hash,
            units=dict(terms.units),
            cost_estimate=terms.estimate,
        )
        transaction.session.add(row)
        await transaction.session.flush()
        await terms.began(transaction, row.id)
        return row.id


async def _within_budget(context: RunContext, transaction: Transaction, graph: Graph, terms: CallTerms) -> None:
    from vidpipe_tui.db.models import Project

    project = await transaction.session.get(Project, graph.id)
    budget = project.budget if project is not None else None
    if budget is None or terms.estimate <= 0:
        return
    spent = await spent_by(transaction.session, graph.id)
    if spent + terms.estimate > budget + 1e-9:
        where = f" for scene {terms.scene.number}" if terms.scene else ""
        what = f"{'an' if terms.kind[0] in 'aeiou' else 'a'} {terms.kind}"
        ending = Ending(
            ProjectStatus.STOPPED,
            "budget",
            f"The budget of ${budget:.2f} is reached: ${spent:.2f} is spent, and the next call ({what}{where}) "
            f"costs ${terms.estimate:.2f}.",
            "Raise it with `vidpipe resume ID --budget USD`.",
        )
        context.end(ending)
        raise Halted


async def _record_failure(context: RunContext, terms: CallTerms, call_id: int, error: ProviderError) -> None:
    if isinstance(error, InDoubtError):
        state = CallState.UNKNOWN
    elif isinstance(error, BadAnswerError):
        state = CallState.SUCCEEDED
    else:
        state = CallState.FAILED
    name = "doubt" if state is CallState.UNKNOWN else "failure"
    async with context.transaction(f"{terms.kind}.{name}") as transaction:
        answered: dict[str, Any] = {}
        if isinstance(error, BadAnswerError):
            cost = terms.cost(error) if error.usage is not None else None
            answered = {"used": True, "cost": cost, "usage": as_json(error.usage)}
        await move_call(transaction.session, call_id, state, error=error.sentence(), error_kind=error.kind, **answered)
        await terms.failed(transaction, call_id, error)


async def with_retries(
    context: RunContext,
    slot: str,
    what: str,
    attempt: Callable[[], Awaitable[Answer]],
    *,
    again_on: tuple[type[ProviderError], ...] = (),
    scene_index: int | None = None,
) -> Answer:
    """Repeats `attempt` after RetryLaterError (and what `again_on` names), with backoff and jitter.

    Raises GivenUpError when the attempts of this run are used up or the provider asks for too long a wait.
    """
    pipeline = context.settings.pipeline
    while True:
        context.may_start()
        context.attempts[slot] += 1
        count = context.attempts[slot]
        try:
            return await attempt()
        except ProviderError as error:
            if not isinstance(error, (RetryLaterError, *again_on)):
                raise
            asked = error.wait_seconds if isinstance(error, RetryLaterError) else None
            if asked is not None and asked > pipeline.retry_max_wait:
                raise GivenUpError(
                    f"{what}: {error.message} It asks to wait {asked:.0f} s; allowed are "
                    f"{pipeline.retry_max_wait:g} s.",
                    hint="Go on later with `vidpipe resume`, or raise pipeline.retry_max_wait.",
                ) from error
            if count >= pipeline.retry_max_attempts:
                raise GivenUpError(
                    f"{what}: {error.message} Tried {times(count)}.",
                    hint=error.hint or "Go on later with `vidpipe resume`.",
                ) from error
            wait = asked if asked is not None else backoff(pipeline.retry_base_delay, count)
            wait = min(wait, pipeline.retry_max_wait)
            async with context.transaction("retry") as transaction:
                transaction.say(
                    slot.rpartition("/")[2],
                    f"{what}: {error.message} Trying again in {wait:.1f} s "
                    f"({count + 1} of {pipeline.retry_max_attempts}).",
                    scene_index=scene_index,
                    level="warning",
                )
            await asyncio.sleep(wait)


def backoff(base: float, attempt: int) -> float:
    """Seconds before the next attempt: exponential, with jitter of a half so that calls do not march in step."""
    return base * 2.0 ** (attempt - 1) * random.uniform(0.75, 1.25)
