"""Application default credentials for Vertex AI: found and refreshed off the loop, with sentences when that fails."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe_tui.providers.errors import NoAccessError, RetryLaterError
from vidpipe_tui.providers.google.failures import one_line

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

SCOPES = ("https://www.googleapis.com/auth/cloud-platform",)
LOGIN_HINT = (
    "Run `gcloud auth application-default login`, or name a service account's file in GOOGLE_APPLICATION_CREDENTIALS."
)


class Login:
    """The credentials of this process. Where the base address is on this machine none are needed to talk to it."""

    def __init__(self, *, on_this_machine: bool) -> None:
        self._on_this_machine = on_this_machine
        self._credentials: Credentials | None = None
        self._lock = asyncio.Lock()

    async def credentials(self) -> Credentials:
        """Credentials with a valid token. Raises NoAccessError or, without a network, RetryLaterError."""
        async with self._lock:
            found = self._credentials
            if found is None or not found.token or found.expired:
                found = self._credentials = await asyncio.to_thread(self._renew)
            return found

    def _renew(self) -> Credentials:
        from google.auth.exceptions import GoogleAuthError, TransportError
        from google.oauth2.credentials import Credentials as Token

        if self._on_this_machine and not _has_login():
            return Token(token="loopback")  # type: ignore[no-untyped-call]  # noqa: S106  # no secret: opens nothing
        trouble: Exception
        try:
            return self._refreshed()
        except TransportError as error:
            trouble = RetryLaterError(
                f"Google's login server cannot be reached: {one_line(str(error))}",
                hint="Check the network, then resume; nothing was sent.",
            )
        except (GoogleAuthError, ValueError, OSError) as error:
            trouble = NoAccessError(f"There is no valid Google login: {one_line(str(error))}", hint=LOGIN_HINT)
        if self._on_this_machine:
            return Token(token="loopback")  # type: ignore[no-untyped-call]  # noqa: S106
        raise trouble

    def _refreshed(self) -> Credentials:
        import google.auth
        from google.auth.transport.requests import Request

        found = self._credentials
        if found is None:
            found, _project = google.auth.default(scopes=SCOPES)
        if not found.token or found.expired:
            found.refresh(Request())  # type: ignore[no-untyped-call]
        return found


def _has_login() -> bool:
    """Whether a login is set up at all; asking further would look for a cloud machine, which takes seconds."""
    if os.environ.get("GOOGLE_APPLICATION_CREDENTIALS"):
        return True
    folder = os.environ.get("CLOUDSDK_CONFIG") or Path.home() / ".config" / "gcloud"
    return (Path(folder) / "application_default_credentials.json").exists()
