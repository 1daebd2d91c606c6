"""What the review says around what it shows. Pure functions over snapshots."""

from __future__ import annotations

from collections.abc import Sequence

from vidpipe_tui.domain.views import ProjectView
from vidpipe_tui.widgets.line import Part
from vidpipe_tui.widgets.review_items import ReviewItem, Spot, accepting_means, name_of, title_of, waiting
from vidpipe_tui.widgets.words import money, one_line

Parts = tuple[Part, ...]
_STATE = {
    True: ("accepted", "state--done"),
    False: ("rejected", "state--failed"),
    None: ("not decided", "state--review"),
}


def head_words(
    project: ProjectView, items: Sequence[ReviewItem], at: Spot | None, rest: float | None, *, plain: bool
) -> tuple[Parts, Parts]:
    """Left and right of the top line: the film; how much is to decide, where we are, what is still to be paid."""
    wanted = waiting(items)
    place = next((number for number, known in enumerate(items, 1) if known.spot == at), 0)
    if wanted:
        count: Part = (f"{'?' if plain else '◆'} {len(wanted)} to decide   ", "state--review")
    elif all(item.decided for item in items):
        count = ("all accepted   ", "state--done")
    else:
        count = ("nothing waits for you   ", "line--muted")
    price = f"   rest about {money(rest)}" if rest else ""
    return (
        (("Review  ", "line--bright"), (one_line(project.title), "line--muted")),
        (count, (f"{place} of {len(items)}{price}", "line--muted")),
    )


def item_words(
    project: ProjectView,
    items: Sequence[ReviewItem],
    item: ReviewItem | None,
    rest: float | None,
    *,
    other: int | None,
    playing: bool,
    note: str,
) -> tuple[Parts, str, str]:
    """What is shown and how it was decided as a line; what accepting it leads to; the note and the prompt.

    `other` is the number of a take that is shown without being chosen.
    """
    if item is None:
        return (("Nothing was made yet that could be reviewed.", "line--muted"),), "", ""
    word, look = _STATE[item.decided] if item.waits or item.decided is not None else ("not decided", "line--muted")
    what = [(title_of(project, item), "line--bright"), (f"   {word}", look)]
    what += [(f"   {note}", "state--review" if note == "stale" else "line--muted") for note in item.notes]
    if other is not None:
        what.append((f"   B: take {other}; b flips back", "state--review"))
    elif item.spot[1] == "clip" and not playing:
        what.append(("   space plays it", "line--muted"))
    what.append((f"   {name_of(project, item)}", "line--muted"))
    means = accepting_means(project, items, item, rest)
    said = f"Your note: {one_line(note)}   " if note else ""
    return tuple(what), means, f"{said}{one_line(item.prompt)}"
