"""How many scenes a prompt asks for, and a title for it."""

from __future__ import annotations

import re

from vidpipe_tui.domain.text import clean_line, shorten

_NUMBERED = re.compile(
    r"^\s*(?:\d{1,3}[.):]|[-*•]|(?:scene|szene|シーン)\s*\d+\b|(?:INT|EXT|INT/EXT)[.\s])", re.IGNORECASE | re.MULTILINE
)
_SENTENCE = re.compile(r"[^.!?。！？\n]*[^\s.!?。！？\n][^.!?。！？\n]*(?:[.!?。！？]+|\n|$)")
ONE_LINER_SCENES = 3


def scenes_in(prompt: str, most: int) -> int:
    """Scenes a prompt asks for: its numbered beats or sluglines, else its sentences; a one-liner gets three."""
    numbered = len(_NUMBERED.findall(prompt))
    sentences = sum(1 for found in _SENTENCE.findall(prompt) if any(letter.isalnum() for letter in found))
    count = numbered if numbered > 1 else sentences
    return max(1, min(most, count if count > 1 else ONE_LINER_SCENES))


def title_of(prompt: str, length: int = 48) -> str:
    """A title made of the prompt's first words."""
    line = next((clean_line(line) for line in prompt.splitlines() if clean_line(line)), "Untitled")
    line = re.sub(r"^\s*(?:\d{1,3}[.):]|[-*•#]+)\s*", "", line) or line
    first = re.split(r"(?<=[.!?。！？])\s", line, maxsplit=1)[0].rstrip(".。 ")
    if len(first) > length:
        cut = first[:length].rsplit(" ", 1)[0] if " " in first[:length] else first[:length]
        first = cut.rstrip(" ,;:") + "…"
    return shorten(first or "Untitled", 200)
