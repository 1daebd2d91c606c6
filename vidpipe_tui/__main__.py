"""`vidpipe` and `python -m vidpipe_tui`: the studio without arguments, a command with them.

Nothing is imported here that the first paint or `--version` could do without.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress


def main() -> None:
    """Runs the program on `sys.argv` and exits with its status."""
    arguments = sys.argv[1:]
    if arguments == ["--version"]:
        from vidpipe_tui import __version__

        with suppress(OSError):  # a stream that takes nothing is spoken of below, as by every command
            os.write(1, f"vidpipe {__version__}\n".encode())
            return
    plain = [argument for argument in arguments if argument != "--debug"]
    if len(plain) != len(arguments):
        os.environ["VIDPIPE_DEBUG"] = "1"
    if not plain and "_VIDPIPE_COMPLETE" not in os.environ:  # a shell asks for completions without arguments
        from vidpipe_tui.session import run_studio

        sys.exit(run_studio())
    for number in (signal.SIGTERM, signal.SIGHUP):  # until the command hears them itself: an end as by ctrl+c
        signal.signal(number, signal.default_int_handler)
    try:
        from vidpipe_tui.cli.main import run, say_no_tracebacks
    except KeyboardInterrupt:  # nothing has begun
        if "--json" in plain:
            os.write(1, b'{"error": {"message": "Interrupted.", "hint": "Nothing was begun."}}\n')
        sys.exit(130)
    say_no_tracebacks()
    sys.exit(run(plain))


if __name__ == "__main__":
    main()
