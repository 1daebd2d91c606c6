"""What there is to decide in a film, one thing after the other. Pure functions over snapshots, no Textual."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from vidpipe_tui.domain.statuses import REVIEWS, ClipStatus, ProjectStatus
from vidpipe_tui.domain.views import ClipView, FrameView, ProjectView, SceneView
from vidpipe_tui.widgets.scene_facts import scene_name, take_words, takes_made
from vidpipe_tui.widgets.trouble_words import key_of
from vidpipe_tui.widgets.words import money

Spot = tuple[int | None, str]
"""Scene index and slot (start, end, clip); (None, 'storyboard') is the storyboard."""
STORYBOARD: Spot = (None, "storyboard")
_GATED = {
    "storyboard": frozenset({"storyboard"}),
    "keyframes": frozenset({"start", "end"}),
    "both": frozenset({"storyboard", "start", "end"}),
}
"""What a project's review mode waits for."""


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """One thing to look at. `decided` True accepted, False rejected, None not yet; `path` its picture or clip.

    `waits`: the film does not go on before this is decided.
    """

    spot: Spot
    decided: bool | None
    path: Path | None
    take: int = 1
    takes: tuple[int, ...] = (1,)
    prompt: str = ""
    waits: bool = False
    notes: tuple[str, ...] = ()
    """What else is true of it: pinned, stale, a new take under way."""

    @property
    def open(self) -> bool:
        """Whether nothing was decided yet."""
        return self.decided is None


def items_of(project: ProjectView) -> list[ReviewItem]:
    """The storyboard, then scene by scene what was made: start (unless it is the end before), end, clip."""
    gated = _GATED.get(project.review_mode, frozenset())
    items: list[ReviewItem] = []
    if project.scenes:
        decided = project.storyboard_approved
        if decided is None and project.status is not ProjectStatus.STORYBOARD_REVIEW:
            decided = True  # the film went on: nobody was asked
        waits = project.status is ProjectStatus.STORYBOARD_REVIEW
        items.append(ReviewItem(STORYBOARD, decided, None, prompt=project.prompt, waits=waits and decided is None))
    for scene in project.scenes:
        things: list[tuple[str, FrameView | ClipView | None]] = [
            ("start", scene.start if scene.start is not None and scene.start.source != "inherited" else None),
            ("end", scene.end),
            ("clip", scene.clip if scene.clip is not None and scene.clip.status is ClipStatus.COMPLETE else None),
        ]
        items += [
            ReviewItem(
                (scene.index, slot),
                thing.approved,
                thing.path,
                thing.take,
                takes_made(thing),
                thing.prompt_used,
                waits=slot in gated and thing.approved is None,
                notes=_notes(project, scene, slot, thing),
            )
            for slot, thing in things
            if thing is not None and thing.path is not None
        ]
    return items


def _notes(project: ProjectView, scene: SceneView, slot: str, thing: FrameView | ClipView) -> tuple[str, ...]:
    stale = thing.stale or (scene.number, slot) in project.redone
    coming = "a new take is being made" if project.driven else "a new take is asked for"
    notes = (("pinned", thing.pinned), ("stale", stale), (coming, slot in scene.wanted))
    return tuple(note for note, holds in notes if holds)


def waiting(items: Sequence[ReviewItem]) -> list[ReviewItem]:
    """What the film waits for."""
    return [item for item in items if item.waits and item.open]


def undecided(items: Sequence[ReviewItem]) -> list[ReviewItem]:
    """What waits for a decision; where nothing has to be decided, what nobody looked at yet."""
    return waiting(items) or [item for item in items if item.open]


def step_to(
    items: Sequence[ReviewItem], at: Spot, step: int, wanted: Callable[[ReviewItem], bool]
) -> ReviewItem | None:
    """The next (or, with -1, previous) item after `at` that is wanted; from the other end where there is none."""
    places = [place for place, item in enumerate(items) if wanted(item)]
    if not places:
        return None
    here = next((place for place, item in enumerate(items) if item.spot == at), -1)
    beyond = [place for place in places if (place > here if step > 0 else place < here)]
    if step > 0:
        return items[beyond[0] if beyond else places[0]]
    return items[beyond[-1] if beyond else places[-1]]


def nearest(spot: Spot | None, items: Sequence[ReviewItem]) -> Spot | None:
    """`spot` if it is there; for an inherited start frame the end before; else another thing of its scene, or None."""
    known = {item.spot for item in items}
    if spot is None or spot in known:
        return spot
    index, slot = spot
    if index is None:
        return None
    wanted: list[Spot] = [(index - 1, "end")] if slot == "start" and index else []
    wanted += [(index, other) for other in ("clip", "end", "start")]
    return next((place for place in wanted if place in known), None)


def with_decisions(
    items: Sequence[ReviewItem], decided: Mapping[Spot, bool]
) -> tuple[list[ReviewItem], dict[Spot, bool]]:
    """The items with what was decided here, and those of these decisions that the items do not show by themselves."""
    ahead = {
        item.spot: decided[item.spot]
        for item in items
        if item.spot in decided and item.decided is not decided[item.spot]
    }
    shown = [replace(item, decided=ahead[item.spot], waits=False) if item.spot in ahead else item for item in items]
    return shown, ahead


def accepting_means(project: ProjectView, items: Sequence[ReviewItem], item: ReviewItem, rest: float | None) -> str:
    """What accepting this leads to, with the price of what remains where it is known (US dollars)."""
    left = [other for other in waiting(items) if other.spot != item.spot]
    price = f" for about {money(rest)}" if rest else ", which costs nothing" if rest is not None else ""
    following = "drawing goes on" if item.spot == STORYBOARD else "filming goes on"
    if item.decided:
        if left:
            return f"Accepted. {len(left)} more to decide: {key_of('next_undecided')} goes there."
        onward = " The film goes on." if project.driven else ""
        if project.status in REVIEWS:
            onward = f" That was the last one: {following}."
        return f"Accepted.{onward}"
    if not item.waits:
        return "No need to decide this: the film does not wait for it."
    if left:
        return f"{len(left)} more to decide after this; then {following}{price}."
    return f"The last one: accepting it, {following}{price}."


def title_of(project: ProjectView, item: ReviewItem) -> str:
    """What is shown: `Scene 3  end frame  take 2 of 3`."""
    index, slot = item.spot
    if index is None:
        return f"Storyboard, {len(project.scenes)} scenes"
    scene = project.scenes[index]
    what = slot if slot == "clip" else f"{slot} frame"
    take = take_words(item.take, item.takes)
    return "  ".join(part for part in (f"Scene {scene.number}", what, take) if part)


def name_of(project: ProjectView, item: ReviewItem) -> str:
    """What happens in the scene that is shown, in a few words; '' for the storyboard."""
    index, _ = item.spot
    return scene_name(project.scenes[index]) if index is not None else ""


def spot_named(title: str) -> Spot | None:
    """What a decision was about, from how the service names it: `approve the clip of scene 3`."""
    found = re.search(r"\bthe (start|end|clip) of scene (\d+)", title)
    if found:
        return int(found[2]) - 1, found[1]
    return STORYBOARD if title.endswith(" the storyboard") else None
