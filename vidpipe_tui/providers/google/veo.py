"""Veo on Vertex AI: long-running operations, known by their full name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vidpipe_tui.providers.base import ClipRequest, OperationState, PollAnswer, Submission
from vidpipe_tui.providers.errors import ExpiredError, InDoubtError, NoAccessError
from vidpipe_tui.providers.google.errors import Subject
from vidpipe_tui.providers.google.failures import one_line
from vidpipe_tui.providers.google.omni import INLINE
from vidpipe_tui.providers.google.outcomes import ended_in_error, error_parts
from vidpipe_tui.providers.google.pictures import read_picture

if TYPE_CHECKING:
    from google.genai.client import AsyncClient
    from google.genai.types import GenerateVideosOperation, GenerateVideosResponse

    from vidpipe_tui.providers.google.downloads import Downloads
    from vidpipe_tui.providers.google.gateway import Gateway
    from vidpipe_tui.providers.google.limiter import Lane

_LOCATION = re.compile(r"locations/([a-z0-9-]+)/")


class Veo:
    """Submits and polls Veo's operations. They cannot be cancelled."""

    def __init__(self, gateway: Gateway, downloads: Downloads, gcs_uri: str | None) -> None:
        self._gateway = gateway
        self._downloads = downloads
        self._gcs_uri = gcs_uri

    async def submit(self, request: ClipRequest, lane: Lane) -> Submission:
        """One call; the operation goes on by itself from then on."""
        frames = [await read_picture(request.start), await read_picture(request.end)]

        async def send(client: AsyncClient) -> GenerateVideosOperation:
            from google.genai import types

            first, last = [types.Image(image_bytes=one.stand_in, mime_type=one.kind) for one in frames]
            return await client.models.generate_videos(
                model=request.model,
                source=types.GenerateVideosSource(prompt=request.prompt, image=first),
                config=types.GenerateVideosConfig(
                    last_frame=last,
                    number_of_videos=1,
                    duration_seconds=round(request.seconds),
                    aspect_ratio=request.aspect_ratio,
                    resolution=request.resolution,
                    generate_audio=request.audio,
                    seed=request.seed,
                    output_gcs_uri=self._gcs_uri,
                ),
            )

        subject = Subject(request.model, last_frame=True)
        async with self._gateway.asked(send, subject, lane=lane, pictures=frames) as operation:
            if not operation.name:
                raise InDoubtError(
                    "Google took the clip on, it seems, but gave it no name.",
                    hint="It may be billed: settle it with `vidpipe doubt`.",
                )
            return Submission(operation.name)

    async def poll(self, name: str) -> PollAnswer:
        """How the operation stands, asked by its name alone; one that Google does not know is lost."""
        if self._gateway.road.kind == "key":
            raise NoAccessError(
                "This clip was submitted on Vertex AI, which the API key of this road cannot ask.",
                hint="Set google.use_vertex_ai = true with the project it was made in, then resume.",
            )

        async def send(client: AsyncClient) -> GenerateVideosOperation:
            from google.genai import types

            operation = types.GenerateVideosOperation()
            operation.name = name
            return await client.operations.get(operation)

        place = _LOCATION.search(name)
        subject = Subject("Veo", free=True, thing="operation of this name")
        try:
            location = place[1] if place else None
            async with self._gateway.asked(send, subject, location=location) as operation:
                return await self._answer(name, operation)
        except ExpiredError as error:
            return PollAnswer(OperationState.LOST, reason=error.message)

    async def _answer(self, name: str, operation: GenerateVideosOperation) -> PollAnswer:
        if operation.error:
            return ended_in_error(*error_parts(operation.error))
        if not operation.done:
            return PollAnswer(OperationState.RUNNING, progress=_progress(operation))
        response = operation.response or operation.result
        for generated in (response.generated_videos if response else None) or []:
            video = generated.video
            if video is not None and video.video_bytes:
                await self._downloads.keep(name, video.video_bytes)
                return PollAnswer(OperationState.DONE, progress=1.0, result=INLINE)
            if video is not None and video.uri:
                return PollAnswer(OperationState.DONE, progress=1.0, result=video.uri)
        return PollAnswer(OperationState.FILTERED, reason=_reason(response))


def _progress(operation: GenerateVideosOperation) -> float | None:
    percent = (operation.metadata or {}).get("progressPercent")
    return min(max(percent / 100, 0.0), 1.0) if isinstance(percent, int | float) else None


def _reason(response: GenerateVideosResponse | None) -> str:
    reasons = (response.rai_media_filtered_reasons if response else None) or []
    said = one_line(" ".join(reasons))
    if said:
        return said
    counted = response.rai_media_filtered_count if response else None
    return "Google's filter took the video away." if counted else "It ended without a video and without a reason."
