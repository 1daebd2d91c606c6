"""Clips become a film: copied where they all agree, else encoded anew."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from vidpipe_tui.errors import MediaError
from vidpipe_tui.media.copying import CannotCopyError, common_terms, copy_clips
from vidpipe_tui.media.film import JoinClip, Joined, JoinResult, Progress, file_digest, film_file

__all__ = ["JoinClip", "JoinResult", "join"]


def join(
    clips: Sequence[JoinClip],
    out: Path,
    *,
    crossfade_seconds: float = 0.0,
    title: str = "",
    comment: str = "",
    on_progress: Progress | None = None,
) -> JoinResult:
    """Write the film of all clips, in their order, to `out`, and tell what it is.

    Without a crossfade, and when all clips agree (codec, size, rate, extradata, sound), their packets are copied.
    Else everything is brought to the size and rate that most clips have and encoded: x264 veryfast crf 18, and
    AAC 160k where any clip has sound. `crossfade_seconds` must be below half the shortest clip. `on_progress` is
    given a fraction from 0 to 1. What was begun is removed when the join fails.

    Raises MediaError for clips that cannot be joined, DiskFullError or StorageError when `out` cannot be written.
    """
    if not clips:
        raise MediaError("There is no clip to make a film of.", hint="Make a clip first.")
    report = on_progress or (lambda fraction: None)
    began = time.monotonic()
    joined = _copy(clips, out, title, comment, report) if not crossfade_seconds else None
    if joined is None:
        from vidpipe_tui.media.encoding import encode_clips  # numpy, which a copy does without

        with film_file(out, title=title, comment=comment) as film:
            joined = encode_clips(film, clips, crossfade_seconds, report)
    seconds = time.monotonic() - began
    values = {field.name: getattr(joined, field.name) for field in fields(Joined)}
    return JoinResult(**values, seconds=seconds, sha256=file_digest(out))


def _copy(clips: Sequence[JoinClip], out: Path, title: str, comment: str, report: Progress) -> Joined | None:
    """The film by copying, or None when that cannot be done with these clips."""
    try:
        terms = common_terms(clip.path for clip in clips)
        with film_file(out, title=title, comment=comment) as film:
            return copy_clips(film, clips, terms, report)
    except CannotCopyError:
        return None
