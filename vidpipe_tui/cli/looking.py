"""Commands that look: status, list, config, doctor."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from vidpipe_tui.cli import documents, options, output, session
from vidpipe_tui.config.loading import current, known_keys, notices, provenance
from vidpipe_tui.domain.views import EventView, ProjectView
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.providers.base import Check
from vidpipe_tui.services.studio import Studio

_MARKS = {True: "ok", False: "FAILED", None: "?"}


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(status)
    app.command("list")(list_projects)
    app.command()(config)
    app.command()(doctor)


def status(
    project: options.ProjectId,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Show what happens until it rests.")] = False,
    json: options.Json = False,
) -> int:
    """Show how a film stands, scene by scene. With --follow and --json: one JSON line per event, then the project."""

    async def command(studio: Studio) -> int:
        project_id = await studio.find(project)
        if follow:
            await _follow(studio, project_id, json=json)
        view = await studio.project(project_id)
        if json and follow:
            output.json_line({"project": documents.project(view)})
        elif json:
            output.document(documents.project(view))
        else:
            _print_project(view)
        return 0

    return session.with_studio(command)


async def _follow(studio: Studio, project_id: Any, *, json: bool) -> None:
    news = asyncio.Event()
    unsubscribe = studio.subscribe(lambda event: news.set() if event.project_id == project_id else None)
    seen = 0
    try:
        while True:
            driven = (await studio.project(project_id)).driven
            for event in await studio.events(project_id, after=seen, limit=10_000):
                seen = event.id
                _print_event(event, json=json)
            if not driven:
                return
            news.clear()
            with_timeout = asyncio.wait_for(news.wait(), timeout=1.0)
            await asyncio.gather(with_timeout, return_exceptions=True)
    finally:
        unsubscribe()


def _print_event(event: EventView, *, json: bool) -> None:
    if json:
        output.json_line(documents.event(event))
    else:
        output.line(f"{event.time.astimezone():%Y-%m-%d %H:%M:%S}  {event.message}")


def _print_project(view: ProjectView) -> None:
    output.line(f"{view.title}")
    output.line(f"{view.id}  {words(view.status)}  {view.style}  {view.aspect_ratio}  {view.provider}")
    budget = f" of ${view.budget:.2f}" if view.budget is not None else ""
    output.line(f"${view.spent:.2f}{budget} spent, ${view.estimated:.2f} estimated")
    if view.trouble is not None:
        output.line(f"{view.trouble.message} {view.trouble.hint}")
    rows = [("scene", "status", "start", "end", "clip", "what happens")]
    for scene in view.scenes:
        clip = f"{scene.clip.duration_seconds:.1f} s" if scene.clip and scene.clip.duration_seconds else "-"
        start = "-" if scene.start is None else ("from before" if scene.start.source == "inherited" else "drawn")
        state = words(scene.status) + (", stale" if scene.stale else "")
        text = scene.trouble.message if scene.trouble else scene.scene_description
        rows.append((str(scene.number), state, start, "drawn" if scene.end else "-", clip, text[:70]))
    if view.scenes:
        output.table(rows, right=(0,))
    if view.output_path is not None:
        output.line(str(view.output_path))


def words(state: str) -> str:
    """A status as words."""
    return str(state).replace("rai_", "").replace("_", " ")


def list_projects(
    text: Annotated[str, typer.Option("--text", help="Only those with these words in title, prompt or status.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="How many at the most; 0 means all.")] = 100,
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False,
    deleted: Annotated[bool, typer.Option("--deleted", help="The deleted ones, which can be brought back.")] = False,
    json: options.Json = False,
) -> int:
    """List the films, newest first."""

    async def command(studio: Studio) -> int:
        page = await studio.list_projects(text=text, sort="created", limit=0 if everything else limit, deleted=deleted)
        if json:
            output.document({"total": page.total, "projects": [documents.summary(row) for row in page.rows]})
            return 0
        if not page.rows:
            output.line("No films yet. Begin with: vidpipe generate 'A cat walks through a neon-lit alley'")
            return 0
        rows = [("id", "status", "scenes", "spent", "age", "title")]
        rows += [
            (
                str(row.id)[:8],
                words(row.status),
                f"{row.scenes_done}/{row.scenes}",
                f"${row.spent:.2f}",
                _age(row.updated_at),
                row.title[:60],
            )
            for row in page.rows
        ]
        output.table(rows, right=(2, 3, 4))
        if page.total > len(page.rows):
            output.tell(f"{len(page.rows)} of {page.total}; --all shows the rest.")
        return 0

    return session.with_studio(command)


def _age(moment: datetime) -> str:
    seconds = max(0.0, (datetime.now(UTC) - moment).total_seconds())
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds >= size:
            return f"{int(seconds // size)}{unit}"
    return f"{int(seconds)}s"


def config(json: options.Json = False) -> int:
    """Show every setting, its value and where it comes from; secrets are masked."""
    rows = [(key, value, source) for key, value, source in provenance(current())]
    if json:
        about = known_keys()
        output.document(
            {
                "settings": {
                    key: {"value": _plain(value), "source": source, "description": about[key]}
                    for key, value, source in rows
                }
            }
        )
        return 0
    for notice in notices():
        output.tell(notice)
    output.table([(key, _shown(value), source) for key, value, source in rows])
    return 0


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | dict) else str(value)


def _shown(value: Any) -> str:
    if value is None:
        return "(unset)"
    return str(value).lower() if isinstance(value, bool) else str(value)


def doctor(provider: options.Provider = None, json: options.Json = False) -> int:
    """Check folders, disk, database, terminal and provider, each with its remedy. Costs nothing."""
    checks = asyncio.run(_checks(provider))
    if json:
        entries = [{"name": check.name, "ok": check.ok, "detail": check.detail, "hint": check.hint} for check in checks]
        output.document({"checks": entries})
    else:
        output.table([(_MARKS[check.ok], check.name, check.detail) for check in checks])
        for check in checks:
            if check.ok is False and check.hint:
                output.tell(f"{check.name}: {check.hint}")
    return 1 if any(check.ok is False for check in checks) else 0


async def _checks(provider: str | None) -> list[Check]:
    from vidpipe_tui.services.doctor import examine

    try:
        return await examine(current(), provider)
    except VidpipeError as error:
        return [Check("settings", False, error.message, error.hint)]
