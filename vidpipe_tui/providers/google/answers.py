"""Reads the answers of generate_content: text and thoughts apart, why it ended, what it used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe_tui.providers.base import Usage
from vidpipe_tui.providers.google.failures import one_line

if TYPE_CHECKING:
    from google.genai.types import Candidate, GenerateContentResponse, Part

FILTER_REASONS = {
    "SAFETY": "it may be unsafe",
    "RECITATION": "it is too close to a known work",
    "BLOCKLIST": "it has words that are not allowed",
    "PROHIBITED_CONTENT": "its content is not allowed",
    "SPII": "it has personal data",
    "MODEL_ARMOR": "this account's own filter (Model Armor)",
    "JAILBREAK": "it looks like an attempt to get around the filter",
    "IMAGE_SAFETY": "the picture may be unsafe",
    "IMAGE_PROHIBITED_CONTENT": "the picture's content is not allowed",
    "IMAGE_RECITATION": "the picture is too close to a known work",
}


def candidates_of(response: GenerateContentResponse) -> list[Candidate]:
    """The candidates; [] where the answer has none."""
    return list(response.candidates or [])


def parts_of(response: GenerateContentResponse) -> list[Part]:
    """The parts of all candidates; a candidate without content has none."""
    return [
        part
        for candidate in candidates_of(response)
        for part in ((candidate.content.parts if candidate.content else None) or [])
    ]


def reason_of(response: GenerateContentResponse) -> str:
    """Why the first candidate ended, like STOP or MAX_TOKENS; '' where nothing was said."""
    candidates = candidates_of(response)
    reason = candidates[0].finish_reason if candidates else None
    return str(getattr(reason, "value", reason) or "")


def blocked(response: GenerateContentResponse) -> str:
    """Why a filter refused, in words; '' where none did."""
    feedback = response.prompt_feedback
    if feedback is not None and feedback.block_reason is not None:
        word = str(getattr(feedback.block_reason, "value", feedback.block_reason))
        return _in_words(word, feedback.block_reason_message)
    reason = reason_of(response)
    if reason in FILTER_REASONS:
        return _in_words(reason, candidates_of(response)[0].finish_message)
    return ""


def text_of(response: GenerateContentResponse) -> tuple[str, bool]:
    """The text without the thoughts, and whether there were thoughts."""
    parts = parts_of(response)
    text = "".join(part.text for part in parts if part.text and not part.thought)
    return text, any(part.thought for part in parts)


def usage_of(response: GenerateContentResponse, images: int | None = None) -> Usage:
    """Tokens in and out (thoughts are billed as output), with Google's own account as `raw`."""
    account = response.usage_metadata
    if account is None:
        return Usage(images=images)
    written, thought = account.candidates_token_count, account.thoughts_token_count
    output = None if written is None and thought is None else (written or 0) + (thought or 0)
    return Usage(
        input_tokens=account.prompt_token_count,
        output_tokens=output,
        images=images,
        raw=account.model_dump(mode="json", by_alias=True, exclude_none=True),
    )


def _in_words(word: str, message: str | None) -> str:
    said = one_line(message or "")
    reason = FILTER_REASONS.get(word, "no reason given" if word in {"", "OTHER"} else word.lower().replace("_", " "))
    return f"{reason} ({word}). {said}".strip() if word else f"{reason}. {said}".strip()
