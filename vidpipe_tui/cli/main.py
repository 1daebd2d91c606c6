"""Runs a command: usage mistakes, our errors and bugs all end in one sentence and the right exit status."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading

import typer

from vidpipe_tui.cli import completion, editing, looking, making, money, output, references, running, upkeep
from vidpipe_tui.errors import VidpipeError

app = typer.Typer(
    name="vidpipe",
    help="From a prompt to a finished film, in a terminal. Without a command the studio opens.",
    epilog="Exit status: 0 done, 1 failed, 2 wrong usage, 3 waits for you, 4 scenes missing, 130 interrupted.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"], "max_content_width": 100},
)
for part in (making, running, editing, references, looking, money, upkeep):
    part.register(app)


@app.callback(invoke_without_command=True)
def _root(
    version: bool = typer.Option(False, "--version", help="Show the version.", is_eager=True),
) -> None:
    if version:
        from vidpipe_tui import __version__

        output.line(f"vidpipe {__version__}")
        raise typer.Exit


def run(arguments: list[str]) -> int:
    """Runs a command line and returns the exit status. With --json stdout holds exactly one document in every case."""
    # A dash and a space begin a list, as prompts often do, and no option.
    arguments = [
        f" {argument}" if argument[:1] == "-" and argument[1:2].isspace() else argument for argument in arguments
    ]
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    follows = arguments[:1] == ["status"] and not {"--follow", "-f"}.isdisjoint(options)
    output.prepare(as_json="--json" in options, in_lines=follows)
    logging.getLogger().addHandler(_log_handler())
    try:
        if completion.asks_for_script(arguments):
            return completion.script(arguments)
        status = app(arguments, prog_name="vidpipe", standalone_mode=False)
    except typer.TyperException as error:
        return output.failed(error.format_message().rstrip(".") + ".", "See `vidpipe --help`.", 2)
    except typer.Abort:
        return output.failed("Given up.", "", 130)
    except VidpipeError as error:
        _debug()
        return output.failed(error.message, error.hint, error.exit_status)
    except (KeyboardInterrupt, asyncio.CancelledError):
        return output.failed("Interrupted.", "Go on with `vidpipe resume`.", 130)
    except BrokenPipeError:
        output.abandon()
        return 141
    except OSError as error:
        output.abandon()
        _debug()
        return output.failed(f"Something cannot be read or written: {error}.", "Check the disk and the rights.", 1)
    except Exception as error:
        _debug()
        return output.failed(
            f"Something went wrong inside vidpipe: {type(error).__name__}: {error}",
            "Run it again with --debug to see more, and report it.",
            1,
        )
    return status if isinstance(status, int) else 0


def say_no_tracebacks() -> None:
    """Failures in threads go to the log, as all others do."""

    def log(failure: threading.ExceptHookArgs) -> None:
        if failure.exc_value is not None:
            logging.getLogger(__name__).error("a thread failed", exc_info=failure.exc_value)

    threading.excepthook = log


def _log_handler() -> logging.Handler:
    """Logs are for --debug; without a handler of ours Python would print them, tracebacks and all."""
    if not os.environ.get("VIDPIPE_DEBUG"):
        return logging.NullHandler()
    from vidpipe_tui.cli.redaction import RedactingHandler

    return RedactingHandler()


def _debug() -> None:
    """With --debug: where it came from, without the values of variables (they may hold keys)."""
    if os.environ.get("VIDPIPE_DEBUG"):
        import traceback

        from vidpipe_tui.cli.redaction import redacted

        sys.stderr.write(redacted(traceback.format_exc()))
