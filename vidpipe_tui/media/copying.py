"""A film whose clips all agree: their packets are copied, nothing is encoded.

Pictures follow one another without a gap: each clip begins where the pictures of the one before it end. Its sound is
anchored there anew, so sound and picture stay together to the sample however many clips there are.

AAC comes in blocks of 1024 samples, and a clip is hardly ever a whole number of them. Players and decoders that
follow the time stamps are right with that; those that simply play block after block would drift, so every clip gets
the number of blocks that keeps their running sum within half a block (11 ms) of the picture. A packet is heard mixed
with the one before it (the transform overlaps by half): so at a join the encoder's priming packet is left out, as is
the padded end of a clip, and the last full block of one clip fades into the first of the next, without a click. Where
a block is missing then, the last one is played again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING, cast

import av
from av.audio.stream import AudioStream
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from av.stream import Stream
from av.video.stream import VideoStream

from vidpipe_tui.errors import MediaError
from vidpipe_tui.media.film import JoinClip, Joined, Progress, set_chapters
from vidpipe_tui.media.probe import audio_of, opened, readable, video_of

BLOCK = 1024
"""Samples in a packet of AAC-LC."""

_VIDEO_CODECS = {"h264", "hevc", "av1", "vp9"}  # those whose extradata tells all that a decoder is set up with

if TYPE_CHECKING:  # PyAV's class is generic in its stubs alone
    _Packet = Packet[Stream]


class CannotCopyError(Exception):
    """These clips cannot be joined by copying: they differ, or are made in a way that only encoding can join."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What clips must have in common to be copied into one film, as their headers tell it."""

    codec: str
    width: int
    height: int
    fps: Fraction | None
    time_base: Fraction | None
    sample_aspect: Fraction | None
    extradata: bytes | None
    sound: tuple[str, str | None, int, str, Fraction | None, bytes | None] | None


def common_terms(paths: Iterable[Path]) -> Terms:
    """The terms that all clips share; CannotCopyError when two differ or they are of a kind that is not copied."""
    found: Terms | None = None
    for path in paths:
        with opened(path, headers_only=True) as container:
            terms = _terms(container, path)
        if found not in {None, terms}:
            raise CannotCopyError(f"{path.name} differs from the clips before it")
        found = terms
    if found is None or found.codec not in _VIDEO_CODECS or not found.extradata:
        raise CannotCopyError("this codec is not copied")
    if found.sound and (found.sound[:2] != ("aac", "LC") or found.sound[4] != Fraction(1, found.sound[2])):
        raise CannotCopyError("this sound is not copied")
    return found


def copy_clips(film: OutputContainer, clips: Sequence[JoinClip], terms: Terms, on_progress: Progress) -> Joined:
    """Copy all packets of all clips into `film` and set its chapters; see CannotCopyError and MediaError.

    Holds the packets of one clip in memory.
    """
    with opened(clips[0].path, headers_only=True) as first:
        picture = _Pictures(film.add_stream_from_template(video_of(first, clips[0].path)), terms)
        audio = audio_of(first)
        sound = _Sounds(film.add_stream_from_template(audio), audio) if audio is not None else None
    spans: list[tuple[float, float]] = []
    for number, clip in enumerate(clips, start=1):
        last = number == len(clips)
        with opened(clip.path, headers_only=True) as container:
            pictures, sounds = _read(container, clip.path)
            start, zero = picture.end, min(_time(packet) for packet in pictures)
            moved = picture.place(pictures, zero)
            heard = sound.place(sounds, zero, start, picture.end, last=last) if sound is not None else []
            for packet in merge(moved, heard, key=_decoding_time):
                film.mux_one(packet)
        spans.append((float(start), float(picture.end)))
        on_progress(number / len(clips))
    set_chapters(film, clips, spans)
    return Joined(
        duration_seconds=float(picture.end),
        width=terms.width,
        height=terms.height,
        fps=terms.fps or Fraction(0),
        video_codec=terms.codec,
        audio_codec=terms.sound[0] if terms.sound else None,
        copied=True,
        spans=spans,
    )


def _terms(container: InputContainer, path: Path) -> Terms:
    video, audio = video_of(container, path), audio_of(container)
    context = video.codec_context
    sound = None
    if audio is not None:
        extradata = audio.codec_context.extradata
        sound = (audio.codec_context.name, audio.profile, audio.rate, audio.layout.name, audio.time_base, extradata)
    return Terms(
        codec=context.name,
        width=context.width,
        height=context.height,
        fps=video.average_rate,
        time_base=video.time_base,
        sample_aspect=video.sample_aspect_ratio,
        extradata=context.extradata,
        sound=sound,
    )


def _read(container: InputContainer, path: Path) -> tuple[list[_Packet], list[_Packet]]:
    """All packets of a clip, of its picture and of its sound, in decoding order."""
    video, audio = video_of(container, path), audio_of(container)
    pictures: list[_Packet] = []
    sounds: list[_Packet] = []
    with readable(path):
        for packet in container.demux([stream for stream in (video, audio) if stream is not None]):
            if packet.is_corrupt or (packet.size and (packet.pts is None or packet.dts is None)):
                raise MediaError(f"{path.name} is damaged: a part of it is missing.", hint="Fetch it again.")
            if packet.size:
                (pictures if packet.stream_index == video.index else sounds).append(packet)
    if len(pictures) < max(1, video.frames) or (audio is not None and len(sounds) < audio.frames):
        raise MediaError(f"{path.name} is damaged: a part of it is missing.", hint="Fetch it again.")
    if any(packet.is_discard for packet in pictures) or not pictures[0].is_keyframe:
        raise CannotCopyError(f"{path.name} begins within a group of pictures")
    return pictures, sounds


class _Pictures:
    """Puts the pictures of one clip after those of another. `end`: where the film's pictures end by now, in seconds."""

    def __init__(self, stream: VideoStream, terms: Terms) -> None:
        self._stream = stream
        self._base = terms.time_base or Fraction(1, 90000)
        self._ticks = 0
        self._last: int | None = None
        stream.time_base = self._base

    @property
    def end(self) -> Fraction:
        return self._ticks * self._base

    def place(self, packets: list[_Packet], zero: Fraction) -> list[_Packet]:
        shift = self._ticks - round(zero / self._base)
        for packet in packets:
            pts, dts = cast(int, packet.pts) + shift, cast(int, packet.dts) + shift
            self._ticks = max(self._ticks, pts + (packet.duration or 0))
            if self._last is not None and dts <= self._last:
                dts = self._last + 1
            if dts > pts:
                raise CannotCopyError("the order of the pictures does not fit")
            packet.pts, packet.dts, packet.stream = pts, dts, self._stream
            self._last = dts
        return packets


class _Sounds:
    """Puts the sound of one clip after that of another, block by block (see the module's text)."""

    def __init__(self, stream: AudioStream, template: AudioStream) -> None:
        self._stream = stream
        self._rate = template.rate
        self._layout = template.layout.name
        self._base = Fraction(1, template.rate)
        self._blocks = 0
        self._last = -(1 << 40)
        self._silence: bytes | None = None
        stream.time_base = self._base

    def place(
        self, packets: list[_Packet], zero: Fraction, start: Fraction, end: Fraction, *, last: bool
    ) -> list[_Packet]:
        """The packets to write for a clip that is seen from `start` to `end` and whose own time begins at `zero`."""
        begin, length = round(start * self._rate), round((end - start) * self._rate)
        shift = begin - round(zero * self._rate)
        for packet in packets:
            packet.pts = packet.dts = cast(int, packet.pts) + shift
        # An encoder may start on another grid (Apple's at -64): heard is a block that lies in the clip by half.
        priming = [packet for packet in packets if _pts(packet) <= begin - BLOCK // 2]
        heard = [packet for packet in packets if begin - BLOCK // 2 < _pts(packet) < begin + length]
        wanted = round(Fraction(begin + length, BLOCK)) - self._blocks
        if (wanted - 1) * BLOCK > length - BLOCK // 16:
            wanted -= 1
        first = _pts(heard[0]) - begin if heard else 0
        placed = [self._silent(begin + number * BLOCK) for number in range(first // BLOCK)] + heard
        self._fill(placed, begin, length, wanted, last=last)
        self._blocks += len(placed)
        if not start:
            placed = priming + placed
        for packet in placed:
            packet.pts = packet.dts = self._last = max(_pts(packet), self._last + 1)
            packet.stream = self._stream
        return placed

    def _fill(self, placed: list[_Packet], begin: int, length: int, wanted: int, *, last: bool) -> None:
        """Bring the packets of a clip to the number that is wanted before the next clip begins."""
        if not last and placed:
            while len(placed) > 1 and (placed[-1].duration or 0) < BLOCK:
                placed.pop()
            # The block after the last one is heard, too, fading out: so it has to be one that is full of sound.
            del placed[max(1, min(wanted, len(placed) - 1)) :]
            while wanted - 3 < len(placed) < wanted and _pts(placed[-1]) + BLOCK < begin + length:
                placed.append(_copied(placed[-1], _pts(placed[-1]) + BLOCK))
        position = _pts(placed[-1]) + BLOCK if placed else begin
        while position < begin + length and (last or len(placed) < wanted):
            placed.append(self._silent(position))
            position += BLOCK
        if last and placed:
            over = _pts(placed[-1]) + (placed[-1].duration or BLOCK) - (begin + length)
            placed[-1].duration = (placed[-1].duration or BLOCK) - max(0, over)

    def _silent(self, pts: int) -> _Packet:
        """A packet of silence."""
        if self._silence is None:
            self._silence = silent_packet(self._rate, self._layout)
        return _stamped(self._silence, pts, self._base)


def silent_packet(rate: int, layout: str) -> bytes:
    """One AAC-LC packet of silence, to be put anywhere into a track of that rate and layout."""
    encoder = av.CodecContext.create("aac", "w")
    encoder.sample_rate, encoder.format, encoder.time_base = rate, "fltp", Fraction(1, rate)
    encoder.layout = layout
    packets: list[bytes] = []
    for number in range(4):
        frame = av.AudioFrame(format="fltp", layout=layout, samples=BLOCK)
        frame.sample_rate, frame.pts = rate, number * BLOCK
        for plane in frame.planes:
            plane.update(bytes(plane.buffer_size))
        packets += [bytes(packet) for packet in encoder.encode(frame)]
    packets += [bytes(packet) for packet in encoder.encode(None)]
    return packets[-1]


def _copied(packet: _Packet, pts: int) -> _Packet:
    return _stamped(bytes(packet), pts, packet.time_base)


def _stamped(data: bytes, pts: int, base: Fraction) -> _Packet:
    packet: _Packet = Packet(data)
    packet.pts = packet.dts = pts
    packet.duration, packet.time_base, packet.is_keyframe = BLOCK, base, True
    return packet


def _pts(packet: _Packet) -> int:
    return cast(int, packet.pts)


def _time(packet: _Packet) -> Fraction:
    return _pts(packet) * packet.time_base


def _decoding_time(packet: _Packet) -> Fraction:
    return cast(int, packet.dts) * packet.time_base
