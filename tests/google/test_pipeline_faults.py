"""Every fault of Google's, met by a whole film: how it ends, what is said, what was taken on and what is counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.google.emulator import Emulator
from tests.google.filming import crew


@dataclass(frozen=True)
class Case:
    """Faults of a film of one scene: exit status, a piece of the sentence, and calls taken on (text, image, clip)."""

    faults: str
    exit: int = 0
    said: str = "The film is complete."
    taken: tuple[int, int, int] = (1, 2, 1)
    roads: tuple[str, ...] = ("key",)
    settings: dict[str, Any] = field(default_factory=dict)
    resumed: int | None = None
    retaken: tuple[int, int, int] | None = None
    """Exit status and calls in all after a resume without faults; None: it was complete."""


BOTH = ("key", "express")
SHORT: dict[str, Any] = {"google": {"request_timeout": 0.6}}
FEW: dict[str, Any] = {"pipeline": {"video_poll_max": 4}}
DOUBT = "is in doubt: nobody knows whether the provider took it on"
CASES = {
    "text limited, told": Case("text:1:rate_limit=0.05"),
    "text limited": Case("text:1:rate_limit"),
    "text limited by header": Case("text:1:rate_limit_header=0.1"),
    "text error as json": Case("text:1:json500"),
    "text 503 before": Case("text:1:overloaded"),
    "text 503 after": Case("text:1:503", taken=(2, 2, 1)),
    "text reset": Case("text:1:reset", taken=(2, 2, 1)),
    "text hangs": Case("text:1:hang", taken=(2, 2, 1), settings=SHORT),
    "text html": Case("text:1:html", taken=(2, 2, 1)),
    "text cut off": Case("text:1:short", taken=(2, 2, 1)),
    "text too long": Case("text:1:cut", taken=(2, 2, 1)),
    "text prose": Case("text:1:prose,text:2:thoughts", taken=(3, 2, 1)),
    "text never valid": Case(
        "text:*:prose", 1, "no valid storyboard in 3 tries", (3, 0, 0), resumed=0, retaken=(4, 2, 1)
    ),
    "text blocked": Case("text:*:block", 1, "PROHIBITED_CONTENT", (1, 0, 0), resumed=0, retaken=(2, 2, 1)),
    "text wrong": Case("text:1:wrong", 1, "That is a mistake of vidpipe", (0, 0, 0)),
    "no billing": Case("text:1:billing", 1, "wants billing to be set up", (0, 0, 0)),
    "region": Case("text:1:region", 1, "from where you are", (0, 0, 0)),
    "model gone": Case("image:1:gone", 1, "gemini-nano-banana-2.1 is gone", (1, 0, 0), resumed=0),
    "image limited": Case("image:2:rate_limit=0.05"),
    "image 500": Case("image:2:500", taken=(1, 3, 1)),
    "image reset": Case("image:2:reset", taken=(1, 3, 1)),
    "image hangs": Case("image:2:hang", taken=(1, 3, 1), settings=SHORT),
    "image corrupt": Case("image:2:corrupt", taken=(1, 3, 1)),
    "image missing": Case("image:2:no_image,image:3:nothing", taken=(1, 4, 1)),
    "image words": Case("image:*:words", 1, "wrote instead of drawing", (1, 5, 0), resumed=0, retaken=(1, 7, 1)),
    "image refused once": Case("image:2:refused", taken=(1, 3, 1)),
    "image refused": Case("image:*:block", 1, "A person is in danger", (1, 2, 0), resumed=0, retaken=(1, 4, 1)),
    "image oddities": Case("image:1:jpeg,image:2:two"),
    "image thoughts": Case("image:1:thought,image:2:ratio"),
    "clip limited": Case("clip:1:rate_limit=0.05,clip:2:rate_limit", roads=BOTH),
    "clip 503 before": Case("clip:1:overloaded"),
    "clip 500": Case("clip:1:500", 3, DOUBT, roads=BOTH, resumed=3),
    "clip 500 as json": Case("clip:1:json500", 3, DOUBT, (1, 2, 0), resumed=3),
    "clip 503 after": Case("clip:1:503", 3, DOUBT, resumed=3),
    "clip reset": Case("clip:1:reset", 3, DOUBT, roads=BOTH, resumed=3),
    "clip hangs": Case("clip:1:hang", 3, DOUBT, settings=SHORT, resumed=3),
    "clip html": Case("clip:1:html", 3, DOUBT, resumed=3),
    "clip cut off": Case("clip:1:short", 3, DOUBT, resumed=3),
    "clip without a name": Case("clip:1:blank", 3, DOUBT, roads=BOTH, resumed=3),
    "clip wrong": Case("clip:1:wrong", 1, "That is a mistake of vidpipe", (1, 2, 0), resumed=1),
    "clip unsafe": Case("clip:1:unsafe"),
    "clip filtered": Case("clip:1:filtered", taken=(1, 2, 2), roads=BOTH),
    "clip always filtered": Case("clip:*:filtered", 1, "violence", (1, 2, 2), BOTH, resumed=0, retaken=(1, 2, 3)),
    "clip empty": Case("clip:1:empty", taken=(1, 2, 2), roads=BOTH),
    "clip code 3": Case("clip:1:error=3", 1, "It did not work", (1, 2, 1), BOTH, resumed=1),
    "clip code 3, unsafe": Case("clip:1:error=3u", taken=(1, 2, 2), roads=BOTH),
    "clip code 4": Case("clip:1:error=4", taken=(1, 2, 2)),
    "clip code 8": Case("clip:1:error=8", taken=(1, 2, 2)),
    "clip code 13": Case("clip:1:error=13", taken=(1, 2, 2)),
    "clip code 14": Case("clip:*:error=14", 1, "Tried 5 times", (1, 2, 5), BOTH, resumed=0, retaken=(1, 2, 6)),
    "clip lost": Case("clip:1:lost", 1, "knows no", (1, 2, 1), BOTH, resumed=1),
    "clip never": Case("clip:1:never", 1, "not done after 4 polls", (1, 2, 1), BOTH, FEW, resumed=1),
    "clip corrupt": Case("clip:1:corrupt", 1, "stays broken however often", (1, 2, 1), BOTH, resumed=1),
    "clip at gs": Case("clip:1:gs", roads=("express",)),
    "polls in trouble": Case("poll:1:500,poll:2:reset,poll:3:html,poll:4:overloaded,poll:5:rate_limit=0.05"),
    "poll hangs": Case("poll:1:hang", roads=BOTH, settings=SHORT),
    "fetch in trouble": Case("fetch:1:500,fetch:2:reset,fetch:3:rate_limit=0.05"),
    "fetch short": Case("fetch:1:short,fetch:2:cut"),
    "fetch hangs": Case("fetch:1:hang,fetch:2:html", settings=SHORT),
    "fetch slow": Case("fetch:1:slow"),
    "fetch always cut": Case("fetch:*:cut", 1, "stays broken however often", (1, 2, 1), resumed=0),
    "file expired": Case("fetch:1:expired", 1, "knows no file of this clip", (1, 2, 1), resumed=1),
}
ROWS = [(name, road) for name, case in CASES.items() for road in case.roads]


@pytest.mark.parametrize(("name", "road"), ROWS, ids=[f"{name} ({road})" for name, road in ROWS])
async def test_a_film_meets_a_fault(emulator: Emulator, tmp_path: Path, name: str, road: str) -> None:
    case = CASES[name]
    emulator.script(case.faults)
    async with crew(emulator, tmp_path, road, **case.settings) as on:
        outcome = await on.film(1)
        told = f"{outcome.message} {outcome.hint}"
        assert (outcome.exit_status, _taken(emulator)) == (case.exit, case.taken), told
        assert case.said in told
        assert outcome.exit_status == 0 or outcome.hint
        await on.agrees()
        if case.resumed is None:
            return
        emulator.script("")
        outcome = await on.run()
        assert outcome.exit_status == case.resumed, outcome
        assert _taken(emulator) == (case.retaken or (case.taken if case.resumed else (1, 2, 1)))
        await on.agrees()


def _taken(emulator: Emulator) -> tuple[int, ...]:
    return tuple(emulator.accepted(kind) for kind in ("text", "image", "clip"))


async def test_one_scene_in_trouble_does_not_hold_up_the_others(emulator: Emulator, tmp_path: Path) -> None:
    emulator.script("clip:2:lost,clip:3:reset")
    async with crew(emulator, tmp_path) as on:
        outcome = await on.film(4)
        assert (outcome.exit_status, outcome.status.value) == (3, "stopped")
        assert on.project_id is not None
        states = sorted(scene.status.value for scene in (await on.view()).scenes)
        assert states == ["failed", "in_doubt", "video_done", "video_done"]
        index = next(scene.index for scene in (await on.view()).scenes if scene.status.value == "in_doubt")
        await on.studio.give_up(on.project_id, index)
        outcome = await on.run()
        assert (outcome.exit_status, len(outcome.missing)) == (4, 2)
        assert emulator.accepted("clip") == 4
        await on.agrees()


async def test_a_clip_in_doubt_can_be_adopted_by_its_name(emulator: Emulator, tmp_path: Path) -> None:
    emulator.script("clip:1:reset")
    async with crew(emulator, tmp_path) as on:
        assert (await on.film(1)).exit_status == 3
        assert on.project_id is not None
        (name,) = emulator.answers.names()
        await on.studio.adopt(on.project_id, 0, name)
        assert (await on.run()).exit_status == 0
        assert emulator.accepted("clip") == 1
        assert [call.state.value for call in await on.calls("clip")] == ["succeeded"]


async def test_a_refused_last_frame_is_learned_and_said_before_the_next_film(
    emulator: Emulator, tmp_path: Path
) -> None:
    emulator.script("clip:1:last_frame")
    async with crew(emulator, tmp_path) as on:
        outcome = await on.film(1)
        assert (outcome.exit_status, "end a clip on a given frame" in outcome.message) == (1, True)
        with pytest.raises(Exception, match="refuses to end a clip on a given frame here") as caught:
            await on.create(1)
        assert caught.value.exit_status == 2  # type: ignore[attr-defined]
    async with crew(emulator, tmp_path, models={"video_gen": "gemini-omni-1.1-flash"}) as on:
        assert (await on.film(1)).exit_status == 0
    async with crew(emulator, tmp_path) as on:
        on.project_id = (await on.studio.list_projects(status="failed")).rows[0].id
        assert (await on.run()).exit_status == 0
        await on.create(1)  # allowed by now: what was learned is forgotten


async def test_a_limit_that_is_too_long_stops_at_once_and_again(emulator: Emulator, tmp_path: Path) -> None:
    """A resume in the same process knows of the pause: it does not ask before it is over, nor waits for it."""
    emulator.script("clip:1:rate_limit=500")
    async with crew(emulator, tmp_path) as on:
        for sentence in ("It asks to wait 500 s; allowed are 120 s.", "is used up for another"):
            outcome = await on.film(1) if on.project_id is None else await on.run()
            assert outcome.exit_status == 1
            assert sentence in outcome.message
        assert len(emulator.calls("clip")) == 1
