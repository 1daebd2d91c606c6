"""Secrets are `********` wherever text leaves the program."""

from __future__ import annotations

import logging
import os
import sys

MASK = "********"
_NAMES = ("GEMINI_API_KEY", "GOOGLE_API_KEY", "VIDPIPE_GOOGLE__API_KEY")


def secrets() -> set[str]:
    """Every secret this process knows of, from the environment and the settings."""
    found = {os.environ.get(name, "") for name in _NAMES}
    try:
        from vidpipe_tui.config.loading import current

        key = current().google.api_key
        found.add(key.get_secret_value() if key is not None else "")
    except Exception:  # noqa: S110  # broken settings hold no secret that could leak
        pass
    return {secret for secret in found if len(secret) >= 4}


def redacted(text: str) -> str:
    """The text with every secret masked."""
    for secret in secrets():
        text = text.replace(secret, MASK)
    return text


class RedactingHandler(logging.Handler):
    """Prints log records on stderr, secrets masked."""

    def emit(self, record: logging.LogRecord) -> None:
        """Prints one record."""
        sys.stderr.write(redacted(self.format(record)) + "\n")
