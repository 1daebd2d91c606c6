"""Commands that begin a film: generate, estimate."""

from __future__ import annotations

import codecs
import sys

import typer

from vidpipe_tui.cli import documents, options, output, session
from vidpipe_tui.domain.commands import NewProject, RunOptions
from vidpipe_tui.domain.views import Estimate
from vidpipe_tui.domain.vocabulary import MAX_PROMPT
from vidpipe_tui.errors import UsageError
from vidpipe_tui.services.studio import Studio

MOST_BYTES = 8 * MAX_PROMPT


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(generate)
    app.command()(estimate)


def generate(
    prompt: options.Prompt,
    title: options.Title = None,
    style: options.Style = None,
    aspect_ratio: options.Ratio = None,
    clip_duration: options.Duration = None,
    scenes: options.Scenes = None,
    provider: options.Provider = None,
    review: options.Review = "none",
    budget: options.Budget = None,
    crossfade: options.Crossfade = None,
    seed: options.Seed = None,
    resolution: options.Resolution = None,
    audio: options.Audio = True,
    reference: options.References = None,
    yes: options.Yes = False,
    json: options.Json = False,
) -> int:
    """Make a film of a prompt: storyboard, keyframes, clips, film.

    Without a key it is made on this machine. It ends with the path of the film on stdout. What was begun is never
    lost: `vidpipe resume ID` goes on where it stopped.
    """
    new = NewProject(
        prompt=read_prompt(prompt),
        title=title,
        style=style,
        aspect_ratio=aspect_ratio,
        clip_seconds=clip_duration,
        scenes=scenes,
        provider=provider,
        review=review,
        budget=budget,
        crossfade=crossfade,
        seed=seed,
        resolution=resolution,
        audio=audio,
        auto_soften=yes,
        references=options.references(reference),
    )

    async def command(studio: Studio) -> int:
        price = await studio.estimate(new)
        agree(price, yes=yes, budget=budget)
        project_id, notices = await studio.create_noting(new)
        for notice in notices:
            output.tell(notice)
        output.tell(f"Project {project_id}")
        return await session.see_through(studio, project_id, RunOptions())

    return session.with_studio(command)


def read_prompt(prompt: str) -> str:
    """The prompt itself, or standard input for `-`; raises UsageError where it is no text."""
    if prompt != "-":
        return prompt
    if sys.stdin is None:
        raise UsageError("Standard input is closed.", hint="Pipe a text into it, or type the prompt.")
    data = sys.stdin.buffer.read(MOST_BYTES)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        # What was cut off is far above the limit of a prompt: only its beginning is looked at to say so.
        return decoder.decode(data, final=len(data) < MOST_BYTES)
    except UnicodeDecodeError:
        raise UsageError("Standard input is no UTF-8 text.", hint="Pipe a text file into it.") from None


def agree(price: Estimate, *, yes: bool, budget: float | None) -> None:
    """Shows what it costs and has it agreed to; raises UsageError where nobody agreed or can be asked."""
    if price.total <= 0:
        return
    output.tell(price_text(price))
    if yes or budget is not None:
        return
    if not session.ask(f"This costs about ${price.total:.2f}. Go on?"):
        raise UsageError(
            f"This costs about ${price.total:.2f} with {price.provider}.",
            hint="Agree with --yes, or limit it with --budget.",
        )


def price_text(price: Estimate) -> str:
    """An estimate in lines, money right-aligned."""
    lines = [
        f"  {stage.stage:<11}{stage.count:>4} {stage.units:<16}${stage.total:>8.2f}"
        for stage in price.stages
        if stage.count and stage.stage != "film"
    ]
    note = [f"  {price.note}"] if price.note else []
    return "\n".join(["Estimate:", *lines, f"  {'total':<32}${price.total:>8.2f}", *note])


def estimate(
    prompt: options.Prompt,
    style: options.Style = None,
    aspect_ratio: options.Ratio = None,
    clip_duration: options.Duration = None,
    scenes: options.Scenes = None,
    provider: options.Provider = None,
    resolution: options.Resolution = None,
    audio: options.Audio = True,
    reference: options.References = None,
    json: options.Json = False,
) -> int:
    """Say what a film would cost, by stage. Nothing is made or stored."""
    new = NewProject(
        prompt=read_prompt(prompt),
        style=style,
        aspect_ratio=aspect_ratio,
        clip_seconds=clip_duration,
        scenes=scenes,
        provider=provider,
        resolution=resolution,
        audio=audio,
        references=options.references(reference),
    )

    async def command(studio: Studio) -> int:
        price = await studio.estimate(new)
        if json:
            output.document(documents.estimate(price))
        else:
            output.line(price_text(price))
        return 0

    return session.with_studio(command)
