"""`python -m tests.recovery.soak SECONDS [SEED]`: every visit of every crash point, then kills at random moments."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from pathlib import Path

from tests.recovery.crashes import SCENARIOS, WAYS_OUT, crash_and_resume, points_of
from tests.recovery.place import ForkServer
from tests.recovery.random_kills import kill_for_a_while

MATRIX_SHARE = 0.6
"""Part of the time that the matrix may take."""


def main(seconds: float, seed: int) -> int:
    """Runs for about that long and prints the figures; returns 1 when anything was wrong."""
    folder = Path(tempfile.mkdtemp(prefix="vidpipe-soak-"))
    server = ForkServer()
    begun = time.monotonic()
    wrong: list[str] = []
    try:
        wrong += _matrix(server, folder, begun + seconds * MATRIX_SHARE)
        left = max(5.0, begun + seconds - time.monotonic())
        figures = kill_for_a_while(server, folder, left, seed, whole=True)
        print(f"random kills (seed {seed}): {figures}")
        wrong += figures.wrong
    finally:
        server.close()
    for line in wrong:
        print(line)
    if wrong:
        print(f"what is left of them lies in {folder}")
    else:
        shutil.rmtree(folder)
    return 1 if wrong else 0


def _matrix(server: ForkServer, folder: Path, deadline: float) -> list[str]:
    wrong = []
    for scenario in SCENARIOS:
        points = points_of(server, folder / scenario.name, scenario)
        done = 0
        for number, point in enumerate(points):
            if time.monotonic() > deadline:
                break
            place = folder / f"{scenario.name}-{number}"
            found = crash_and_resume(server, place, scenario, point, WAYS_OUT[number % len(WAYS_OUT)])
            wrong += [f"{scenario.name}, killed {point}: {line}" for line in found]
            done += 1
            if not found:
                shutil.rmtree(place)
        print(
            f"matrix, {scenario.name}: {done} of {len(points)} crash points, {len(wrong)} findings so far", flush=True
        )
    return wrong


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 600.0, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
