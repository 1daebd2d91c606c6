"""Films killed at random moments, again and again, until they are done; and the figures that come of it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.recovery.crashes import ROUGH, SMOOTH, WAYS_OUT, bring_to_the_end, new_place
from tests.recovery.place import ForkServer, Place
from tests.recovery.processes import Vidpipe


@dataclass
class Figures:
    """What was seen: `repeated` are calls that were made again because an answer was lost, all of them shown."""

    rounds: int = 0
    kills: int = 0
    calls: int = 0
    repeated: int = 0
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.rounds} films, {self.kills} kills survived, {self.calls} calls taken on, "
            f"{self.repeated} of them again after a lost answer (all shown), {len(self.wrong)} findings"
        )


def kill_for_a_while(server: ForkServer, folder: Path, seconds: float, seed: int, *, whole: bool = False) -> Figures:
    """Kills films at random moments for that long. `whole`: real processes with real pictures, every fourth round."""
    dice, figures = random.Random(seed), Figures()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not figures.wrong:
        real = whole and figures.rounds % 4 == 3
        place = new_place(folder / f"round-{figures.rounds}", dice.choice((SMOOTH, SMOOTH, ROUGH)))
        _one_film(server, place, dice, figures, real=real)
        figures.rounds += 1
        if not figures.wrong:
            shutil.rmtree(place.folder)
    return figures


def _one_film(server: ForkServer, place: Place, dice: random.Random, figures: Figures, *, real: bool) -> None:
    command = place.generate(dice.randint(1, 3))
    for _ in range(dice.randint(1, 4)):
        if _killed(server, place, command, dice.uniform(0.0, 4.0 if real else 0.9), real=real):
            figures.kills += 1
        if place.project:
            command = ["resume", place.project]
    place.settings["VIDPIPE_LOCAL__FAULTS"] = ""
    wrong = bring_to_the_end(server, place, ROUGH.ends, dice.choice(WAYS_OUT))
    figures.wrong += [f"{place.folder}: {line}" for line in wrong]
    calls = Counter((call["kind"], call["scene"], call["request_hash"]) for call in place.accepted)
    figures.calls += sum(calls.values())
    figures.repeated += sum(count - 1 for count in calls.values())


def _killed(server: ForkServer, place: Place, command: list[str], delay: float, *, real: bool) -> bool:
    """Starts a command and kills it after a while; True when it was still there."""
    if real:
        process = Vidpipe(place, *command)
        time.sleep(delay)
        process.end()
        return process.process.returncode == -signal.SIGKILL
    pid = server.start(command, place.environment, place.output)
    time.sleep(delay)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return server.wait() == -signal.SIGKILL
