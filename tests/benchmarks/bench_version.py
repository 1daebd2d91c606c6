"""`vidpipe --version` over `python -c pass`: `python -m tests.benchmarks.bench_version`."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

PAIRS = 11
GOAL = 3.0


def seconds(command: list[str]) -> float:
    """Wall time of a command that must succeed."""
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main() -> None:
    """Prints the median of the ratios of alternating pairs."""
    ours = [str(Path(sys.executable).with_name("vidpipe")), "--version"]
    bare = [sys.executable, "-c", "pass"]
    pairs = [(seconds(ours), seconds(bare)) for _ in range(PAIRS)]
    ratio = statistics.median(one / other for one, other in pairs)
    mine, theirs = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    print(f"vidpipe --version / python -c pass (goal {GOAL:g}): {mine:.0f} ms / {theirs:.0f} ms = {ratio:.2f}")


if __name__ == "__main__":
    main()
