"""The words people choose from, and the limits of what they type."""

from __future__ import annotations

ASPECT_RATIOS = ("16:9", "9:16", "1:1")
STYLES = (
    "cinematic",
    "anime",
    "documentary",
    "watercolour",
    "noir",
    "oil painting",
    "sketch",
    "pixel art",
    "cyberpunk",
    "pastel",
)
REVIEW_MODES = ("none", "storyboard", "keyframes", "both")

MAX_PROMPT = 100_000
MAX_TITLE = 200
MAX_STYLE = 50
MAX_SCENES = 200
MAX_SEED = 2**32 - 1
MIN_CLIP_SECONDS = 1
MAX_CLIP_SECONDS = 15
