"""The studio with 10,000 projects over a small Textual program: `python -m tests.benchmarks.bench_studio`."""

from __future__ import annotations

import os
import select
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.films_database import make
from tests.studio.terminal import Terminal

PAIRS = int(os.environ.get("BENCH_PAIRS", "7"))
KEYS = 30
QUIET = 0.08
"""Seconds from one key to the next: long enough for every frame, too short for the details of the chosen film."""
HELLO = """
from textual.app import App
from textual.widgets import OptionList

class Hello(App):
    def compose(self):
        yield OptionList(*[f"Film {number}" for number in range(100)])

Hello().run()
"""
ASKS_FOR_FRAMES, HAS_FRAMES = b"\x1b[?2026$p", b"\x1b[?2026;2$y"
"""Whether the terminal shows a frame only when it is whole, as those of today do."""
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Figures:
    """What was seen of one run: milliseconds, bytes, per second, megabytes."""

    first_paint: float
    ready: float
    cpu: float
    key: float
    key_bytes: float
    memory_early: float
    wakeups: float
    memory_late: float


class Watched(Terminal):
    """A terminal that only notes when what came, and looks at it afterwards: looking takes time."""

    def __init__(self, command: list[str], env: Mapping[str, str]) -> None:
        self.chunks: list[tuple[float, bytes]] = []
        super().__init__(command, env=env)

    def collect(self, seconds: float) -> None:
        """Notes what comes."""
        end = time.perf_counter() + seconds
        while (left := end - time.perf_counter()) > 0:
            if select.select([self.descriptor], [], [], left)[0]:
                data = os.read(self.descriptor, 65536)
                self.chunks.append((time.perf_counter(), data))
                if ASKS_FOR_FRAMES in data:
                    os.write(self.descriptor, HAS_FRAMES)

    def key(self, sequence: bytes) -> float:
        """Milliseconds from a key to the end of what it writes: a terminal shows a frame when it is whole."""
        begun, seen = time.perf_counter(), len(self.chunks)
        os.write(self.descriptor, sequence)
        self.collect(QUIET)
        return (self.chunks[-1][0] - begun) * 1000 if len(self.chunks) > seen else QUIET * 1000

    def when(self, words: str) -> float:
        """Milliseconds from the start to the chunk after which the screen holds `words` ('' for anything)."""
        for moment, data in self.chunks:
            self._stream.feed(data.replace(b"\x1b[>25u", b"").replace(b"\x1b[<u", b""))
            if words in self.text if words else self.text.strip():
                return (moment - self.started) * 1000
        raise AssertionError(f"{words!r} never came:\n{self.text}")

    def cpu(self) -> float:
        """Processor time so far, in ms."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / TICK

    def switches(self) -> int:
        """How often its threads went to sleep so far."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/status")
        lines = (line for task in tasks for line in task.read_text().splitlines())
        return sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt"))

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1024


def run(command: list[str], env: Mapping[str, str], *, rest: float) -> Figures:
    """One run: start, rest (for the studio longer than it waits before it loads its service), 30 keys, idle."""
    with Watched(command, env) as program:
        program.collect(3.0)
        cpu, memory_early, seen = program.cpu(), program.memory(), len(program.chunks)
        program.collect(rest)
        keys = len(program.chunks)
        latencies = [program.key(b"\x1b[B") for _ in range(KEYS)]
        key_bytes = sum(len(data) for _, data in program.chunks[keys:]) / KEYS
        program.collect(1.0)
        before = program.switches()
        program.collect(5.0)
        wakeups = (program.switches() - before) / 5
        memory_late = program.memory()
        del program.chunks[seen:]
        first = program.when("")
        program.screen.reset()
        return Figures(
            first,
            program.when("Film 3"),
            cpu,
            statistics.median(latencies),
            key_bytes,
            memory_early,
            wakeups,
            memory_late,
        )


@contextmanager
def places() -> Iterator[Path]:
    """A folder for databases and programs."""
    with tempfile.TemporaryDirectory(prefix="vidpipe-bench-") as folder:
        yield Path(folder)


def main() -> None:
    """Prints each figure, hello's, and the median of the ratios of alternating pairs."""
    with places() as folder:
        hello = folder / "hello.py"
        hello.write_text(HELLO)
        many, few = make(folder / "many", 10_000), make(folder / "few", 10)
        studio = [sys.executable, "-m", "vidpipe_tui"]
        run(studio, many, rest=0.5)
        ours, theirs, small = [], [], []
        for _ in range(PAIRS):
            ours.append(run(studio, many, rest=6.0))
            theirs.append(run([sys.executable, str(hello)], {}, rest=0.5))
            small.append(run(studio, few, rest=0.5))
    goals = {
        "first paint, ms": ("first_paint", "first_paint", 1.15),
        "ready, ms / first paint": ("ready", "first_paint", 1.5),
        "CPU of the first 3 s, ms": ("cpu", "cpu", 1.6),
        "key latency, ms": ("key", "key", 0.25),
        "wake-ups/s, idle": ("wakeups", "wakeups", 1.0),
        "memory before the service, MB": ("memory_early", "memory_early", 1.5),
        "memory after it, MB": ("memory_late", "memory_late", 2.2),
    }
    print(f"{'':32} {'studio':>9} {'hello':>9} {'ratio':>7} {'goal':>6}")
    for words, (mine, other, goal) in goals.items():
        pairs = [(getattr(one, mine), getattr(two, other)) for one, two in zip(ours, theirs, strict=True)]
        ratio = statistics.median(one / two for one, two in pairs)
        left, right = (statistics.median(column) for column in zip(*pairs, strict=True))
        print(f"{words:32} {left:9.1f} {right:9.1f} {ratio:7.2f} {goal:6.2f}")
    written = statistics.median(one.key_bytes for one in ours)
    print(
        f"{'bytes per key':32} {written:9.0f} {statistics.median(one.key_bytes for one in theirs):9.0f} {'':7} {600:6}"
    )
    ready = statistics.median(one.ready / two.ready for one, two in zip(ours, small, strict=True))
    print(f"{'ready, 10,000 / 10 projects':32} {'':9} {'':9} {ready:7.2f} {1.05:6.2f}")


if __name__ == "__main__":
    main()
