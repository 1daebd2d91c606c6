"""Every figure, one after the other: `make bench`. A bench that cannot run here says why and the next one goes on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> None:
    """Runs each bench in a process of its own, so that none measures another's imports."""
    for path in sorted(Path(__file__).parent.glob("bench_*.py")):
        print(f"== {path.stem.removeprefix('bench_').replace('_', ' ')}", flush=True)
        result = subprocess.run([sys.executable, "-m", f"tests.benchmarks.{path.stem}"], check=False)
        if result.returncode:
            print(f"   (ended with {result.returncode})", flush=True)


if __name__ == "__main__":
    main()
