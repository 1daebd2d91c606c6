"""What goes into a join and what comes out of it, and what every film carries: chapters, title, a place on disk."""

from __future__ import annotations

import errno
import hashlib
import struct
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.container import OutputContainer

from vidpipe_tui.durable import storage_error

CHAPTER_BYTES = 255
"""The longest title that the chapter list of an MP4 can hold, in UTF-8."""

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class JoinClip:
    """One clip of a film: its file, the title of its chapter, and which scene (from 0) it shows."""

    path: Path
    title: str = ""
    scene_index: int = 0


@dataclass(frozen=True, slots=True)
class Joined:
    """What was written: the facts of the film, and where in it (seconds) each clip lies."""

    duration_seconds: float
    width: int
    height: int
    fps: Fraction
    video_codec: str
    audio_codec: str | None
    copied: bool
    spans: list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class JoinResult(Joined):
    """A finished film: also how long the join took in seconds, and the SHA-256 of the file in hex.

    With a crossfade the spans overlap by its length.
    """

    seconds: float
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """The result in plain values, for a pipe or a manifest; `fps` as text ("24", "30000/1001")."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {**values, "fps": str(self.fps), "spans": [list(span) for span in self.spans]}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> JoinResult:
        """The result that `as_json` was made from."""
        spans = [(start, end) for start, end in values["spans"]]
        return cls(**{**values, "fps": Fraction(values["fps"]), "spans": spans})


@contextmanager
def film_file(out: Path, *, title: str, comment: str) -> Iterator[OutputContainer]:
    """An MP4 to write a film to, its index in front at the end; a failed one is taken away again.

    Raises DiskFullError or StorageError when the file cannot be written.
    """
    options = {"movflags": "+faststart"}
    try:
        with av.open(str(out.absolute()), "w", format="mp4", container_options=options) as film:
            for key, text in (("title", title), ("comment", comment)):
                if cleaned := plain_text(text, 4096):
                    film.metadata[key] = cleaned
            yield film
        if not _whole(out):
            raise OSError(errno.ENOSPC, "the end of the file is missing")
    except BaseException as error:
        out.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise storage_error(error, out) from error
        raise


def set_chapters(film: OutputContainer, clips: Sequence[JoinClip], spans: Sequence[tuple[float, float]]) -> None:
    """Give every clip its chapter; each ends where the next one begins. To be called before the film is closed."""
    milliseconds = Fraction(1, 1000)
    starts = [round(start * 1000) for start, _ in spans]
    ends = [*starts[1:], round(spans[-1][1] * 1000)]
    film.set_chapters(
        [
            {
                "id": number,
                "start": start,
                "end": end,
                "time_base": milliseconds,
                "metadata": {"title": plain_text(clip.title, CHAPTER_BYTES) or f"Scene {clip.scene_index + 1}"},
            }
            for number, (clip, start, end) in enumerate(zip(clips, starts, ends, strict=True))
        ]
    )


def plain_text(text: str, most_bytes: int) -> str:
    """One line of text without control characters, cut to what fits into that many bytes of UTF-8."""
    line = " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in text).split())
    return line.encode("utf-8", "replace")[:most_bytes].decode("utf-8", "ignore")


def file_digest(path: Path) -> str:
    """SHA-256 of a file in hex, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _whole(path: Path) -> bool:
    """Whether the boxes of an MP4 end where the file ends: the last write of a film can fail without an error."""
    size, position, kinds = path.stat().st_size, 0, set()
    with path.open("rb") as file:
        while position < size:
            file.seek(position)
            head = file.read(16).ljust(16, b"\0")
            length, kind = struct.unpack(">I4s", head[:8])
            if length == 1:
                length = struct.unpack(">Q", head[8:])[0]
            if length < 8:
                return False
            position += length
            kinds.add(kind)
    return position == size and {b"moov", b"mdat"} <= kinds
