"""What `vidpipe doctor` says about Google: asked by looking models up, which costs nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from vidpipe_tui.providers.base import Check, Road
from vidpipe_tui.providers.errors import ExpiredError, ProviderError
from vidpipe_tui.providers.google.errors import Subject

if TYPE_CHECKING:
    from google.genai.client import AsyncClient

    from vidpipe_tui.providers.google.catalogue import Table
    from vidpipe_tui.providers.google.gateway import Gateway
    from vidpipe_tui.providers.google.memory import Memory


async def examine(gateway: Gateway, table: Table, road: Road, memory: Memory) -> list[Check]:
    """One line for the road, one for each model, one for the last frame.

    A model that is not in use and does not answer is no fault of this machine: its line is neither good nor bad.
    """
    used = list(dict.fromkeys((road.storyboard_model, road.image_model, road.video_model)))
    try:
        first = await _look_up(gateway, table, used[0], in_use=True)
    except ProviderError as error:
        return [Check("google", False, f"{road.name}. {error.message}", error.hint)]
    known = table.catalogue
    others = [model for model in (*known.texts, *known.images, *known.videos) if model not in used]
    lines = await asyncio.gather(
        *(_line(gateway, table, model, in_use=True) for model in used[1:]),
        *(_line(gateway, table, model, in_use=False) for model in others),
    )
    return [Check("google", True, road.name), first, *lines, _last_frame(table, road.video_model, memory)]


async def _line(gateway: Gateway, table: Table, model: str, *, in_use: bool) -> Check:
    try:
        return await _look_up(gateway, table, model, in_use=in_use)
    except ProviderError as error:
        return Check(f"google {model}", False if in_use else None, error.message, error.hint)


async def _look_up(gateway: Gateway, table: Table, model: str, *, in_use: bool) -> Check:
    """The line of a model that answers or is gone; raises a ProviderError where the way there is the trouble."""

    async def send(client: AsyncClient) -> None:
        await client.models.get(model=model)

    subject = Subject(model, free=True, thing="model of this id")
    try:
        async with gateway.asked(send, subject, location=table.location(model)):
            return Check(f"google {model}", True, "answers" + ("; in use" if in_use else ""))
    except ExpiredError as error:
        instead = table.replacement(model)
        hint = f"Use {instead} instead." if instead else "Choose another model."
        return Check(f"google {model}", False if in_use else None, f"gone. {error.message}", hint)


def _last_frame(table: Table, model: str, memory: Memory) -> Check:
    refused = memory.refused_last_frame().get(model)
    if refused is not None:
        return Check(
            "google last frame",
            False,
            f"{model} refused it to this account on {refused:%Y-%m-%d}.",
            "Ask Google to allow last-frame control, or choose another model with models.video_gen.",
        )
    limits = table.catalogue.videos.get(model)
    if limits is not None and limits.last_frame:
        return Check("google last frame", True, f"{model} ends clips on a given frame; accounts may still be refused.")
    return Check("google last frame", None, f"Unknown for {model}: only a first clip will tell.")
