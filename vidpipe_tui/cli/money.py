"""Commands about money: the ledger, and clips in doubt."""

from __future__ import annotations

from typing import Annotated

import typer

from vidpipe_tui.cli import documents, options, output, session
from vidpipe_tui.cli.running import index_of
from vidpipe_tui.errors import UsageError
from vidpipe_tui.services.studio import Studio


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(ledger)
    app.command()(doubt)


def ledger(
    project: Annotated[str | None, typer.Argument(metavar="[ID]", help="A project; without it, all.")] = None,
    json: options.Json = False,
) -> int:
    """Show every paid call: what, when, model, state, units, cost. Totals by kind, month and project."""

    async def command(studio: Studio) -> int:
        view = await studio.ledger(await studio.find(project) if project is not None else None)
        if json:
            output.document(documents.ledger(view))
            return 0
        rows = [("time", "kind", "scene", "model", "state", "units", "estimate", "cost", "operation")]
        rows += [
            (
                f"{call.time.astimezone():%Y-%m-%d %H:%M:%S}",
                call.kind,
                "" if call.scene_index is None else str(call.scene_index + 1),
                call.model,
                call.state.value,
                call.units,
                f"${call.cost_estimate:.4f}",
                "" if call.cost is None else f"${call.cost:.4f}",
                call.operation or "",
            )
            for call in reversed(view.calls)
        ]
        output.table(rows, right=(2, 6, 7))
        totals = view.totals
        output.line(f"{totals.calls} calls, ${totals.spent:.2f} in all; ${totals.in_flight:.2f} under way")
        if totals.unknown:
            output.line(f"${totals.unknown:.2f} of it for calls whose answer was never recorded")
        for month, spent in sorted(totals.by_month.items()):
            output.line(f"  {month}  ${spent:.2f}")
        return 0

    return session.with_studio(command)


def doubt(
    project: options.ProjectId,
    scene: options.Scene,
    adopt: Annotated[
        str | None, typer.Option(metavar="OPERATION", help="Take this operation of the provider as the clip's.")
    ] = None,
    resubmit: Annotated[bool, typer.Option("--resubmit", help="Submit it again; it may be paid twice.")] = False,
    give_up: Annotated[bool, typer.Option("--give-up", help="Make the film without it.")] = False,
    json: options.Json = False,
) -> int:
    """Settle a clip in doubt: nobody knows whether the provider took it on. Then go on with `vidpipe resume ID`."""
    if sum((adopt is not None, resubmit, give_up)) != 1:
        raise UsageError("Say how to settle it.", hint="One of --adopt OPERATION, --resubmit, --give-up.")

    async def command(studio: Studio) -> int:
        project_id = await studio.find(project, deleted=False)
        index = index_of(scene)
        if adopt is not None:
            await studio.adopt(project_id, index, adopt)
        elif resubmit:
            await studio.resubmit(project_id, index)
        else:
            await studio.give_up(project_id, index)
        output.tell(f"Settled. Go on with `vidpipe resume {str(project_id)[:8]}`.")
        await session.print_project(studio, project_id)
        return 0

    return session.with_studio(command)
