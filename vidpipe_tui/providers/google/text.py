"""Storyboards and softened prompts from Google's text models, by structured output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, Field, create_model

from vidpipe_tui.providers.base import SoftenAnswer, SoftenRequest, StoryboardAnswer, StoryboardRequest, Usage
from vidpipe_tui.providers.errors import BadAnswerError, FilteredError, RefusedRequestError, RetryLaterError
from vidpipe_tui.providers.google.answers import blocked, reason_of, text_of, usage_of
from vidpipe_tui.providers.google.errors import Subject
from vidpipe_tui.providers.google.instruction import SOFTEN, SYSTEM, soften_text, storyboard_text

if TYPE_CHECKING:
    from google.genai.client import AsyncClient
    from google.genai.types import GenerateContentConfig, GenerateContentResponse

    from vidpipe_tui.providers.google.gateway import Gateway
    from vidpipe_tui.providers.models import Catalogue

TEMPERATURES = (1.0, 0.7, 0.4)
INT32 = 2**31 - 1


class StyleGuideAnswer(BaseModel):
    """What every frame shares."""

    visual_style: str
    color_palette: str
    camera_style: str


class SubjectAnswer(BaseModel):
    """A character or place that is seen in several scenes."""

    name: str
    kind: Literal["character", "place"]


class SceneAnswer(BaseModel):
    """One scene as the model writes it."""

    scene_description: str
    start_frame_prompt: str
    end_frame_prompt: str
    video_motion_prompt: str
    transition_notes: str
    references: list[str]


class TextModels:
    """Writes storyboards and softens prompts."""

    def __init__(self, gateway: Gateway, catalogue: Catalogue, per_minute: int) -> None:
        self._gateway = gateway
        self._catalogue = catalogue
        self._per_minute = per_minute
        self._without_temperature: set[str] = set()

    async def write(self, request: StoryboardRequest) -> StoryboardAnswer:
        """One storyboard, as the text the model wrote. Raises a ProviderError; an unusable answer: BadAnswerError."""
        temperature = self._temperature(request)

        def config() -> GenerateContentConfig:
            from google.genai import types

            return types.GenerateContentConfig(
                system_instruction=SYSTEM,
                response_mime_type="application/json",
                response_schema=storyboard_schema(request),
                seed=(request.seed + request.attempt - 1) % INT32,
                temperature=temperature,
            )

        raw, usage = await self._text(request.model, storyboard_text(request), config, temperature is not None)
        return StoryboardAnswer(raw, usage)

    async def soften(self, request: SoftenRequest) -> SoftenAnswer:
        """The prompt in milder words. Raises a ProviderError."""

        def config() -> GenerateContentConfig:
            from google.genai import types

            return types.GenerateContentConfig(system_instruction=SOFTEN)

        text, usage = await self._text(request.model, soften_text(request.prompt, request.reason), config, False)
        return SoftenAnswer(text.strip().strip('"').strip(), usage)

    async def _text(self, model: str, content: str, config: Any, with_temperature: bool) -> tuple[str, Usage]:
        async def send(client: AsyncClient) -> GenerateContentResponse:
            return await client.models.generate_content(model=model, contents=content, config=config())

        lane = self._gateway.lane(model, self._per_minute)
        try:
            async with self._gateway.asked(send, Subject(model), lane=lane) as response:
                return _whole_text(response), usage_of(response)
        except RefusedRequestError as error:
            if with_temperature and "temperature" in error.message.lower():
                self._without_temperature.add(model)
                raise RetryLaterError(
                    f"{model} takes no temperature any more; it is asked again without one.", wait_seconds=0
                ) from None
            raise

    def _temperature(self, request: StoryboardRequest) -> float | None:
        """Another temperature for each later try, where the model takes one; None leaves it to the model."""
        takes_one = self._catalogue.text(request.model).temperature and request.model not in self._without_temperature
        if not takes_one or request.attempt < 2:
            return None
        return TEMPERATURES[min(request.attempt - 1, len(TEMPERATURES) - 1)]


def storyboard_schema(request: StoryboardRequest) -> type[BaseModel]:
    """The schema of the answer: exactly the scenes asked for, or at most as many as are allowed."""
    least, most = request.scene_count or 1, request.scene_count or request.max_scenes
    scenes: Any = (list[SceneAnswer], Field(min_length=least, max_length=most))
    guide: Any = (StyleGuideAnswer, ...)
    cast: Any = (list[SubjectAnswer], ...)
    return create_model("StoryboardSchema", style_guide=guide, cast=cast, scenes=scenes)


def _whole_text(response: GenerateContentResponse) -> str:
    """The text of an answer; a block, a cut, thoughts alone and nothing at all are told apart."""
    why = blocked(response)
    if why:
        raise FilteredError(
            f"Google's filter refused the text: {why}", hint="Say the idea differently, then start again."
        )
    text, thoughts = text_of(response)
    reason, usage = reason_of(response), usage_of(response)
    if reason == "MAX_TOKENS":
        raise BadAnswerError(
            "The model's answer was cut off: it was longer than the model may write.",
            hint="Ask for fewer scenes, or for shorter descriptions.",
            raw=text,
            usage=usage,
        )
    if text.strip():
        return text
    said = "thought, but wrote no answer" if thoughts else "answered with nothing"
    raise BadAnswerError(
        f"The model {said} (it gave {reason or 'no reason'}).", hint="It is asked again.", raw=text, usage=usage
    )
