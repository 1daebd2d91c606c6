"""Which way to Google the settings choose: an API key, Vertex AI with a project, or Vertex AI with a key."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

from vidpipe_tui.errors import UsageError

if TYPE_CHECKING:
    from vidpipe_tui.config.schema import Google

LOOPBACK = ("127.0.0.1", "localhost", "::1")
KEY_HINT = (
    "Set GEMINI_API_KEY or google.api_key (a key comes from aistudio.google.com), or use Vertex AI with "
    "google.use_vertex_ai = true and google.project_id; `--provider local` needs none of them."
)


@dataclass(frozen=True, slots=True)
class GoogleRoad:
    """A road: `kind` is key or vertex; `key` is None where application default credentials are used.

    `base_url` is None for Google's own addresses. The key stays sealed until a client is built.
    """

    kind: str
    key: SecretStr | None
    project: str | None
    location: str
    base_url: str | None
    secret: SecretStr = field(default_factory=lambda: SecretStr(""))

    @property
    def account(self) -> str:
        """What operations belong to: the same wherever the road's base address points."""
        if self.kind == "key":
            return "Gemini Developer API (API key)"
        return f"Vertex AI (project {self.project})" if self.project else "Vertex AI (express, API key)"

    @property
    def name(self) -> str:
        """The road as people read it."""
        text = f"{self.account[:-1]}, {self.location})" if self.project else self.account
        return f"{text} at {self.base_url}" if self.base_url else text

    @property
    def on_this_machine(self) -> bool:
        """True where the base address is a loopback one."""
        return bool(self.base_url) and urlsplit(self.base_url or "").hostname in LOOPBACK

    def redact(self, text: str) -> str:
        """`text` without the key, wherever a server quoted it."""
        secret = self.secret.get_secret_value()
        return text.replace(secret, "********") if secret else text


def choose(google: Google) -> GoogleRoad:
    """The road the settings choose; raises UsageError with the next step where there is none."""
    secret = google.api_key or SecretStr("")
    if google.use_vertex_ai and google.project_id:
        return GoogleRoad(
            "vertex", None, google.project_id, google.location, _base_url(google, "GOOGLE_VERTEX_BASE_URL"), secret
        )
    kind = "vertex" if google.use_vertex_ai else "key"
    key = SecretStr(secret.get_secret_value().strip())
    if not key.get_secret_value():
        raise UsageError("There is no API key for Google.", hint=KEY_HINT)
    if not key.get_secret_value().isascii() or not key.get_secret_value().isprintable():
        raise UsageError(
            "The API key for Google has characters that no key has.", hint="Copy it again from aistudio.google.com."
        )
    variable = "GOOGLE_VERTEX_BASE_URL" if google.use_vertex_ai else "GOOGLE_GEMINI_BASE_URL"
    return GoogleRoad(kind, key, None, google.location, _base_url(google, variable), key)


def _base_url(google: Google, variable: str) -> str | None:
    address = google.base_url or os.environ.get(variable, "").strip() or None
    if address is None:
        return None
    try:
        parts = urlsplit(address)
        wrong = parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0
    except ValueError:
        wrong = True
    if wrong:
        where = "google.base_url" if google.base_url else variable
        raise UsageError(f"{where} is {address!r}, which is no address.", hint="Write it like https://host.name.")
    return address
