"""The top line of a project: title, state, how far, money, time left. Pure functions."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from rich.cells import cell_len

from vidpipe_tui.domain.statuses import ProjectStatus
from vidpipe_tui.domain.views import ProjectView
from vidpipe_tui.widgets.line import Part
from vidpipe_tui.widgets.scene_facts import Progress, done_of_total, headline, held, is_stale, time_left
from vidpipe_tui.widgets.states import STALE, view_look
from vidpipe_tui.widgets.trouble_words import key_of, project_sentence
from vidpipe_tui.widgets.words import bar, clock, fit, fit_path, listed, money, one_line

_PATH = 32
"""Cells that a path gets at least; with less beside it, it has a line of its own."""


def head_parts(
    project: ProjectView, progress: Progress, now: datetime, width: int, plain: bool, step: int
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Left and right parts of the top line. Where there is too little room the bar goes first, then the time left."""
    look = view_look(project)
    state = f"{look.mark(plain, step)} {headline(project)}"
    count = len(stale_scenes(project)) if project.status is ProjectStatus.COMPLETE else 0
    stale = f"   {STALE.mark(plain)} {count} stale" if count else ""
    spend = money(project.spent) + (f" of {money(project.budget)}" if project.budget is not None else "")
    seconds = time_left(project, now)
    right: list[Part] = []
    if seconds is not None:
        right.append((f"about {clock(seconds)} left   ", "line--muted"))
    if project.film_seconds and project.film_current:
        right.append((f"film {clock(project.film_seconds)}   ", "line--muted"))
    right.append((spend, ""))
    # The title has what is left; no less than a third, because bar and times can give way.
    cells = 20 if width >= 110 else 12
    room = width - 2 - cell_len(state) - cell_len(stale) - 4 - sum(cell_len(text) for text, _ in right)
    title = one_line(project.title)
    title = fit(title, min(cell_len(title), max(12, width // 3, room - cells - 3)))
    if cells + 3 + cell_len(title) <= room:
        full, empty = bar(done_of_total(project, progress), cells, plain=plain)
        right[:0] = [(full, look.css_class), (empty, "line--rule"), ("   ", "")]
    left: tuple[Part, ...] = ((f"{title}   ", "line--bright"), (state, look.css_class))
    return (*left, (stale, STALE.css_class)) if stale else left, tuple(right)


def draft_words(indices: Collection[int | None]) -> str:
    """Where drafts wait, by scene index (None: the style guide); '' for nowhere."""
    numbers = sorted(index + 1 for index in indices if index is not None)
    places = [f"scene{'s' if len(numbers) > 1 else ''} {', '.join(map(str, numbers))}"] if numbers else []
    places += ["the style guide"] if None in indices else []
    return f"Draft in {' and '.join(places)}, not applied: {key_of('edit')} shows it." if places else ""


def trouble_words(project: ProjectView, width: int = 1_000, *, draft: str = "") -> tuple[str, str]:
    """What is wrong with the whole film and what to press, or where the finished film lies; '' for neither.

    With it the class suffix it is drawn in ('' for muted). The path is cut to `width` cells in its middle. `draft`
    comes first: something was typed in the editor and not applied.
    """
    kept = f"{draft} " if draft else ""
    if project.trouble is not None:
        look = "-trouble" if project.status is ProjectStatus.FAILED else "-warning"
        return kept + project_sentence(project, project.trouble), "" if project.trouble.kind == "interrupted" else look
    if project.status is not ProjectStatus.COMPLETE or project.output_path is None:
        return kept.rstrip(), "-warning" if kept else ""
    numbers = [str(index + 1) for index in project.missing_scenes]
    missing = f"Without scene{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}. " if numbers else ""
    said = f"{kept}{missing}{stale_words_of(project)}"
    room = width - cell_len(said)
    return said + fit_path(str(project.output_path), room if room >= _PATH else width), "-warning" if said else ""


def stale_words_of(project: ProjectView) -> str:
    """What in a finished film is no longer as it was asked for, and the key for it; '' for nothing."""
    stale = stale_scenes(project)
    if not stale:
        return "" if project.film_current else f"Out of date; {key_of('run')} joins it again. "
    which = f"{len(stale)} scenes are" if len(stale) > 4 else f"Scene {stale[0]} is"
    if 1 < len(stale) <= 4:
        which = f"Scenes {listed(stale)} are"
    if all(held(project, scene) for scene in project.scenes if is_stale(project, scene)):
        return f"{which} stale, but pinned: {key_of('pin')} frees what is to be redone. "
    return f"{which} stale; {key_of('run')} shows what redoing costs. "


def stale_scenes(project: ProjectView) -> list[str]:
    """The numbers of the scenes in which a cascade would redo something."""
    return [str(scene.number) for scene in project.scenes if is_stale(project, scene)]
