"""The few kinds of failure a provider may raise; everything a vendor's library throws is mapped to one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe_tui.errors import VidpipeError

if TYPE_CHECKING:
    from vidpipe_tui.providers.base import Usage


class ProviderError(VidpipeError):
    """A call to a provider failed. `kind` is stored in the ledger and decides what happens next."""

    kind = "failed"


class RetryLaterError(ProviderError):
    """Not accepted: asking again may help, after `wait_seconds` where the provider said so.

    `rate_limited` tells a quota (the whole lane waits) from an overload (only this call does).
    """

    kind = "retry_later"

    def __init__(
        self, message: str, *, hint: str = "", wait_seconds: float | None = None, rate_limited: bool = False
    ) -> None:
        super().__init__(message, hint=hint)
        self.wait_seconds = wait_seconds
        self.rate_limited = rate_limited


class FilteredError(ProviderError):
    """A safety filter said no; `message` carries the reason given."""

    kind = "filtered"


class RefusedRequestError(ProviderError):
    """The request itself is wrong: a bug of ours, or a model that cannot do it. Never repeated as it was."""

    kind = "refused"


class NoAccessError(ProviderError):
    """Key, model, billing or region: nothing of this provider can work until the person changes something."""

    kind = "no_access"


class BadAnswerError(ProviderError):
    """The call was accepted and answered, but the answer is unusable; `raw` is what came, `usage` what it used."""

    kind = "bad_answer"

    def __init__(self, message: str, *, hint: str = "", raw: str = "", usage: Usage | None = None) -> None:
        super().__init__(message, hint=hint)
        self.raw = raw
        self.usage = usage


class InDoubtError(ProviderError):
    """Sent, and nobody knows whether it was accepted: reset, time limit, an answer that cannot be read."""

    kind = "in_doubt"


class NotSentError(ProviderError):
    """Nothing was sent: what had to be done here before failed, as `__cause__` says."""

    kind = "not_sent"


class ExpiredError(ProviderError):
    """The provider has no such file or operation any more."""

    kind = "expired"
