"""Runs vidpipe's commands in forked children of a process that has everything imported: a start costs milliseconds.

It reads one JSON object a line, `{"arguments", "environment", "crash", "out"}`, forks, and answers `{"pid"}` and, once
the child has ended, `{"status"}` (negative: the signal). With `crash` ("point#n") the child kills itself at the n-th
visit of that point. Pictures and clips are made at once, joins in threads of the child, so that a kill takes all along.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

os.environ.setdefault("_VIDPIPE_TEST_CRASH_LOG", os.devnull)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> None:
    """Serves until its standard input ends."""
    _import_everything()
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(request)
        _answer({"pid": child})
        _, status = os.waitpid(child, 0)
        _answer({"status": os.waitstatus_to_exitcode(status)})


def _answer(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value) + "\n")
    sys.stdout.flush()


PRELOADED = (
    "alembic.command",
    "aiosqlite",
    "av",
    "numpy",
    "PIL.Image",
    "vidpipe_tui.cli.main",
    "vidpipe_tui.media.jobs",
    "vidpipe_tui.pipeline.recovery",
    "vidpipe_tui.providers.local.provider",
)


def _import_everything() -> None:
    for name in PRELOADED:
        importlib.import_module(name)
    from tests.pipeline.stage import ThreadPool
    from tests.recovery.instant import take_the_place_of_the_real_ones
    from vidpipe_tui.services import studio

    take_the_place_of_the_real_ones()
    studio.ProcessPool = ThreadPool  # type: ignore[misc]


def _become(request: dict[str, Any]) -> None:
    """Is the command from here on."""
    import logging

    os.setsid()
    out = os.open(request["out"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.environ.update(request["environment"])
    os.chdir(os.environ["HOME"])
    from vidpipe_tui.pipeline import crash_points

    crash_points._WANTED, _, count = request["crash"].partition("#")
    crash_points._left = int(count or 1)
    movers = logging.FileHandler(os.environ["_VIDPIPE_TEST_CRASH_LOG"] + ".refused", delay=True)
    for name in ("vidpipe_tui.db.statuses", "vidpipe_tui.db.ledger"):
        logging.getLogger(name).addHandler(movers)
        logging.getLogger(name).setLevel(logging.DEBUG)
    from vidpipe_tui.cli.main import run

    status = 1
    try:
        status = run(request["arguments"])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    main()
