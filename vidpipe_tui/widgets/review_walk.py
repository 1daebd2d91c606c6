"""The walk through what there is to decide: where one is, and what was decided here and is not stored yet."""

from __future__ import annotations

from vidpipe_tui.domain.views import ProjectView
from vidpipe_tui.widgets.review_items import (
    ReviewItem,
    Spot,
    items_of,
    nearest,
    spot_named,
    step_to,
    undecided,
    waiting,
    with_decisions,
)


class ReviewWalk:
    """Plain state. `at` is the spot one is at, None until a film was read; `items` is what it holds to look at."""

    def __init__(self, at: Spot | None) -> None:
        self.at = at
        self.items: list[ReviewItem] = []
        self._ahead: dict[Spot, bool] = {}

    def read(self, project: ProjectView) -> None:
        """Takes a newer state of the film in; one stays where one is, or begins at the first undecided."""
        self.items, self._ahead = with_decisions(items_of(project), self._ahead)
        first = (self.undecided or self.items)[:1]
        self.at = nearest(self.at, self.items) or (first[0].spot if first else None)

    @property
    def item(self) -> ReviewItem | None:
        """What one is at."""
        return self._item_at(self.at)

    @property
    def undecided(self) -> list[ReviewItem]:
        """What is still to be decided."""
        return undecided(self.items)

    @property
    def waits(self) -> bool:
        """Whether the film waits for a decision."""
        return bool(waiting(self.items))

    def beside(self, step: int, *, open_only: bool = False) -> ReviewItem | None:
        """The next (1) or previous (-1) thing, round the ends; with `open_only` only what is undecided."""
        if self.at is None:
            return None
        wanted = self.undecided if open_only else self.items
        return step_to(self.items, self.at, step, lambda item: item in wanted)

    def decide(self, item: ReviewItem, *, accept: bool) -> tuple[ReviewItem, bool]:
        """Decides ahead of the service: what to look at next (`item` again where nothing is left), and whether it was
        the last one that the film waited for.
        """
        self._ahead[item.spot] = accept
        self.items, _ = with_decisions(self.items, self._ahead)
        left = waiting(self.items)
        wanted = left if item.waits else self.undecided
        following = step_to(self.items, item.spot, 1, lambda other: other in wanted)
        return following or item, item.waits and not left

    def not_stored(self, spot: Spot | None = None) -> None:
        """What was decided here at `spot` (or anywhere) does not count: the next reading says what does."""
        if spot is None:
            self._ahead.clear()
        else:
            self._ahead.pop(spot, None)

    def taken_back(self, what: str) -> ReviewItem | None:
        """The thing that a decision was about which was taken back, by the service's name for it."""
        return self._item_at(nearest(spot_named(what), self.items))

    def _item_at(self, spot: Spot | None) -> ReviewItem | None:
        return next((item for item in self.items if item.spot == spot), None)
