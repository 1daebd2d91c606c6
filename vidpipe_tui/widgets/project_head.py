"""The top line of a project: title, state, how far, money, time left. Pure functions."""

from __future__ import annotations

from datetime import datetime

from vidpipe_tui.domain.statuses import ProjectStatus
from vidpipe_tui.domain.views import ProjectView
from vidpipe_tui.widgets.line import Part
from vidpipe_tui.widgets.scene_facts import Progress, done_of_total, headline, is_stale, time_left
from vidpipe_tui.widgets.states import STALE, project_look
from vidpipe_tui.widgets.words import bar, clock, fit, listed, money, one_line


def head_parts(
    project: ProjectView, progress: Progress, now: datetime, width: int, plain: bool, step: int
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Left and right parts of the top line. Where there is too little room the bar goes first, then the time left."""
    look = project_look(project.status, driven=project.driven)
    title = fit(one_line(project.title), max(12, width // 3)).rstrip()
    left: tuple[Part, ...] = (
        (f"{title}   ", "line--bright"),
        (f"{look.mark(plain, step)} {headline(project)}", look.css_class),
    )
    if project.status is ProjectStatus.COMPLETE and (stale := stale_scenes(project)):
        left = (*left, (f"   {STALE.mark(plain)} {len(stale)} stale", STALE.css_class))
    full, empty = bar(done_of_total(project, progress), 20 if width >= 110 else 12, plain=plain)
    spend = money(project.spent) + (f" of {money(project.budget)}" if project.budget is not None else "")
    seconds = time_left(project, now)
    right: list[Part] = [(full, look.css_class), (empty, "line--rule"), ("   ", "")]
    if seconds is not None:
        right.append((f"about {clock(seconds)} left   ", "line--muted"))
    if project.film_seconds and project.film_current:
        right.append((f"film {clock(project.film_seconds)}   ", "line--muted"))
    right.append((spend, ""))
    return left, tuple(right)


def trouble_words(project: ProjectView) -> str:
    """What is wrong with the whole film and what to press, or where the finished film lies; '' for neither."""
    if project.trouble is not None:
        sentence = one_line(f"{project.trouble.message} {project.trouble.hint}")
        if project.trouble.kind == "budget":
            sentence += "   B raises the budget, r goes on."
        return sentence
    if project.status is ProjectStatus.COMPLETE and project.output_path is not None:
        missing = ", ".join(str(index + 1) for index in project.missing_scenes)
        without = f"without scene {missing}; " if missing else ""
        return f"{without}{_outdated(project)}{project.output_path}"
    return ""


def _outdated(project: ProjectView) -> str:
    """What in a finished film is no longer as it was asked for, and the key for it."""
    stale = stale_scenes(project)
    if len(stale) > 4:
        return f"{len(stale)} scenes are stale, r shows what redoing costs; "
    if stale:
        which = "scene" if len(stale) == 1 else "scenes"
        return f"{which} {listed(stale)} {'is' if len(stale) == 1 else 'are'} stale, r shows what redoing costs; "
    return "" if project.film_current else "out of date, r joins it again; "


def stale_scenes(project: ProjectView) -> list[str]:
    """The numbers of the scenes in which a cascade would redo something."""
    return [str(scene.number) for scene in project.scenes if is_stale(project, scene)]


def empty_words(project: ProjectView) -> str:
    """What stands where the scenes will be, as long as there are none."""
    if project.driven:
        return "The storyboard is being written; scenes appear here."
    if project.storyboard_raw is not None:
        return "The model's answer was no storyboard. E opens it in your editor, r asks again."
    return "There is no storyboard yet. Press r to run: it is written first."
