"""Where a failure of our own code goes: a log file without locals and without secrets, and a sentence."""

from __future__ import annotations

import os
import traceback
from datetime import UTC, datetime
from pathlib import Path

from vidpipe_tui import __version__
from vidpipe_tui.config.dotenv import KEY_NAMES
from vidpipe_tui.config.paths import state_folder

_MAX_BYTES = 1_000_000
_SECRET_VARIABLES = (*KEY_NAMES, "VIDPIPE_GOOGLE__API_KEY")


def log_file() -> Path:
    """The studio's log of failures."""
    return state_folder() / "studio.log"


def masked(text: str) -> str:
    """`text` with every secret of the surroundings and settings replaced by ********."""
    for secret in _secrets():
        text = text.replace(secret, "********")
    return text


def record(error: BaseException) -> Path | None:
    """Appends the failure to the log and returns its path; None where it cannot be written."""
    report = "".join(traceback.format_exception(error))
    head = f"{datetime.now(UTC).isoformat(timespec='seconds')} vidpipe {__version__}\n"
    path = log_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > _MAX_BYTES:
            path.replace(path.with_suffix(".log.1"))
        with path.open("a", encoding="utf-8", errors="replace") as log:
            log.write(masked(head + report) + "\n")
    except OSError:
        return None
    return path


def sentence(error: BaseException, log: Path | None) -> str:
    """What the person is told: what happened, what is safe, and where to look."""
    where = f"Details: {log}" if log else "The log could not be written."
    kind = type(error).__name__
    return (
        f"vidpipe: the studio ended because of a fault of its own ({kind}). "
        f"What was made and paid for is kept; start `vidpipe` again to go on. {where}"
    )


def _secrets() -> list[str]:
    found = [os.environ.get(name, "") for name in _SECRET_VARIABLES]
    from vidpipe_tui.config.dotenv import dotenv_value

    found += [dotenv_value(name) or "" for name in _SECRET_VARIABLES]
    from vidpipe_tui.config.paths import quick_setting

    found.append(str(quick_setting("google", "api_key") or ""))
    return [secret for secret in found if len(secret) >= 4]
