"""Which project stands on which line of the list: pages that come in as they are needed, one section per state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from vidpipe_tui.domain.statuses import ProjectStatus
from vidpipe_tui.domain.views import ProjectRow
from vidpipe_tui.widgets.states import PROJECT_LOOKS, Look

PAGE = 64

GROUPS = (
    ProjectStatus.GENERATING_VIDEO,
    ProjectStatus.STITCHING,
    ProjectStatus.KEYFRAMING,
    ProjectStatus.STORYBOARDING,
    ProjectStatus.STORYBOARD_REVIEW,
    ProjectStatus.KEYFRAME_REVIEW,
    ProjectStatus.FAILED,
    ProjectStatus.STOPPED,
    ProjectStatus.PENDING,
    ProjectStatus.COMPLETE,
)
"""The order of the groups: what moves, what waits for the person, what went wrong, the rest."""

_GROUP_WORDS = {
    ProjectStatus.STORYBOARD_REVIEW: "your turn: storyboard",
    ProjectStatus.KEYFRAME_REVIEW: "your turn: keyframes",
}


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A line that says which state follows, and how many there are."""

    look: Look
    words: str
    total: int


@dataclass(slots=True)
class Section:
    """Rows of one state (None: of all), of which pages come in. `first` is its first row's line."""

    status: ProjectStatus | None
    total: int = 0
    first: int = 0
    pages: dict[int, tuple[ProjectRow, ...]] = field(default_factory=dict)

    def at(self, index: int) -> ProjectRow | None:
        """The row with that index in the section, None while its page is not there."""
        page = self.pages.get(index // PAGE, ())
        return page[index % PAGE] if index % PAGE < len(page) else None


class ProjectRows:
    """The list's lines. With `grouped` a GroupLine stands above each state that has projects."""

    def __init__(self, statuses: Sequence[ProjectStatus | None] = (None,), *, grouped: bool = False) -> None:
        self.sections = [Section(status) for status in statuses]
        self.grouped = grouped
        self._lines: dict[UUID, int] = {}

    @property
    def total(self) -> int:
        """How many projects there are."""
        return sum(section.total for section in self.sections)

    @property
    def height(self) -> int:
        """How many lines there are."""
        return self.total + (sum(1 for section in self.sections if section.total) if self.grouped else 0)

    def lay_out(self, totals: Iterable[int]) -> None:
        """Takes the sections' sizes; the lines follow from them."""
        line = 0
        for section, total in zip(self.sections, totals, strict=True):
            section.total = total
            line += 1 if self.grouped and total else 0
            section.first = line
            line += total

    def put(self, section: Section, page: int, rows: Sequence[ProjectRow]) -> None:
        """Takes a page that came in."""
        section.pages[page] = tuple(rows)
        for index, row in enumerate(rows):
            self._lines[row.id] = section.first + page * PAGE + index

    def at(self, line: int) -> ProjectRow | GroupLine | None:
        """What stands on a line; None while it is not there."""
        section = self._section(line)
        if section is None:
            return None
        if line < section.first:
            assert section.status is not None
            words = _GROUP_WORDS.get(section.status, PROJECT_LOOKS[section.status].word)
            return GroupLine(PROJECT_LOOKS[section.status], words, section.total)
        return section.at(line - section.first)

    def missing(self, first: int, last: int) -> Iterator[tuple[Section, int]]:
        """(section, page) of everything between two lines (inclusive) that is not there yet."""
        for section in self.sections:
            low, high = max(first, section.first), min(last, section.first + section.total - 1)
            for page in range((low - section.first) // PAGE, (high - section.first) // PAGE + 1) if low <= high else ():
                if page not in section.pages:
                    yield section, page

    def line_of(self, identity: UUID) -> int | None:
        """The line of a project, None while its page is not there."""
        return self._lines.get(identity)

    def replace(self, row: ProjectRow) -> int | None:
        """Puts a newer state of a project on its line and returns that; None where it is not in the list."""
        line = self._lines.get(row.id)
        section = self._section(line) if line is not None else None
        if line is None or section is None:
            return None
        page, place = divmod(line - section.first, PAGE)
        rows = list(section.pages[page])
        rows[place] = row
        section.pages[page] = tuple(rows)
        return line

    def loaded(self) -> Iterator[ProjectRow]:
        """Every row that is there."""
        for section in self.sections:
            for page in section.pages.values():
                yield from page

    def _section(self, line: int) -> Section | None:
        for section in self.sections:
            if section.total and 0 <= line < section.first + section.total:
                return section
        return None
