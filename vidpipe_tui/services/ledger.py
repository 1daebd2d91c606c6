"""The ledger as it is shown: every paid call, and the sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from vidpipe_tui.db.doors import read
from vidpipe_tui.db.ledger import COUNTED, calls_of
from vidpipe_tui.db.models import ApiCall
from vidpipe_tui.domain.statuses import CallState
from vidpipe_tui.domain.views import CallView, LedgerView, Totals
from vidpipe_tui.services.snapshots import utc


async def ledger(project_id: UUID | None) -> LedgerView:
    """The calls of a project, or of all, newest first, with their sums."""
    async with read() as session:
        rows = await calls_of(session, project_id)
    return LedgerView(tuple(_view(row) for row in rows), _totals(rows))


def counts_for(row: ApiCall) -> float:
    """What a call counts for, in US dollars: nothing where it failed."""
    if row.state not in COUNTED:
        return 0.0
    return row.cost if row.cost is not None else row.cost_estimate


def _totals(rows: Sequence[ApiCall]) -> Totals:
    by_kind: dict[str, float] = defaultdict(float)
    by_month: dict[str, float] = defaultdict(float)
    by_project: dict[str, float] = defaultdict(float)
    by_state: dict[str, float] = defaultdict(float)
    for row in rows:
        price = counts_for(row)
        by_kind[row.kind] += price
        by_month[f"{row.created_at:%Y-%m}"] += price
        by_project[str(row.project_id) if row.project_id else "deleted"] += price
        by_state[row.state] += price
    return Totals(
        calls=len(rows),
        spent=round(sum(by_kind.values()), 6),
        in_flight=round(by_state[CallState.INTENT] + by_state[CallState.SUBMITTED], 6),
        unknown=round(by_state[CallState.UNKNOWN], 6),
        by_kind=_rounded(by_kind),
        by_month=_rounded(by_month),
        by_project=_rounded(by_project),
    )


def _rounded(sums: Mapping[str, float]) -> dict[str, float]:
    return {key: round(value, 6) for key, value in sums.items()}


def _view(row: ApiCall) -> CallView:
    return CallView(
        id=row.id,
        time=utc(row.created_at),
        project_id=row.project_id,
        project_title=row.project_title or "",
        scene_index=row.scene_index,
        kind=row.kind,
        provider=row.provider,
        model=row.model,
        state=CallState(row.state),
        operation=row.operation_name,
        units=units_text(row.usage or row.units or {}),
        cost_estimate=row.cost_estimate,
        cost=row.cost,
        request_hash=row.request_hash,
        error=row.error,
    )


def units_text(units: Mapping[str, Any]) -> str:
    """What a call used, as text: `1 picture`, `4 s 720p`, `1,200 + 3,400 tokens`."""
    parts = []
    if units.get("input_tokens") is not None or units.get("output_tokens") is not None:
        parts.append(f"{units.get('input_tokens') or 0:,} + {units.get('output_tokens') or 0:,} tokens")
    if units.get("images"):
        parts.append(f"{units['images']} picture{'s' if units['images'] != 1 else ''}")
    if units.get("seconds"):
        parts.append(f"{units['seconds']:g} s")
    if units.get("resolution"):
        parts.append(str(units["resolution"]))
    return " ".join(parts)
