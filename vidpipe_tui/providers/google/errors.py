"""Every failure of a call to Google, mapped to the few kinds the pipeline knows, with sentences for film makers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vidpipe_tui.providers.errors import (
    ExpiredError,
    FilteredError,
    InDoubtError,
    NoAccessError,
    ProviderError,
    RefusedRequestError,
    RetryLaterError,
)
from vidpipe_tui.providers.google.failures import Failure, one_line, read_failure

BILLING = ("billing", "prepay", "payment method")
REGION = ("location is not supported", "not available in your country", "region is not supported", "unsupported region")
BAD_KEY = ("api key not valid", "api key expired", "api_key_invalid", "invalid api key", "pass a valid api key")
UNSAFE = (
    "responsible ai",
    "usage guidelines",
    "safety",
    "prohibited",
    "sensitive words",
    "violat",
    "content polic",
    "blocked",
    "inappropriate",
    "harmful",
)
LAST_FRAME = ("allowlist", "allow-list", "whitelist")
CERTAINLY_WRONG = {400, 404, 405, 406, 410, 411, 413, 414, 415, 416, 422, 431, 501, 505}


class LastFrameRefusedError(NoAccessError):
    """This account may not film from a first to a last frame with this model; worth remembering."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a call is about: its model, whether repeating it costs nothing, and whether it gives a last frame.

    `thing` is the operation or file that is asked for by name: not finding it is its end, not the model's.
    """

    model: str
    free: bool = False
    last_frame: bool = False
    thing: str = ""


@dataclass(frozen=True, slots=True)
class Explainer:
    """Turns failures of one road into provider errors. `replacement` names what to use instead of a model."""

    road: str
    base_url: str | None
    redact: Callable[[str], str]
    replacement: Callable[[str], str | None]

    def explain(self, error: BaseException, subject: Subject, *, sent: bool) -> ProviderError:
        """The provider error for anything a call raised; `sent`: whether a byte of it may have reached the server."""
        failure = read_failure(error)
        if failure.status is not None:
            return self.answered(failure, subject)
        said = self.redact(one_line(str(error))) or "the connection broke off"
        if not sent:
            return self._never_sent(error, said)
        if isinstance(error, TimeoutError) or "timeout" in type(error).__name__.lower():
            said = "no answer within the time limit"
        elif isinstance(error, ValueError):
            said = "an answer that cannot be read"
        return self._in_doubt(said, subject)

    def answered(self, failure: Failure, subject: Subject) -> ProviderError:
        """The provider error for an answer with an error status (or a success that could not be read)."""
        status = failure.status or 0
        if status == 429:
            return RetryLaterError(
                self._quoted(f"Google's limit for {subject.model} is used up", failure),
                hint="Wait and resume, or ask Google for a higher quota.",
                wait_seconds=failure.wait_seconds(),
                rate_limited=True,
            )
        if status == 503 and failure.body:
            return RetryLaterError(
                self._quoted(f"{subject.model} is overloaded at Google", failure),
                hint="It is asked again; resume later if it stays so.",
                wait_seconds=failure.wait_seconds(),
            )
        if subject.thing and not failure.body and status in {404, 410}:
            return self._in_doubt(f"answer {status}, not in the form of Google's API", subject)
        if subject.thing and self._is_gone(failure):
            return ExpiredError(
                self._quoted(f"Google knows no {subject.thing} on the road {self.road}", failure),
                hint="It expired, or belongs to another key, project or road.",
            )
        access = self._no_access(failure, subject)
        if access is not None:
            return access
        if status in CERTAINLY_WRONG and subject.thing:
            return ExpiredError(
                self._quoted(f"Google cannot find the {subject.thing}", failure), hint="It can only be made anew."
            )
        if status in CERTAINLY_WRONG:
            return self._wrong_request(failure, subject)
        return self._in_doubt(f"answer {status}{': ' + failure.message if failure.message else ''}", subject)

    @staticmethod
    def _is_gone(failure: Failure) -> bool:
        if failure.status in {404, 410}:
            return bool(failure.body)
        nameless = failure.status == 400 and failure.says("invalid interaction", "invalid operation", "not found")
        return nameless or (failure.status == 403 and failure.says("may not exist"))

    def _no_access(self, failure: Failure, subject: Subject) -> ProviderError | None:
        status, reasons = failure.status or 0, failure.reasons
        if status not in {400, 401, 402, 403, 404} and not 300 <= status < 400:
            return None
        if reasons & {"API_KEY_INVALID", "API_KEY_EXPIRED"} or failure.says(*BAD_KEY) or status == 401:
            return NoAccessError(
                self._quoted("Google does not accept this key or login", failure),
                hint="Check google.api_key or GEMINI_API_KEY; on Vertex AI, `gcloud auth application-default login`.",
            )
        if status == 402 or "BILLING_DISABLED" in reasons or failure.says(*BILLING):
            return NoAccessError(
                self._quoted("Google wants billing to be set up for this account", failure),
                hint="Turn billing on at aistudio.google.com or in the Google Cloud console, then resume.",
            )
        if failure.says(*REGION):
            return NoAccessError(
                self._quoted(f"Google does not offer {subject.model} from where you are", failure),
                hint="Use Vertex AI with a google.location that has it, or another provider.",
            )
        if subject.last_frame and status in {400, 403} and failure.says(*LAST_FRAME):
            return LastFrameRefusedError(
                self._quoted(f"{subject.model} does not let this account end a clip on a given frame", failure),
                hint="Ask Google to allow last-frame control, or choose another model with models.video_gen.",
            )
        if status == 404:
            return self._gone(failure, subject)
        if status == 403:
            return NoAccessError(
                self._quoted(f"This account may not use {subject.model}", failure),
                hint="Ask for access in the Google Cloud console or choose another model; `vidpipe doctor` lists them.",
            )
        if 300 <= status < 400:
            return NoAccessError(
                "The address of Google's API answers with a redirection, which is not followed.",
                hint=f"Check google.base_url ({self.base_url or 'not set'}).",
            )
        return None

    def _gone(self, failure: Failure, subject: Subject) -> NoAccessError:
        if not failure.body:
            return NoAccessError(
                f"{self.base_url or 'Google'} answers, but not as Google's API does (404).",
                hint="Check google.base_url and GOOGLE_GEMINI_BASE_URL or GOOGLE_VERTEX_BASE_URL.",
            )
        instead = self.replacement(subject.model)
        return NoAccessError(
            self._quoted(f"The model {subject.model} is gone, or not on the road {self.road}", failure),
            hint=f"Use {instead} instead." if instead else "`vidpipe doctor` lists the models that answer.",
        )

    def _wrong_request(self, failure: Failure, subject: Subject) -> ProviderError:
        if failure.status == 400 and failure.says(*UNSAFE):
            return FilteredError(
                self._quoted("Google's filter refused the request", failure), hint="Say it differently, then try again."
            )
        return RefusedRequestError(
            self._quoted(f"Google calls the request to {subject.model} wrong ({failure.status})", failure),
            hint="That is a mistake of vidpipe, or the model cannot do it: try another model, and report it.",
        )

    def _never_sent(self, error: BaseException, said: str) -> ProviderError:
        if type(error).__name__ in {"UnsupportedProtocol", "InvalidURL"}:
            return NoAccessError(f"The address of Google's API is wrong: {said}", hint="Check google.base_url.")
        if isinstance(error, ValueError | TypeError):
            return RefusedRequestError(
                f"The request could not be written: {said}", hint="That is a mistake of vidpipe: please report it."
            )
        return RetryLaterError(
            f"{self.base_url or 'Google'} cannot be reached: {said}",
            hint="Check the network (and google.base_url), then resume; nothing was sent.",
        )

    def _in_doubt(self, said: str, subject: Subject) -> ProviderError:
        said = self.redact(said).rstrip(".")
        if subject.free:
            return RetryLaterError(
                f"Google did not answer properly: {said}.", hint="It is asked again; this costs nothing."
            )
        return InDoubtError(
            f"The call to {subject.model} was sent, but nobody knows whether Google took it on: {said}.",
            hint="It may be billed. A storyboard or picture is asked for again; a clip waits for your decision.",
        )

    def _quoted(self, sentence: str, failure: Failure) -> str:
        """The sentence, with what the server said behind it."""
        said = self.redact(failure.message)
        return f"{sentence}: {said}" if said else f"{sentence}."
