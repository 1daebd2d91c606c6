"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vidpipe_tui.domain.commands import NewReference
from vidpipe_tui.domain.vocabulary import STYLES
from vidpipe_tui.services.creation import check_budget

ProjectId = Annotated[str, typer.Argument(metavar="ID", help="A project: its id, or any unique beginning of it.")]
Prompt = Annotated[str, typer.Argument(metavar="PROMPT", help="What the film shows; - reads it from standard input.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout, and nothing else there.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Agree beforehand to what it costs.")]
Budget = Annotated[
    float | None, typer.Option(metavar="USD", callback=check_budget, help="The most this film may spend.")
]
Scene = Annotated[int, typer.Option("--scene", metavar="N", help="The scene, counted from 1.")]
Title = Annotated[str | None, typer.Option(help="Title; made of the prompt where it is left away.")]
Style = Annotated[str | None, typer.Option(help=f"Look: {', '.join(STYLES)}.")]
Ratio = Annotated[str | None, typer.Option("--aspect-ratio", help="16:9, 9:16 or 1:1.")]
Duration = Annotated[int | None, typer.Option("--clip-duration", metavar="S", help="Seconds per clip, 1 to 15.")]
Scenes = Annotated[int | None, typer.Option(metavar="N", help="How many scenes; else as many as the prompt asks for.")]
Provider = Annotated[str | None, typer.Option(help="Who makes pictures and clips: local, google, ...")]
Review = Annotated[str, typer.Option(help="Where to stop for you: none, storyboard, keyframes, both.")]
Crossfade = Annotated[float | None, typer.Option(metavar="S", help="Crossfade between clips, in seconds.")]
Seed = Annotated[int | None, typer.Option(help="Seed, for the same film again.")]
Resolution = Annotated[str | None, typer.Option(help="Resolution of the clips: 720p, 1080p, ... by model.")]
Audio = Annotated[bool, typer.Option("--audio/--no-audio", help="Clips with or without sound.")]
References = Annotated[
    list[str] | None,
    typer.Option(
        "--reference",
        metavar="PATH[=TAG[:KIND]]",
        help="A picture that holds something steady; KIND is character (the default), place or style.",
    ),
]


def references(values: list[str] | None) -> tuple[NewReference, ...]:
    """PATH[=TAG[:KIND]] as references; a file whose own name holds a `=` is taken as it is."""
    found = []
    for value in values or ():
        path, separator, name = value.rpartition("=")
        if separator and not Path(value).exists():
            tag, _colon, kind = name.partition(":")
            found.append(NewReference(Path(path), tag, kind or "character"))
        else:
            found.append(NewReference(Path(value)))
    return tuple(found)
