"""What can be done with a whole film, from the list and from its own screen: run, stop, rename, delete, copy, open."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from vidpipe_tui.domain.commands import RunOptions
from vidpipe_tui.domain.statuses import ProjectStatus
from vidpipe_tui.domain.views import Estimate
from vidpipe_tui.domain.vocabulary import MAX_TITLE
from vidpipe_tui.screens.dialogs import AskText, confirm
from vidpipe_tui.widgets.words import counted, money, one_line, short_title

if TYPE_CHECKING:
    from vidpipe_tui.app import VidpipeApp


def priced(estimate: Estimate) -> str:
    """An estimate by stage as lines: what, how many, how much."""
    lines = [
        f"{stage.stage:<12} {counted(stage.count, stage.units.removesuffix('s')):<18} {money(stage.total):>9}"
        for stage in estimate.stages
        if stage.count
    ]
    return "\n".join([*lines, f"{'in all':<12} {'':<18} {money(estimate.total):>9}", estimate.note]).rstrip()


async def run(app: VidpipeApp, project_id: UUID) -> None:
    """Runs, resumes, or redoes what is stale in a finished film; the price by stage is agreed to first where it costs,
    and what is to be redone also where it is free.
    """
    studio = await app.service()
    project = await studio.project(project_id)
    stale = project.status is ProjectStatus.COMPLETE and bool(project.redone)
    estimate = await studio.run_estimate(project_id, cascade=stale)
    made = sum(stage.count for stage in estimate.stages if stage.stage != "film")
    if project.status is ProjectStatus.COMPLETE and not made and project.film_current:
        if stale:
            app.say("What is stale is pinned, and stays as it is.", hint="p frees it.")
        else:
            app.say("The film is complete; nothing in it is stale.", hint="n asks for a new take.")
        return
    if stale or estimate.total > 0:
        name = short_title(project.title)
        title, begin = (f"Redo what is stale in {name}?", "Redoing it") if stale else (f"Run {name}?", "Going on")
        price = f"{begin} will cost about:\n\n{priced(estimate)}"
        if await app.push_screen_wait(confirm(title, price, "run", key="r", no="not now")) != "yes":
            return
    await studio.start(project_id, RunOptions(cascade=stale))


async def stop(app: VidpipeApp, project_id: UUID) -> None:
    """Asks the process that drives it to stop."""
    await (await app.service()).stop(project_id)


async def rename(app: VidpipeApp, project_id: UUID, title: str) -> None:
    """Asks for another title."""
    wanted = await app.push_screen_wait(AskText("Title", value=title, check=_wrong_title, max_length=MAX_TITLE))
    if wanted is not None and wanted.strip() != title:
        await (await app.service()).rename(project_id, wanted.strip())


def _wrong_title(text: str) -> str:
    return "" if one_line(text) else "A title needs at least one letter."


async def set_budget(app: VidpipeApp, project_id: UUID, budget: float | None) -> None:
    """Asks for the most the film may cost."""
    value = "" if budget is None else f"{budget:.2f}"
    asked = AskText(
        "Budget", "The most this film may cost, in US dollars. Empty: no limit.", value=value, check=wrong_amount
    )
    text = await app.push_screen_wait(asked)
    if text is not None:
        await (await app.service()).set_budget(project_id, amount(text))


async def join(app: VidpipeApp, project_id: UUID, crossfade: float) -> None:
    """Asks for the crossfade and joins the clips there are again, as a new take of the film; costs nothing."""
    asked = AskText(
        "Join again",
        "A new film from the clips there are; the one before stays. Seconds of crossfade between them, or 0 for cuts.",
        value=f"{crossfade:g}",
        done="join",
        check=_wrong_seconds,
    )
    text = await app.push_screen_wait(asked)
    if text is None:
        return
    studio = await app.service()
    if _seconds(text) != crossfade:
        await studio.set_crossfade(project_id, _seconds(text))
    await studio.start(project_id, RunOptions(only_join=True, retry_ended=False))


def _seconds(text: str) -> float:
    return float(text.strip().replace(",", ".") or 0)


def _wrong_seconds(text: str) -> str:
    try:
        return "" if 0 <= _seconds(text) < float("inf") else "Not less than 0 seconds."
    except ValueError:
        return "A number of seconds, such as 0.5."


def amount(text: str) -> float | None:
    """A sum of money as people type it (`$6`, `6.50`, `6,50`); None for nothing. Raises ValueError."""
    bare = text.strip().lstrip("$").strip().replace(",", ".")
    if not bare:
        return None
    value = float(bare)
    if not 0 <= value < 1_000_000:
        raise ValueError(text)
    return value


def wrong_amount(text: str) -> str:
    """The sentence about a sum that is none; '' if it is right."""
    try:
        amount(text)
    except ValueError:
        return "A sum in US dollars, such as 6 or 6.50."
    return ""


async def open_outside(app: VidpipeApp, path: Path) -> None:
    """Opens a file in its own program; over SSH or without one the path is said, to be copied."""
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    far = os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY")
    at_home = sys.platform == "darwin" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    if far or not at_home or not shutil.which(opener):
        app.say(f"No program can be opened from here. The file is {path}", hint="y copies its path.")
        return
    process = await asyncio.create_subprocess_exec(
        opener,
        str(path),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        start_new_session=True,
    )
    if await process.wait():
        app.say(f"{opener} could not open {path}", severity="warning")
