"""What is in a clip, and whether all of it is there.

A copy of packets from a truncated or damaged file succeeds without a word, and so does one from a picture that is
named `.mp4`: so every clip is decoded once before it is used.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from vidpipe_tui.errors import MediaError

_FETCH_AGAIN = "Fetch it again, or make a new take of it."
_ANY_METADATA: dict[str, Any] = {"metadata_errors": "surrogateescape"} if av.__version__ < "19" else {}
"""A title that is no UTF-8 keeps no clip from being read; from 19 on PyAV always reads metadata that way."""
_NO_INDEX = "its table of contents is missing, most likely because it was cut off"


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """What a clip consists of; two clips whose facts agree can be joined without encoding.

    Times are seconds as measured from the packets (`duration_seconds` alone is the header's word). `video_start` is
    the time of the first picture, `audio_start` that of the first sound to be heard. `*_extradata` are SHA-256 in hex.
    Without sound `audio_codec` and `audio_seconds` are None and the other audio facts are zero or empty.
    """

    container: str
    duration_seconds: float
    video_seconds: float
    video_start: float
    width: int
    height: int
    fps: Fraction
    video_codec: str
    pixel_format: str
    video_profile: str
    video_extradata: str
    video_time_base: Fraction
    sample_aspect: Fraction
    video_packets: int
    audio_seconds: float | None = None
    audio_start: float = 0.0
    audio_codec: str | None = None
    audio_profile: str = ""
    audio_rate: int = 0
    audio_channels: int = 0
    audio_layout: str = ""
    audio_extradata: str = ""
    audio_time_base: Fraction = Fraction(0)
    audio_packets: int = 0

    def as_json(self) -> dict[str, Any]:
        """The facts in plain values, for a pipe; fractions as text ("24", "30000/1001")."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {key: str(value) if isinstance(value, Fraction) else value for key, value in values.items()}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> ClipFacts:
        """The facts that `as_json` was made from."""
        exact = {field.name for field in fields(cls) if field.type == "Fraction"}
        facts: dict[str, Any] = {key: Fraction(value) if key in exact else value for key, value in values.items()}
        return cls(**facts)


@dataclass(slots=True)
class _Tally:
    """What one stream's packets add up to, in ticks of its time base."""

    packets: int = 0
    broken: int = 0
    hidden: int = 0
    start: int | None = None
    end: int = 0

    def add(self, packet: Packet) -> None:  # type: ignore[type-arg]
        self.packets += 1
        self.broken += packet.is_corrupt
        self.hidden += packet.is_discard
        if packet.pts is None or packet.is_discard:
            return
        self.start = packet.pts if self.start is None else min(self.start, packet.pts)
        self.end = max(self.end, packet.pts + (packet.duration or 0))

    @property
    def length(self) -> int:
        return self.end - (self.start or 0)


def probe(path: Path) -> ClipFacts:
    """The facts of a clip from its header and its packets, without decoding.

    MediaError when it is no MP4 video, or a part of it is missing; damage inside goes unnoticed (see check_clip).
    """
    with opened(path) as container:
        video, audio = video_of(container, path), audio_of(container)
        pictures, sounds = _Tally(), _Tally()
        with readable(path):
            for packet in container.demux([stream for stream in (video, audio) if stream is not None]):
                if packet.size:
                    (pictures if packet.stream_index == video.index else sounds).add(packet)
        _agree_with_header(path, video, pictures, pictures.packets)
        if audio is not None:
            _agree_with_header(path, audio, sounds, sounds.packets)
        return _facts(container, video, audio, pictures, sounds)


def check_clip(path: Path, *, watch: Callable[[VideoFrame], None] | None = None) -> ClipFacts:
    """Prove that a clip is whole by decoding every picture and sound of it once; MediaError says what is wrong.

    `watch` is shown every picture. Needs about 80 ms of CPU for a second of 720p, and the memory of a few frames.
    """
    with opened(path) as container:
        video, audio = video_of(container, path), audio_of(container)
        video.thread_type = "AUTO"
        video.codec_context.thread_count = 2
        pictures, sounds = _Tally(), _Tally()
        shown = 0
        with readable(path):
            for packet in container.demux([stream for stream in (video, audio) if stream is not None]):
                of_video = packet.stream_index == video.index
                if packet.size:
                    (pictures if of_video else sounds).add(packet)
                for frame in packet.decode():
                    shown += of_video
                    if getattr(frame, "is_corrupt", False):
                        raise _damaged(path, "a picture in it cannot be decoded")
                    if watch is not None and isinstance(frame, VideoFrame):
                        watch(frame)
        _agree_with_header(path, video, pictures, shown)
        if audio is not None:
            _agree_with_header(path, audio, sounds, sounds.packets)
        return _facts(container, video, audio, pictures, sounds)


@contextmanager
def opened(path: Path, *, headers_only: bool = False) -> Iterator[InputContainer]:
    """An MP4 file to read from, closed at the end; MediaError when there is none at that path.

    The demuxer is named: guessing would follow a playlist that calls itself a clip to other files. `headers_only`
    decodes no picture to find out its pixel format, which takes 1 ms instead of 20 and is enough to copy packets.
    """
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise MediaError(f"{path.name} cannot be read: {error.strerror}.", hint=_FETCH_AGAIN) from error
    if not head:
        raise MediaError(f"{path.name} is empty.", hint=_FETCH_AGAIN)
    try:
        container = av.open(
            str(path.absolute()),
            mode="r",
            format="mov",
            options={"skip_frame": "all"} if headers_only else {},
            **_ANY_METADATA,
        )
    except av.FFmpegError as error:
        raise MediaError(_not_opened(path, head), hint=_FETCH_AGAIN) from error
    with container:
        yield container


@contextmanager
def readable(path: Path) -> Iterator[None]:
    """Turn what PyAV raises while it reads or decodes `path` into a sentence."""
    try:
        yield
    except av.FFmpegError as error:
        raise _damaged(path, "part of it cannot be decoded") from error


def video_of(container: InputContainer, path: Path) -> VideoStream:
    """The film's picture: the first video stream that is no cover art."""
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic and stream.codec_context is not None:
            return stream
    if not container.streams:
        raise _damaged(path, _NO_INDEX)
    raise MediaError(f"{path.name} has no video in it.", hint=_FETCH_AGAIN)


def audio_of(container: InputContainer) -> AudioStream | None:
    """The first sound track that can be decoded, if there is one."""
    return next((stream for stream in container.streams.audio if stream.codec_context is not None), None)


def _not_opened(path: Path, head: bytes) -> str:
    """Why a file that is not empty could not be opened, as far as its first bytes tell."""
    if head[4:8] in {b"ftyp", b"moov", b"mdat", b"free", b"wide"}:
        return f"{path.name} is damaged: {_NO_INDEX}."
    return f"{path.name} is no MP4 video."


def _damaged(path: Path, what: str) -> MediaError:
    return MediaError(f"{path.name} is damaged: {what}.", hint=_FETCH_AGAIN)


def _agree_with_header(path: Path, stream: VideoStream | AudioStream, tally: _Tally, shown: int) -> None:
    """Compare what was found with what the header promises: number of packets, pictures and length."""
    kind = "picture" if stream.type == "video" else "sound"
    if tally.packets == 0 or tally.start is None or shown == 0:
        raise _damaged(path, f"there is no {kind} in it")
    if tally.broken or tally.packets < stream.frames:
        raise _damaged(path, f"the {kind} is cut off")
    expected = tally.packets - tally.hidden
    if shown < expected - 1:  # some encoders leave one that is never shown
        raise _damaged(path, f"only {shown} of {expected} pictures could be decoded")
    if stream.duration:
        one = tally.length // tally.packets + 1
        if abs(stream.duration - tally.length) > 3 * one:
            raise _damaged(path, f"the {kind} is not as long as its header says")


def _facts(
    container: InputContainer, video: VideoStream, audio: AudioStream | None, pictures: _Tally, sounds: _Tally
) -> ClipFacts:
    base = video.time_base or Fraction(1, 90000)
    context = video.codec_context
    sound: dict[str, object] = {}
    if audio is not None and sounds.packets:
        sound_base = audio.time_base or Fraction(1, audio.rate)
        sound = {
            "audio_seconds": float(sounds.length * sound_base),
            "audio_start": float((sounds.start or 0) * sound_base),
            "audio_codec": audio.codec_context.name,
            "audio_profile": audio.profile or "",
            "audio_rate": audio.rate,
            "audio_channels": audio.channels,
            "audio_layout": audio.layout.name,
            "audio_extradata": _digest(audio.codec_context.extradata),
            "audio_time_base": sound_base,
            "audio_packets": sounds.packets,
        }
    return ClipFacts(
        container=container.format.name,
        duration_seconds=(container.duration or 0) / av.time_base,
        video_seconds=float(pictures.length * base),
        video_start=float((pictures.start or 0) * base),
        width=context.width,
        height=context.height,
        fps=Fraction(video.average_rate or video.guessed_rate or 0),
        video_codec=context.name,
        pixel_format=context.pix_fmt or "",
        video_profile=video.profile or "",
        video_extradata=_digest(context.extradata),
        video_time_base=base,
        sample_aspect=Fraction(video.sample_aspect_ratio or 1),
        video_packets=pictures.packets,
        **sound,  # type: ignore[arg-type]
    )


def _digest(data: bytes | None) -> str:
    return hashlib.sha256(data or b"").hexdigest()
