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

    from vidpipe_tui.providers.google.downloads import Downloads
    from vidpipe_tui.providers.google.gateway import Gateway
    from vidpipe_tui.providers.google.limiter import Lane

INLINE = "inline"
WAITING = {"in_progress", "queued"}
FAMILY = "gemini-omni-"
Answer = dict[str, Any]


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

        async def send(client: AsyncClient) -> Answer:
            answer = client.interactions.with_raw_response.create(
                model=request.model,
                input=[{"type": "text", "text": request.prompt}, *images],
                response_format=response_format,
                generation_config={"video_config": {"task": "image_to_video"}},
                background=True,
                store=True,
            )
            return await _raw(answer)

        subject = Subject(request.model, last_frame=True)
        async with self._gateway.asked(
            send, subject, lane=lane, location=self._location, pictures=frames
        ) as interaction:
            if not interaction.get("id"):
                raise InDoubtError(
                    "Google took the clip on, it seems, but gave it no name.",
                    hint="It may be billed: settle it with `vidpipe doubt`.",
                )
            return Submission(str(interaction["id"]))

    async def poll(self, name: str) -> PollAnswer:
        """How the interaction stands; an id that Google does not know is lost."""

        async def send(client: AsyncClient) -> Answer:
            return await _raw(client.interactions.with_raw_response.get(id=name))

        subject = Subject("Gemini Omni", free=True, thing="interaction of this id")
        try:
            async with self._gateway.asked(send, subject, location=self._location) as interaction:
                return await self._answer(name, interaction)
        except ExpiredError as error:
            return PollAnswer(OperationState.LOST, reason=error.message)

    async def cancel(self, name: str) -> bool:
        """Asks Google to give the interaction up; False where it is gone already."""

        async def send(client: AsyncClient) -> Answer:
            return await _raw(client.interactions.with_raw_response.cancel(id=name))

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

    async def _answer(self, name: str, interaction: Answer) -> PollAnswer:
        status, usage = str(interaction.get("status")), _usage(interaction)
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

    async def _completed(self, name: str, interaction: Answer, usage: Usage) -> PollAnswer:
        for content in _contents(interaction):
            if content.get("type") != "video":
                continue
            if content.get("uri"):
                return PollAnswer(OperationState.DONE, progress=1.0, result=str(content["uri"]), usage=usage)
            if content.get("data"):
                await self._downloads.keep(name, await asyncio.to_thread(_decoded, str(content["data"])))
                return PollAnswer(OperationState.DONE, progress=1.0, result=INLINE, usage=usage)
        reason = _text(interaction) or "It ended without a video and without a reason."
        return PollAnswer(OperationState.FILTERED, reason=reason, usage=usage)


async def _raw(answer: Any) -> Answer:
    """The interaction as it came. The SDK would build its types anew for every answer, 7 ms of each poll's turn."""
    from google.genai.errors import APIError

    response = (await answer).http_response
    await APIError.raise_for_async_response(response)
    interaction = response.json()
    if not isinstance(interaction, dict):
        raise ValueError("an interaction that is no object")  # noqa: TRY004  # what an unreadable answer is everywhere
    return interaction


def _contents(interaction: Answer) -> list[Answer]:
    """What the model put out, thoughts left out; the one video the answer may name by itself comes last."""
    steps = [step for step in _list(interaction.get("steps")) if step.get("type") == "model_output"]
    contents = [content for step in steps for content in _list(step.get("content"))]
    return contents + _list(interaction.get("outputs")) + _list([interaction.get("output_video")])


def _list(value: object) -> list[Answer]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(interaction: Answer) -> str:
    texts = [str(part.get("text") or "") for part in _contents(interaction) if part.get("type") == "text"]
    return one_line(" ".join(texts))


def _error(interaction: Answer) -> tuple[object, str]:
    steps = [step.get("error") for step in _list(interaction.get("steps"))]
    for error in _list([interaction.get("error"), *_list(interaction.get("errors")), *steps]):
        return error_parts(error)
    return None, _text(interaction)


def _decoded(data: str) -> bytes:
    try:
        return base64.b64decode(data.translate(str.maketrans("-_", "+/")))
    except binascii.Error:
        return b"no base64"


def _usage(interaction: Answer) -> Usage:
    account = interaction.get("usage")
    if not isinstance(account, dict):
        return Usage()
    return Usage(
        input_tokens=account.get("total_input_tokens"), output_tokens=account.get("total_output_tokens"), raw=account
    )
