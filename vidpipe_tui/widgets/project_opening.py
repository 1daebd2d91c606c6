"""What is known of a project before it is read: the line of the list it was opened from. Pure functions."""

from __future__ import annotations

from vidpipe_tui.domain.views import ProjectRow
from vidpipe_tui.widgets.line import Part
from vidpipe_tui.widgets.states import project_look
from vidpipe_tui.widgets.words import bar, fit, money, one_line

OPENING = "Opening the film ..."


def opening_parts(row: ProjectRow | None, width: int, *, plain: bool) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Left and right parts of the top line as long as only the row is known; the places are those of the whole."""
    if row is None:
        return (), ()
    look = project_look(row.status, driven=row.driven)
    title = fit(one_line(row.title), max(12, width // 3)).rstrip()
    filled, empty = bar(row.done / row.total if row.total else 0.0, 20 if width >= 110 else 12, plain=plain)
    spend = money(row.spent) + (f" of {money(row.budget)}" if row.budget is not None else "")
    left = ((f"{title}   ", "line--bright"), (f"{look.mark(plain)} {look.word}", look.css_class))
    return left, ((filled, look.css_class), (empty, "line--rule"), ("   ", ""), (spend, ""))
