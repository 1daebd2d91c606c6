"""Keyframes from Google's image models: generate_content with image output."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from vidpipe_tui.providers.base import ImageAnswer, ImageRequest
from vidpipe_tui.providers.errors import BadAnswerError, FilteredError
from vidpipe_tui.providers.google.answers import blocked, parts_of, reason_of, text_of, usage_of
from vidpipe_tui.providers.google.errors import Subject
from vidpipe_tui.providers.google.failures import one_line
from vidpipe_tui.providers.google.instruction import reference_label
from vidpipe_tui.providers.google.pictures import Picture, read_picture
from vidpipe_tui.providers.google.spool import spooled_path

if TYPE_CHECKING:
    from google.genai.client import AsyncClient
    from google.genai.types import GenerateContentResponse

    from vidpipe_tui.providers.google.gateway import Gateway
    from vidpipe_tui.providers.models import Catalogue

CONDITION_LABEL = (
    "The frame before this one. Keep its style, light, characters, wardrobe, place and composition; change only what "
    "the prompt says:"
)


class ImageModels:
    """Draws keyframes."""

    def __init__(self, gateway: Gateway, catalogue: Catalogue, per_minute: int) -> None:
        self._gateway = gateway
        self._catalogue = catalogue
        self._per_minute = per_minute

    async def draw(self, request: ImageRequest) -> ImageAnswer:
        """One picture as it came. Raises a ProviderError; thoughts and extra pictures are skipped."""
        labelled = await self._pictures(request)

        async def send(client: AsyncClient) -> GenerateContentResponse:
            from google.genai import types

            parts = []
            for label, one in labelled:
                image = types.Part.from_bytes(data=one.stand_in, mime_type=one.kind)
                parts += [types.Part.from_text(text=label), image]
            parts.append(types.Part.from_text(text=request.prompt))
            return await client.models.generate_content(
                model=request.model,
                contents=types.Content(role="user", parts=parts),
                config=types.GenerateContentConfig(
                    response_modalities=["IMAGE"],
                    image_config=types.ImageConfig(aspect_ratio=request.aspect_ratio, image_size=request.image_size),
                ),
            )

        lane = self._gateway.lane(request.model, self._per_minute)
        pictures = [one for _label, one in labelled]
        async with self._gateway.asked(send, Subject(request.model), lane=lane, pictures=pictures) as response:
            return await self._picture(response)

    async def _pictures(self, request: ImageRequest) -> list[tuple[str, Picture]]:
        """The frame before and the references with their labels, up to what the model takes."""
        wanted = [(CONDITION_LABEL, request.condition)] if request.condition else []
        wanted += [(reference_label(reference), reference.path) for reference in request.references]
        limits = self._catalogue.images.get(request.model)
        allowed = wanted[: limits.max_references] if limits else wanted
        return [(label, await read_picture(path)) for label, path in allowed]

    @staticmethod
    async def _picture(response: GenerateContentResponse) -> ImageAnswer:
        usage = usage_of(response, images=1)
        for part in parts_of(response):
            blob = part.inline_data
            if part.thought or blob is None or not blob.data:
                continue
            kind = blob.mime_type or "image/png"
            if not kind.startswith("image/"):
                continue
            file = spooled_path(blob.data)
            data = blob.data if file is None else await asyncio.to_thread(file.read_bytes)
            return ImageAnswer(data, kind, usage)
        why = blocked(response)
        if why:
            raise FilteredError(f"Google's filter refused the picture: {why}", hint="Change the prompt of this frame.")
        raise BadAnswerError(
            _nothing_drawn(response),
            hint="It is asked again; if it stays so, change the prompt.",
            raw=text_of(response)[0],
            usage=usage_of(response, images=0),
        )


def _nothing_drawn(response: GenerateContentResponse) -> str:
    text, thoughts = text_of(response)
    reason = reason_of(response) or "no reason given"
    if text.strip():
        return f"The image model wrote instead of drawing ({reason}): {one_line(text)}"
    return f"The image model {'thought, but drew' if thoughts else 'drew'} nothing ({reason})."
