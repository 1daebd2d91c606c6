"""Any sequence of edits, approvals, failures, stops and resumes, against a model of providers and database.

The model does what the pipeline's steps do to the facts; after every event the planner's invariants are looked at, and
in the end, with providers that work and a person who settles what is asked, every project must be complete.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.pipeline import facts as made
from vidpipe_tui.domain.graph import ClipTake, FrameTake, Graph, Scene
from vidpipe_tui.domain.inputs import film_inputs, inherited_inputs
from vidpipe_tui.domain.planner import Plan, RunFacts, Step, StepKind, inherits, plan
from vidpipe_tui.domain.redoing import stale_slots
from vidpipe_tui.domain.scene_status import scene_status
from vidpipe_tui.domain.statuses import REVIEWS, SCENE_TRANSITIONS, ClipStatus, ProjectStatus
from vidpipe_tui.pipeline.recovery import RETRIED_ON_RESUME

GOOD, RETRY, REFUSED, DOUBT, LOST, TIMED_OUT, TRANSIENT = (
    "good",
    "retry",
    "refused",
    "doubt",
    "lost",
    "late",
    "transient",
)
MOSTLY = (GOOD,) * 4
ENDINGS = {
    StepKind.STORYBOARD: (*MOSTLY, RETRY),
    StepKind.START: (*MOSTLY, RETRY, REFUSED),
    StepKind.END: (*MOSTLY, RETRY, REFUSED),
    StepKind.SUBMIT: (*MOSTLY, RETRY, REFUSED, DOUBT),
    StepKind.POLL: (GOOD, LOST, LOST, TIMED_OUT, TRANSIENT, REFUSED),
    StepKind.INHERIT: (GOOD,),
    StepKind.FILM: (GOOD, RETRY),
}


class Projects(RuleBasedStateMachine):
    """A project as facts, with the steps that run, and what the provider has taken on."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers = count(1)
        self.graph: Graph = made.graph()
        self.cuts: tuple[bool, ...] = ()
        self.running: dict[str, Step] = {}
        self.blocked: set[str] = set()
        self.alive = True
        self.asked: set[int] = set()
        self.unasked_repeats = 0
        self.submitted: dict[tuple[int, int], str] = {}

    # The run

    @property
    def facts(self) -> RunFacts:
        return RunFacts(frozenset(self.running), frozenset(self.blocked))

    @property
    def plan(self) -> Plan:
        return plan(self.graph, self.facts)

    @initialize(cuts=st.lists(st.booleans(), min_size=1, max_size=3), review=st.sampled_from(["none", "both"]))
    def begin(self, cuts: list[bool], review: str) -> None:
        self.cuts = (False, *cuts[1:])
        self.graph = replace(made.graph(), review_mode=review)

    def scene(self, index: int | None) -> Scene:
        return next(scene for scene in self.graph.scenes if scene.index == index)

    def put(self, scene: Scene) -> None:
        changed = replace(scene, status=scene_status(scene, frozenset(self.running)))
        assert changed.status is scene.status or changed.status in SCENE_TRANSITIONS[scene.status]
        self.graph = made.with_scene(self.graph, changed)

    @precondition(lambda self: self.running or (self.alive and self.plan.ready))
    @rule(data=st.data(), turns=st.integers(1, 8))
    def work(self, data: Any, turns: int) -> None:
        for _ in range(turns):
            ready = self.plan.ready if self.alive else ()
            if ready and (not self.running or data.draw(st.booleans())):
                self._begin(data.draw(st.sampled_from(ready)))
            elif self.running:
                slot = data.draw(st.sampled_from(sorted(self.running)))
                step = self.running.pop(slot)
                self._end(step, data.draw(st.sampled_from(ENDINGS[step.kind])))

    def _begin(self, step: Step) -> None:
        assert step.slot not in self.running
        self._look_at_start(step)
        if step.kind is StepKind.SUBMIT:
            scene = self.scene(step.scene_index)
            wish = scene.wanted.get("clip")
            take = made.clip(
                len(scene.clips) + 1,
                ClipStatus.SUBMITTED,
                operation_name=None,
                request_id=wish.id if wish else None,
            )
            cleared = None if scene.trouble and scene.trouble.slot == "clip" else scene.trouble
            self.put(replace(scene, clips=(*scene.clips, take), trouble=cleared))
        self.running[step.slot] = step

    @precondition(lambda self: self.alive and self.running)
    @rule()
    def the_process_dies(self) -> None:
        self.running.clear()
        self.alive = False

    @precondition(lambda self: not self.alive or (not self.running and self.plan.resting))
    @rule(cascade=st.booleans(), retry=st.booleans())
    def resume(self, cascade: bool, retry: bool) -> None:
        self._resume(cascade=cascade, retry=retry)

    def _resume(self, *, cascade: bool, retry: bool) -> None:
        self.alive = True
        self.blocked.clear()
        for scene in self.graph.scenes:
            trouble, clips = scene.trouble, scene.clips
            if clips and clips[-1].status is ClipStatus.SUBMITTED and clips[-1].operation_name is None:
                clips = (*clips[:-1], replace(clips[-1], status=ClipStatus.IN_DOUBT))
                trouble = made.trouble("in_doubt", "clip")
            elif retry and trouble is not None and trouble.kind in RETRIED_ON_RESUME:
                trouble = None
            self.put(replace(scene, clips=clips, trouble=trouble))
        if cascade:
            for index, slot in stale_slots(self.graph):
                self._ask(index, slot)

    # The person

    @precondition(lambda self: self.graph.scenes)
    @rule(data=st.data(), slot=st.sampled_from(["start", "end", "clip"]))
    def ask_for_a_new_take(self, data: Any, slot: str) -> None:
        scene = data.draw(st.sampled_from(self.graph.scenes))
        newest = scene.newest_clip
        if slot == "clip" and newest is not None and newest.status is ClipStatus.IN_DOUBT:
            return
        if (slot != "start" and scene.start is None) or (slot == "clip" and scene.end is None):
            return
        if slot == "start" and scene.index:
            self.put(replace(scene, cut=True))
        self._ask(scene.index, slot)

    def _ask(self, index: int, slot: str) -> None:
        scene = self.scene(index)
        number = next(self.numbers)
        self.asked.add(number)
        trouble = None if scene.trouble and scene.trouble.slot == slot else scene.trouble
        self.put(replace(scene, wanted={**scene.wanted, slot: made.wanted(number, slot)}, trouble=trouble))

    @precondition(lambda self: self.graph.scenes)
    @rule(data=st.data(), text=st.integers(0, 3))
    def edit(self, data: Any, text: int) -> None:
        scene = data.draw(st.sampled_from(self.graph.scenes))
        self.put(replace(scene, end_frame_prompt=f"end {text}", trouble=None))

    @precondition(lambda self: self.graph.scenes)
    @rule(data=st.data(), position=st.sampled_from(["starts", "ends", "clips"]))
    def pin(self, data: Any, position: str) -> None:
        scene = data.draw(st.sampled_from(self.graph.scenes))
        takes = tuple(replace(take, pinned=take.selected) for take in getattr(scene, position))
        self.put(replace(scene, **{position: takes}))

    @precondition(lambda self: self.plan.resting and self.plan.status in REVIEWS)
    @rule()
    def approve(self) -> None:
        self._approve()

    def _approve(self) -> None:
        self.graph = replace(self.graph, storyboard_approved=True if self.graph.scenes else None)
        for scene in self.graph.scenes:
            self.put(
                replace(
                    scene,
                    starts=tuple(replace(take, approved=True) for take in scene.starts),
                    ends=tuple(replace(take, approved=True) for take in scene.ends),
                )
            )

    @precondition(lambda self: self.plan.in_doubt)
    @rule(way=st.sampled_from(["adopt", "resubmit", "give_up"]))
    def settle_doubt(self, way: str) -> None:
        self._settle(way)

    def _settle(self, way: str) -> None:
        for index in self.plan.in_doubt:
            scene = self.scene(index)
            take = scene.clips[-1]
            if way == "adopt":
                taken = replace(take, status=ClipStatus.POLLING, operation_name=f"operations/{index}/{take.take}")
                self.put(replace(scene, clips=(*scene.clips[:-1], taken), trouble=None))
                continue
            kind = "resubmitted" if way == "resubmit" else "given_up"
            failed = replace(take, status=ClipStatus.FAILED, error_kind=kind)
            wanted = {
                slot: wish
                for slot, wish in scene.wanted.items()
                if not (way == "give_up" and slot == "clip" and wish.id == take.request_id)
            }
            if way == "resubmit":
                self.asked.add(-take.take)
            trouble = made.trouble("given_up", "clip") if way == "give_up" else None
            self.put(replace(scene, clips=(*scene.clips[:-1], failed), trouble=trouble, wanted=wanted))

    # What steps do

    def _end(self, step: Step, ending: str) -> None:
        match step.kind:
            case StepKind.STORYBOARD:
                if ending == GOOD:
                    scenes = tuple(made.scene(index, cut=cut) for index, cut in enumerate(self.cuts))
                    self.graph = replace(self.graph, scenes=scenes)
                else:
                    self.blocked.add(step.slot)
            case StepKind.FILM:
                if ending == GOOD:
                    film = made.film(next(self.numbers), film_inputs(self.graph))
                    old = tuple(replace(other, selected=False) for other in self.graph.films)
                    self.graph = replace(self.graph, films=(*old, film))
                else:
                    self.blocked.add(step.slot)
            case StepKind.INHERIT:
                self._hand_on(self.scene((step.scene_index or 0) - 1))
            case StepKind.START | StepKind.END:
                self._end_frame(step, ending)
            case StepKind.SUBMIT | StepKind.POLL:
                self._end_clip(step, ending)

    def _end_frame(self, step: Step, ending: str) -> None:
        scene, slot = self.scene(step.scene_index), step.kind.value
        wanted = {key: wish for key, wish in scene.wanted.items() if key != slot}
        if ending == RETRY:
            self.blocked.add(step.slot)
        elif ending == REFUSED:
            self.put(replace(scene, trouble=made.trouble("filtered", slot), wanted=wanted))
        else:
            takes: tuple[FrameTake, ...] = scene.starts if slot == "start" else scene.ends
            take = made.frame(slot, len(takes) + 1, next(self.numbers), input_hash="made")
            old = tuple(replace(other, selected=False) for other in takes)
            trouble = None if scene.trouble and scene.trouble.slot == slot else scene.trouble
            self.put(replace(scene, wanted=wanted, trouble=trouble, **{f"{slot}s": (*old, take)}))
            if slot == "end":
                self._hand_on(self.scene(step.scene_index))

    def _hand_on(self, scene: Scene) -> None:
        after = next((other for other in self.graph.scenes if other.index == scene.index + 1), None)
        end = scene.end
        if after is None or after.cut or end is None:
            return
        held = after.start
        if held is not None and (held.pinned or held.file_id == end.file_id):
            return
        take = made.frame(
            "start",
            len(after.starts) + 1,
            end.file_id or 0,
            source="inherited",
            approved=end.approved,
            input_hash=inherited_inputs(end),
        )
        self.put(replace(after, starts=(*(replace(other, selected=False) for other in after.starts), take)))

    def _end_clip(self, step: Step, ending: str) -> None:
        scene = self.scene(step.scene_index)
        take = scene.clips[-1]
        if step.kind is StepKind.SUBMIT:
            if ending == GOOD:
                named = replace(take, status=ClipStatus.POLLING, operation_name=f"operations/{scene.index}/{take.take}")
                self._put_clip(scene, named)
            elif ending == DOUBT:
                self._put_clip(
                    scene, replace(take, status=ClipStatus.IN_DOUBT), trouble=made.trouble("in_doubt", "clip")
                )
            else:
                without = replace(scene, clips=scene.clips[:-1])
                if ending == REFUSED:
                    wanted = {slot: wish for slot, wish in scene.wanted.items() if wish.id != take.request_id}
                    without = replace(without, trouble=made.trouble("refused", "clip"), wanted=wanted)
                else:
                    self.blocked.add(step.slot)
                self.put(without)
            return
        fulfilled = {slot: wish for slot, wish in scene.wanted.items() if wish.id != take.request_id}
        if ending == GOOD:
            number = next(self.numbers)
            done = replace(
                take,
                status=ClipStatus.COMPLETE,
                selected=True,
                path=f"{number}.mp4",
                sha256=f"clip {number}",
                input_hash="made",
            )
            older = tuple(replace(other, selected=False) for other in scene.clips[:-1])
            trouble = None if scene.trouble and scene.trouble.slot == "clip" else scene.trouble
            self.put(replace(scene, clips=(*older, done), wanted=fulfilled, trouble=trouble))
        elif ending == TIMED_OUT:
            self.blocked.add(step.slot)
            self._put_clip(scene, replace(take, status=ClipStatus.TIMED_OUT), trouble=made.trouble("timed_out", "clip"))
        elif ending == TRANSIENT:
            self._put_clip(scene, replace(take, status=ClipStatus.FAILED, error_kind="transient"))
        elif ending == REFUSED:
            filtered = replace(take, status=ClipStatus.RAI_FILTERED, error_kind="filtered")
            self.put(
                replace(
                    scene,
                    clips=(*scene.clips[:-1], filtered),
                    trouble=made.trouble("filtered", "clip"),
                    wanted=fulfilled,
                )
            )
        else:
            lost = replace(take, status=ClipStatus.FAILED, error_kind="lost")
            self.put(
                replace(scene, clips=(*scene.clips[:-1], lost), trouble=made.trouble("lost", "clip"), wanted=fulfilled)
            )

    def _put_clip(self, scene: Scene, take: ClipTake, **more: Any) -> None:
        self.put(replace(scene, clips=(*scene.clips[:-1], take), **more))

    # What must hold

    def _look_at_start(self, step: Step) -> None:
        """Invariants 1 to 5, at the moment a step starts."""
        if step.scene_index is None:
            return
        scene = self.scene(step.scene_index)
        before = next((other for other in self.graph.scenes if other.index == scene.index - 1), None)
        newest = scene.newest_clip
        slot = step.slot.rpartition("/")[2]
        if step.kind is not StepKind.POLL:
            assert scene.trouble is None or scene.trouble.slot != slot or slot in scene.wanted
        match step.kind:
            case StepKind.INHERIT:
                assert before is not None
                assert before.end is not None
                assert "end" not in before.wanted
                assert f"{before.index}/end" not in self.running
            case StepKind.START:
                assert not inherits(scene, before) or "start" in scene.wanted
                assert scene.start is None or "start" in scene.wanted
            case StepKind.END:
                assert scene.start is not None
                assert scene.end is None or "end" in scene.wanted
            case StepKind.SUBMIT:
                assert scene.start is not None
                assert scene.end is not None
                assert not {"start", "end"} & set(scene.wanted)
                assert not {f"{scene.index}/start", f"{scene.index}/end"} & set(self.running)
                if self.graph.reviews("keyframes"):
                    assert scene.start.approved
                    assert scene.end.approved
                assert scene.clip is None or "clip" in scene.wanted
                self._look_at_repeat(scene, newest)
            case StepKind.POLL:
                assert newest is not None
                assert newest.operation_name is not None

    def _look_at_repeat(self, scene: Scene, newest: ClipTake | None) -> None:
        """What was, or may have been, paid for is submitted again only where somebody asked."""
        if newest is None or "clip" in scene.wanted:
            return
        assert newest.status in {ClipStatus.FAILED, ClipStatus.RAI_FILTERED}
        assert newest.error_kind in {"transient", "filtered", "resubmitted"}

    @invariant()
    def the_film_is_joined_only_when_nothing_else_goes_on(self) -> None:
        found = self.plan
        if any(step.kind is StepKind.FILM for step in found.ready):
            assert not self.running
            assert not found.in_doubt

    @invariant()
    def a_run_rests_only_when_nothing_can_run(self) -> None:
        found = self.plan
        assert found.resting == (not found.ready and not self.running)
        if found.resting and found.status is ProjectStatus.COMPLETE:
            assert self.graph.film is not None
            assert not found.unfinished

    def teardown(self) -> None:
        """With providers that work and a person who answers, it comes to a complete film."""
        if not self.cuts:
            return
        self.running.clear()
        for _ in range(400):
            self._resume(cascade=False, retry=True)
            if self._to_the_rest():
                return
            self._settle("resubmit")
            self._approve()
            for scene in self.graph.scenes:
                if scene.trouble is not None:
                    self._ask(scene.index, scene.trouble.slot)
                elif scene.clip is None and scene.clips and scene.clips[-1].error_kind in {"lost", "given_up"}:
                    self._ask(scene.index, "clip")
        raise AssertionError(f"it never gets done: {self.plan}")

    def _to_the_rest(self) -> bool:
        for _ in range(200):
            found = self.plan
            if found.resting:
                return found.status is ProjectStatus.COMPLETE and not found.missing
            assert found.ready, found
            step = found.ready[0]
            self._look_at_start(step)
            if step.kind is StepKind.SUBMIT:
                scene = self.scene(step.scene_index)
                wish = scene.wanted.get("clip")
                take = made.clip(len(scene.clips) + 1, ClipStatus.SUBMITTED, request_id=wish.id if wish else None)
                self.put(replace(scene, clips=(*scene.clips, take), trouble=None))
            self._end(step, GOOD)
        raise AssertionError("it runs in circles")


TestProjects = Projects.TestCase
TestProjects.settings = settings(
    max_examples=150,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
