"""Gemini Omni: clips through the Interactions API, in the background, known by the interaction's id."""

from __future__ import annotations

import asyncio
import base64
import binascii
from typing import TYPE_CHECKING, Any

from vidpipe_tui.providers.base import ClipRequest, OperationState, PollAnswer, Submission, Usage
from vidpipe_tui.providers.errors import ExpiredError, InDoubtError
from vidpipe_tui.providers.google.errors import Subject
from vidpipe_tui.providers.google.failures import one_line
from vidpipe_tui.providers.google.outcomes import ended_in_error, error_parts
from vidpipe_tui.providers.google.pictures import read_picture

if TYPE_CHECKING:
    from google.genai.client import AsyncClient
    from google.genai.interactions import Interaction

    from vidpipe_tui.providers.google.downloads import Downloads
    from vidpipe_tui.providers.google.gateway import Gateway
    from vidpipe_tui.providers.google.limiter import Lane

INLINE = "inline"
WAITING = {"in_progress", "queued"}
FAMILY = "gemini-omni-"


class Omni:
    """Submits, polls and cancels interactions that film."""

    def __init__(self, gateway: Gateway, downloads: Downloads, location: str | None, gcs_uri: str | None) -> None:
        self._gateway = gateway
        self._downloads = downloads
        self._location = location
        self._gcs_uri = gcs_uri

    async def submit(self, request: ClipRequest, lane: Lane) -> Submission:
        """One call; the interaction goes on by itself from then on."""
        frames = [await read_picture(request.start), await read_picture(request.end)]
        images = [{"type": "image", "data": one.mark.decode(), "mime_type": one.kind} for one in frames]
        response_format = {
            "type": "video",
            "aspect_ratio": request.aspect_ratio,
            "duration": f"{request.seconds:g}s",
            "resolution": request.resolution,
            **self._delivery(),
        }

        async def send(client: AsyncClient) -> Interaction:
            create: Any = client.interactions.create
            answer: Interaction = await create(
                model=request.model,
                input=[{"type": "text", "text": request.prompt}, *images],
                response_format=response_format,
                generation_config={"video_config": {"task": "image_to_video"}},
                background=True,
                store=True,
            )
            return answer

        subject = Subject(request.model, last_frame=True)
        async with self._gateway.asked(
            send, subject, lane=lane, location=self._location, pictures=frames
        ) as interaction:
            if not interaction.id:
                raise InDoubtError(
                    "Google took the clip on, it seems, but gave it no name.",
                    hint="It may be billed: settle it with `vidpipe doubt`.",
                )
            return Submission(interaction.id)

    async def poll(self, name: str) -> PollAnswer:
        """How the interaction stands; an id that Google does not know is lost."""

        async def send(client: AsyncClient) -> Interaction:
            return await client.interactions.get(id=name)

        subject = Subject("Gemini Omni", free=True, thing="interaction of this id")
        try:
            async with self._gateway.asked(send, subject, location=self._location) as interaction:
                return await self._answer(name, interaction)
        except ExpiredError as error:
            return PollAnswer(OperationState.LOST, reason=error.message)

    async def cancel(self, name: str) -> bool:
        """Asks Google to give the interaction up; False where it is gone already."""

        async def send(client: AsyncClient) -> Interaction:
            return await client.interactions.cancel(id=name)

        subject = Subject("Gemini Omni", free=True, thing="interaction of this id")
        try:
            async with self._gateway.asked(send, subject, location=self._location):
                return True
        except ExpiredError:
            return False

    def _delivery(self) -> dict[str, str]:
        """An address can be streamed, bytes cannot; but Vertex AI gives one only for a bucket of one's own."""
        if self._gateway.road.kind == "key":
            return {"delivery": "uri"}
        return {"delivery": "uri", "gcs_uri": self._gcs_uri} if self._gcs_uri else {"delivery": INLINE}

    async def _answer(self, name: str, interaction: Interaction) -> PollAnswer:
        status, usage = str(interaction.status), _usage(interaction)
        if status in WAITING:
            return PollAnswer(OperationState.RUNNING)
        if status == "completed":
            return await self._completed(name, interaction, usage)
        if status == "failed":
            return ended_in_error(*_error(interaction))
        reason = _text(interaction) or f"The interaction ended as «{one_line(status)}»."
        if status in {"cancelled", "incomplete", "budget_exceeded"}:
            return PollAnswer(OperationState.LOST, reason=reason, usage=usage)
        if status in {"requires_action", "requires_continuation"}:
            return PollAnswer(OperationState.REFUSED, reason=reason, usage=usage)
        return PollAnswer(OperationState.RUNNING)

    async def _completed(self, name: str, interaction: Interaction, usage: Usage) -> PollAnswer:
        for content in _contents(interaction):
            if _field(content, "type") != "video":
                continue
            uri, data = _field(content, "uri"), _field(content, "data")
            if uri:
                return PollAnswer(OperationState.DONE, progress=1.0, result=str(uri), usage=usage)
            if data:
                await self._downloads.keep(name, await asyncio.to_thread(_decoded, data))
                return PollAnswer(OperationState.DONE, progress=1.0, result=INLINE, usage=usage)
        reason = _text(interaction) or "It ended without a video and without a reason."
        return PollAnswer(OperationState.FILTERED, reason=reason, usage=usage)


def _field(thing: object, name: str) -> Any:
    """A field of one of the SDK's objects, or of a dict where the SDK did not know the shape."""
    return thing.get(name) if isinstance(thing, dict) else getattr(thing, name, None)


def _contents(interaction: Interaction) -> list[object]:
    """What the model put out, thoughts left out; the video the SDK picked comes last, in case a step hides it."""
    contents: list[object] = []
    for step in interaction.steps or []:
        if _field(step, "type") == "model_output":
            contents += _field(step, "content") or []
    return [*contents, interaction.output_video] if interaction.output_video else contents


def _text(interaction: Interaction) -> str:
    texts = [str(_field(part, "text") or "") for part in _contents(interaction) if _field(part, "type") == "text"]
    return one_line(" ".join(texts) or str(interaction.output_text or ""))


def _error(interaction: Interaction) -> tuple[object, str]:
    for error in interaction.errors or []:
        return error_parts(error)
    for step in interaction.steps or []:
        if _field(step, "error"):
            return error_parts(_field(step, "error"))
    return None, _text(interaction)


def _decoded(data: Any) -> bytes:
    if isinstance(data, bytes):
        return data
    try:
        return base64.b64decode(str(data).translate(str.maketrans("-_", "+/")))
    except binascii.Error:
        return b"not base64"


def _usage(interaction: Interaction) -> Usage:
    account = interaction.usage
    if account is None:
        return Usage()
    raw = account.model_dump(mode="json", exclude_none=True)
    return Usage(input_tokens=raw.get("total_input_tokens"), output_tokens=raw.get("total_output_tokens"), raw=raw)
