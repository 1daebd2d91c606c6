"""What a call will cost, and what it did cost, in US dollars."""

from __future__ import annotations

from vidpipe_tui.providers.base import Usage
from vidpipe_tui.providers.models import Catalogue

CHARACTERS_PER_TOKEN = 4
INSTRUCTION_TOKENS = 900
TOKENS_PER_SCENE = 420
"""Measured on storyboards of 3 to 15 scenes: texts of five fields as JSON."""


def storyboard_tokens(prompt: str, scenes: int) -> tuple[int, int]:
    """Tokens a storyboard will take, in and out; a guess before the call."""
    return INSTRUCTION_TOKENS + len(prompt) // CHARACTERS_PER_TOKEN, 200 + TOKENS_PER_SCENE * scenes


def storyboard_price(catalogue: Catalogue, model: str, prompt: str, scenes: int) -> float:
    """Estimate for one storyboard."""
    return catalogue.text(model).price.of_tokens(*storyboard_tokens(prompt, scenes))


def softer_tokens(prompt: str) -> int:
    """Tokens that asking for a milder prompt will take, in as well as out; a guess before the call."""
    return 300 + len(prompt) // CHARACTERS_PER_TOKEN


def text_cost(catalogue: Catalogue, model: str, usage: Usage) -> float | None:
    """What a text call did cost by its tokens; None where they are not known."""
    if usage.input_tokens is None and usage.output_tokens is None:
        return None
    return catalogue.text(model).price.of_tokens(usage.input_tokens or 0, usage.output_tokens or 0)


def image_price(catalogue: Catalogue, model: str, size: str) -> float:
    """Price of one picture."""
    return catalogue.image(model).price.of_image(size)


def clip_price(catalogue: Catalogue, model: str, seconds: float, resolution: str) -> float:
    """Price of one clip."""
    return catalogue.video(model).price.of_clip(seconds, resolution)
