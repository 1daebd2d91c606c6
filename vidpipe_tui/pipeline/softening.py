"""The softened prompt: written once by the text model after a filter said no, where the person allowed it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vidpipe_tui.domain.graph import Graph, Scene
from vidpipe_tui.domain.inputs import canonical_hash
from vidpipe_tui.domain.text import clean
from vidpipe_tui.pipeline.context import GivenUpError, RunContext
from vidpipe_tui.pipeline.paid import CallTerms, pay, with_retries
from vidpipe_tui.providers.base import SoftenAnswer, SoftenRequest
from vidpipe_tui.providers.errors import InDoubtError, ProviderError
from vidpipe_tui.providers.pricing import softer_tokens, text_cost


async def softened_prompt(
    context: RunContext, graph: Graph, scene: Scene, overrides: Mapping[str, Any], reason: str
) -> str | None:
    """A milder motion prompt, or None where that is not allowed, not offered, or did not work."""
    if not graph.auto_soften:
        return None
    try:
        prompt = await ask_for_softer(context, graph, scene, overrides, reason)
    except (ProviderError, GivenUpError):
        return None
    if prompt is not None:
        async with context.transaction("soften.said") as transaction:
            transaction.say(
                "clip", f"Scene {scene.number}: asking with a softer prompt: {prompt}", scene_index=scene.index
            )
    return prompt


async def ask_for_softer(
    context: RunContext, graph: Graph, scene: Scene, overrides: Mapping[str, Any], reason: str
) -> str | None:
    """One call to the text model; None where the provider has no such thing. Raises ProviderError, GivenUpError."""
    softener = context.provider.softener
    if softener is None:
        return None
    own = str(overrides.get("prompt") or scene.video_motion_prompt)
    request = SoftenRequest(prompt=own, reason=reason, model=graph.storyboard_model)
    tokens = softer_tokens(own)
    terms = CallTerms(
        kind="soften",
        slot="clip",
        model=request.model,
        request_hash=canonical_hash({"kind": "soften", "prompt": own, "reason": reason, "model": request.model}),
        estimate=context.catalogue.text(request.model).price.of_tokens(tokens, tokens),
        units={"input_tokens": tokens, "output_tokens": tokens},
        scene=scene,
        cost=lambda answer: text_cost(context.catalogue, request.model, answer.usage),
    )

    async def attempt() -> tuple[int, SoftenAnswer]:
        return await pay(context, graph, terms, lambda: softener.soften(request))

    _, answer = await with_retries(
        context, f"{scene.index}/soften", f"Scene {scene.number}, softer prompt", attempt, again_on=(InDoubtError,)
    )
    return clean(answer.prompt).strip() or None
