"""What the project list asks the service for: the first page of each section, and pages as they come into view."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from vidpipe_tui.domain.commands import FilterWord
from vidpipe_tui.domain.statuses import REVIEWS, WORKING, ProjectStatus, SceneStatus
from vidpipe_tui.domain.views import ProjectPage, ProjectRow, ProjectView
from vidpipe_tui.services.first_page import first_page
from vidpipe_tui.widgets.project_rows import GROUPS, PAGE, ProjectRows, Section
from vidpipe_tui.widgets.states import INTERRUPTED, PROJECT_LOOKS, Look

if TYPE_CHECKING:
    from vidpipe_tui.services.studio import Studio

SORTS = (
    ("updated", "by last change", True),
    ("created", "by age", True),
    ("title", "by title", False),
    ("cost", "by cost", True),
)
"""(the service's name, words, descending) of each order, in the order the key goes through them."""


@dataclass(frozen=True, slots=True)
class Query:
    """What the list shows: words looked for, the order (index of SORTS), and whether it is grouped by state."""

    text: str = ""
    sort: int = 0
    grouped: bool = False

    def words(self) -> tuple[FilterWord, ...]:
        """The words looked for: each in title, prompt or what the film's state is called."""
        return tuple(_filter_word(word) for word in self.text.lower().split())

    def statuses(self) -> tuple[ProjectStatus | None, ...]:
        """The states to show, one section each; (None,) for all in one."""
        return GROUPS if self.grouped else (None,)

    def is_plain(self) -> bool:
        """Whether it is the list as it opens, which can be read without the service."""
        return not self.text.strip() and self.sort == 0 and not self.grouped


_ALSO = {"working": WORKING, "running": WORKING, "review": REVIEWS}
"""What states are called beside the words people see."""


def _filter_word(word: str) -> FilterWord:
    """A word with the states it names: by any of the words people see, of which three letters are enough."""
    states = {status for status, look in PROJECT_LOOKS.items() if _names(word, look)}
    return FilterWord(word, frozenset(states | _ALSO.get(word, frozenset())), _names(word, INTERRUPTED))


def _names(word: str, look: Look) -> bool:
    return any(part == word or (len(word) >= 3 and part.startswith(word)) for part in look.word.split())


async def read(studio: Studio, query: Query, *, line: int = 0) -> ProjectRows:
    """The list's lines: how many there are, the first page of each section, and the page that `line` falls on."""
    rows = ProjectRows(query.statuses(), grouped=query.grouped)
    pages = [await _page(studio, query, section, 0) for section in rows.sections]
    rows.lay_out(page.total for page in pages)
    for section, page in zip(rows.sections, pages, strict=True):
        rows.put(section, 0, page.rows)
    await fill(studio, query, rows, max(0, line - PAGE // 2), line + PAGE // 2)
    return rows


async def fill(studio: Studio | None, query: Query, rows: ProjectRows, first: int, last: int) -> bool:
    """Brings in what is missing between two lines; without a service straight from the database. True if any came."""
    came = False
    for section, number in list(rows.missing(first, last)):
        if studio is not None:
            page: ProjectPage | None = await _page(studio, query, section, number)
        else:
            page = await asyncio.to_thread(first_page, PAGE, number * PAGE)
        if page is not None and page.rows:
            rows.put(section, number, page.rows)
            came = True
    return came


async def _page(studio: Studio, query: Query, section: Section, number: int) -> ProjectPage:
    sort, _, descending = SORTS[query.sort]
    status = None if section.status is None else section.status.value
    return await studio.list_projects(
        words=query.words(), status=status, sort=sort, descending=descending, limit=PAGE, offset=number * PAGE
    )


async def fresh_rows(studio: Studio, identities: set[UUID], rows: ProjectRows) -> tuple[list[ProjectRow], bool]:
    """Newer states of projects in the list, and whether the list itself changed (one is new, gone or deleted)."""
    fresh: list[ProjectRow] = []
    changed = False
    for identity in identities:
        if rows.line_of(identity) is None:
            changed = True
            continue
        row = row_of(await studio.project(identity))
        changed = changed or row.deleted_at is not None
        fresh.append(row)
    return fresh, changed


async def counts(studio: Studio) -> tuple[int, int, float]:
    """How many projects are being worked on, how many wait for the person, and what was spent today."""
    pages = {
        status: await studio.list_projects(status=status.value, limit=PAGE) for status in sorted(WORKING | REVIEWS)
    }
    working = sum(row.driven for status in WORKING for row in pages[status].rows)
    waiting = sum(pages[status].total for status in REVIEWS)
    return working, waiting, next(iter(pages.values())).spent_today


def row_of(view: ProjectView) -> ProjectRow:
    """The line of a project, from the whole of it."""
    frames = sum((scene.start is not None) + (scene.end is not None) for scene in view.scenes)
    filmed = sum(scene.status is SceneStatus.VIDEO_DONE for scene in view.scenes)
    count = len(view.scenes) or view.scene_count or 0
    return ProjectRow(
        id=view.id,
        title=view.title,
        prompt=view.prompt,
        status=view.status,
        provider=view.provider,
        style=view.style,
        aspect_ratio=view.aspect_ratio,
        clip_seconds=view.target_clip_duration,
        scenes=count,
        scenes_done=filmed,
        done=(1 if view.scenes else 0) + frames + filmed + (view.status is ProjectStatus.COMPLETE),
        total=2 + 3 * count,
        spent=view.spent,
        budget=view.budget,
        created_at=view.created_at,
        updated_at=view.updated_at,
        error_message=view.trouble.message if view.trouble else None,
        output_path=view.output_path,
        deleted_at=view.deleted_at,
        driven=view.driven,
        driven_here=view.driven_here,
        doubtful=sum(scene.status is SceneStatus.IN_DOUBT for scene in view.scenes),
    )
