"""A run of one project: plan, execute what is ready, plan again, until it rests; then write down how it ended."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable

from vidpipe_tui.db.doors import read
from vidpipe_tui.db.ledger import recent_calls
from vidpipe_tui.db.statuses import move_project
from vidpipe_tui.db.takes import ask_for_take, set_trouble
from vidpipe_tui.domain.commands import RunOptions
from vidpipe_tui.domain.graph import Graph, Scene
from vidpipe_tui.domain.inputs import film_is_current
from vidpipe_tui.domain.planner import Plan, RunFacts, Step, StepKind, plan
from vidpipe_tui.domain.statuses import DOING, ProjectStatus
from vidpipe_tui.domain.views import Outcome
from vidpipe_tui.durable import sha256_of
from vidpipe_tui.errors import DatabaseError, DiskFullError, LeaseLostError, StorageError, VidpipeError
from vidpipe_tui.pipeline.artefacts import FileChangedError
from vidpipe_tui.pipeline.clips import film_scene, follow_clip
from vidpipe_tui.pipeline.context import Ending, GivenUpError, Halted, RunContext
from vidpipe_tui.pipeline.endings import begin_run, conclude_run
from vidpipe_tui.pipeline.film import join_film
from vidpipe_tui.pipeline.keyframes import draw_frame, inherit_start
from vidpipe_tui.pipeline.recovery import recover
from vidpipe_tui.pipeline.storyboard import write_storyboard
from vidpipe_tui.providers.errors import NoAccessError, ProviderError

log = logging.getLogger(__name__)

MINUTE = 61.0


def _forget_failure(task: asyncio.Task[None]) -> None:
    """What keeps a provider from being prepared is said by the first call that needs it."""
    if not task.cancelled():
        task.exception()


async def _recall(context: RunContext) -> None:
    """Tells the provider of the last minute's calls, which a process that died may have made."""
    async with read() as session:
        calls = await recent_calls(session, context.provider.name, MINUTE)
    for model, seconds_ago in calls.items():
        context.provider.recall(model, seconds_ago)


def _clips(graph: Graph) -> int:
    return sum(scene.clip is not None for scene in graph.scenes)


class ProjectRun:
    """Drives one project in the caller's event loop, under a lease that somebody else keeps alive."""

    def __init__(self, context: RunContext, options: RunOptions) -> None:
        self.context = context
        self.options = options
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def drive(self) -> Outcome:
        """Runs until the project rests; returns how it ended. Raises LeaseLostError when another process took over."""
        context = self.context
        unlisten = context.lanes.listen(context.changed.set)
        try:
            await begin_run(context)  # what stops this is raised: a run that never began has nothing to conclude
            await self._see_through()
        finally:
            unlisten()
            await self._abandon()
        await context.until_alone()
        return await conclude_run(context)

    async def _see_through(self) -> None:
        try:
            await recover(self.context, self.options)
            await _recall(self.context)
            await (self._only_join() if self.options.only_join else self._until_it_rests())
        except LeaseLostError:
            raise
        except VidpipeError as error:
            self._end_by(error)

    async def _only_join(self) -> None:
        """Joins the clips there are, whatever else is still to be made."""
        graph = await self.context.graph()
        await self._join_once(graph)
        while self._is_free() and not film_is_current(after := await self.context.graph()):
            if _clips(after) >= _clips(graph):
                return
            graph = after  # a clip that was not what it had been is set aside: the film is made of the others
            await self._join_once(graph)
        if self._is_free():
            self._end_joined(await self.context.graph())

    async def _join_once(self, graph: Graph) -> None:
        if not _clips(graph):
            raise VidpipeError("There is no clip to join yet.", hint="Make some with `vidpipe resume ID`.")
        await self._show(graph, Plan((), ProjectStatus.STITCHING, resting=False))
        self._launch(graph, Plan((Step(StepKind.FILM),), ProjectStatus.STITCHING, resting=False))
        while self._tasks:
            self.context.changed.clear()
            self._reap()
            if self.context.stopping:
                await self._wind_down()
            elif self._tasks:
                await self.context.changed.wait()

    def _is_free(self) -> bool:
        context = self.context
        return "film" not in context.blocked and context.ending is None and not context.stopping

    def _end_joined(self, graph: Graph) -> None:
        if not film_is_current(graph):
            return
        missing = [str(scene.number) for scene in graph.scenes if scene.clip is None]
        if missing:
            are = "scene {} is" if len(missing) == 1 else "scenes {} are"
            message = f"The film is joined from the clips there are; {are.format(', '.join(missing))} missing."
            self.context.end(Ending(ProjectStatus.COMPLETE, "incomplete", message, "Go on with `vidpipe resume ID`."))
        else:
            self.context.end(Ending(ProjectStatus.COMPLETE, "complete", "The film is joined."))

    def stop(self) -> None:
        """Claims nothing more; free work ends at once, paid calls under way are waited for."""
        self.context.stopping = True
        self.context.changed.set()
        self.context.alone.set()

    def cut_off(self) -> None:
        """Ends even paid calls under way; they become unknown in the ledger."""
        self.stop()
        for task in self._tasks.values():
            task.cancel()

    async def _until_it_rests(self) -> None:
        context = self.context
        preparing = asyncio.create_task(context.provider.prepare(), name="prepare")
        preparing.add_done_callback(_forget_failure)
        while True:
            context.changed.clear()
            self._reap()
            if context.stopping:
                await self._wind_down()
                return
            graph = await context.graph()
            current = plan(graph, self._facts())
            await self._show(graph, current)
            self._launch(graph, current)
            if not self._tasks and (current.resting or context.ending is not None):
                return
            await context.changed.wait()

    def _facts(self) -> RunFacts:
        context = self.context
        return RunFacts(
            running=frozenset(self._tasks),
            blocked=frozenset(context.blocked),
            no_new_calls=context.ending is not None,
        )

    def _has_lane(self, step: Step) -> bool:
        return step.kind is not StepKind.SUBMIT or self.context.lanes.free > 0

    def _launch(self, graph: Graph, current: Plan) -> None:
        for step in current.ready:
            if self.context.ending is not None and step.kind is not StepKind.POLL:
                continue
            if not self._has_lane(step):
                continue
            if step.kind in {StepKind.SUBMIT, StepKind.POLL}:
                self.context.lanes.take(self.context.project_id, step.slot)
            task = asyncio.create_task(self._execute(graph, step), name=f"{self.context.project_id}/{step.slot}")
            self._tasks[step.slot] = task
            task.add_done_callback(lambda _task: self.context.changed.set())

    def _reap(self) -> None:
        for slot, task in list(self._tasks.items()):
            if task.done():
                del self._tasks[slot]
                self.context.lanes.leave(self.context.project_id, slot)
                if not task.cancelled():
                    task.result()

    async def _execute(self, graph: Graph, step: Step) -> None:
        context = self.context
        try:
            await self._handler(graph, step)
        except Halted:
            return
        except LeaseLostError:
            raise
        except NoAccessError as error:
            context.end(Ending(ProjectStatus.FAILED, "no_access", error.message, error.hint))
            context.block(step.slot, error)  # polls go on while a run ends: this one would come straight back
        except (DiskFullError, DatabaseError) as error:
            self._end_by(error)
            context.block(step.slot, error)
        except FileChangedError as error:
            await self._file_changed(graph, step, error)
        except (GivenUpError, ProviderError, VidpipeError) as error:
            context.block(step.slot, error)
            await self._say_blocked(step, error)
        except Exception as error:
            log.exception("the step %s failed", step.slot)
            internal = VidpipeError(
                f"Something went wrong inside vidpipe: {type(error).__name__}: {error}",
                hint="Go on with `vidpipe resume`; run with --debug to see more, and report it.",
            )
            context.block(step.slot, internal)

    def _handler(self, graph: Graph, step: Step) -> Awaitable[None]:
        context = self.context
        if step.kind is StepKind.STORYBOARD:
            return write_storyboard(context, graph)
        if step.kind is StepKind.FILM:
            return join_film(context, graph)
        position = next(at for at, scene in enumerate(graph.scenes) if scene.index == step.scene_index)
        scene = graph.scenes[position]
        if step.kind is StepKind.INHERIT:
            return inherit_start(context, graph, scene, graph.scenes[position - 1])
        if step.kind is StepKind.SUBMIT:
            return film_scene(context, graph, scene)
        if step.kind is StepKind.POLL:
            newest = scene.newest_clip
            assert newest is not None
            return follow_clip(context, graph, scene, newest)
        return draw_frame(context, graph, scene, step.kind.value)

    def _end_by(self, error: VidpipeError) -> None:
        kind = "disk" if isinstance(error, StorageError) else "failed"
        status = ProjectStatus.STOPPED if isinstance(error, DiskFullError) else ProjectStatus.FAILED
        self.context.end(Ending(status, kind, error.message, error.hint))

    async def _say_blocked(self, step: Step, error: VidpipeError) -> None:
        async with self.context.transaction("blocked") as transaction:
            transaction.say(step.kind.value, error.sentence(), scene_index=step.scene_index, level="error")

    async def _file_changed(self, graph: Graph, step: Step, error: FileChangedError) -> None:
        """A keyframe is gone or changed: drawn again where that is free, else it waits for the person.

        What was imported or pinned is nothing we could draw again.
        """
        context = self.context
        scene = next(scene for scene in graph.scenes if scene.index == step.scene_index)
        damaged = await self._damaged(graph, scene)
        free = context.catalogue.image(graph.image_model).price.is_free
        async with context.transaction("file_changed") as transaction:
            if free and damaged is not None and _ours_to_draw(*damaged):
                await ask_for_take(transaction.session, damaged[0].id, damaged[1], {})
                transaction.say(
                    "keyframe", f"{error.message} It is drawn again.", scene_index=scene.index, level="warning"
                )
                return
            slot = step.slot.rpartition("/")[2]
            await set_trouble(transaction.session, scene.id, slot, "file", error.message, error.hint)
            transaction.say("keyframe", error.sentence(), scene_index=scene.index, level="error")
        context.block(step.slot, error)

    async def _damaged(self, graph: Graph, scene: Scene) -> tuple[Scene, str] | None:
        """The scene and slot in which the damaged picture was drawn; an inherited one stems from an earlier scene."""
        for slot, take in (("start", scene.start), ("end", scene.end)):
            if take is None:
                continue
            try:
                path = self.context.files.absolute(take.path)
                whole = take.sha256 is None or await asyncio.to_thread(sha256_of, path) == take.sha256
            except OSError:
                whole = False
            if whole:
                continue
            if slot == "start" and take.source == "inherited" and scene.index > 0:
                before = next(other for other in graph.scenes if other.index == scene.index - 1)
                return before, "end"
            return scene, slot
        return None

    async def _show(self, graph: Graph, current: Plan) -> None:
        """Brings the project's status to what the plan says, while work goes on."""
        if current.resting or graph.status is current.status:
            return
        async with self.context.transaction("status") as transaction:
            await move_project(transaction.session, graph.id, current.status)
            transaction.say("run", f"Now {DOING.get(current.status, current.status.value)}.")

    async def _wind_down(self) -> None:
        while True:
            self._reap()
            finishing = self.context.finishing
            for task in self._tasks.values():
                if task not in finishing:
                    task.cancel()
            if not self._tasks:
                return
            await asyncio.wait(self._tasks.values(), timeout=0.1, return_when=asyncio.FIRST_COMPLETED)

    async def _abandon(self) -> None:
        """Leaves no task behind, whatever ended the run."""
        for task in self._tasks.values():
            task.cancel()
        if self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        for slot in list(self._tasks):
            self.context.lanes.leave(self.context.project_id, slot)
        self._tasks.clear()


def _ours_to_draw(scene: Scene, slot: str) -> bool:
    take = scene.start if slot == "start" else scene.end
    return take is not None and take.source == "generated" and not take.pinned
