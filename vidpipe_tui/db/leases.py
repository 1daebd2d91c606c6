"""Leases: which process drives a project. Who writes for it proves in the same transaction that it still does."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui.db.base import now
from vidpipe_tui.db.models import Lease
from vidpipe_tui.errors import LeaseLostError

EXPIRY_SECONDS = 10.0
HEARTBEAT_SECONDS = 2.0
SUCCESSOR_VARIABLE = "_VIDPIPE_SUCCESSOR"
"""In the environment of a background process: the owner name under which leases are handed to it."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A process that may hold leases."""

    owner: str
    host: str
    pid: int
    process_started: str


@dataclass(frozen=True, slots=True)
class LeaseState:
    """A lease as it stands. `alive`: its holder is not known to be dead, and it has not expired.

    `may_live` is False when the holder ran on this host and its process is gone.
    """

    project_id: UUID
    token: int
    owner: str | None
    beat: int
    alive: bool
    may_live: bool
    stop_requested: bool
    pid: int | None
    host: str | None


def this_process() -> Holder:
    """A holder for this process, with an owner name that no other has (or the one it was started to succeed as)."""
    return holder_of(os.getpid(), os.environ.get(SUCCESSOR_VARIABLE) or uuid4().hex)


def holder_of(pid: int, owner: str) -> Holder:
    """A holder for a process of this host."""
    return Holder(owner, socket.gethostname(), pid, process_start(pid) or "")


@cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def process_start(pid: int) -> str | None:
    """When a process of this host began, as a mark to tell it from a later one with its number; None if it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        if Path("/proc/self").exists():
            return None
        try:
            os.kill(pid, 0)
        except OSError:
            return None
        return ""
    if fields[0] in {"Z", "X"}:
        return None
    return f"{_boot()}:{fields[19]}"


def _may_live(row: Lease) -> bool:
    if row.owner is None:
        return False
    if row.host == socket.gethostname() and row.pid is not None:
        started = process_start(row.pid)
        if started is None or (row.process_started and started and started != row.process_started):
            return False
    return True


def _alive(row: Lease) -> bool:
    return _may_live(row) and row.expires_at is not None and row.expires_at > now()


def _state(row: Lease) -> LeaseState:
    return LeaseState(
        row.project_id,
        row.token,
        row.owner,
        row.beat,
        _alive(row),
        _may_live(row),
        row.stop_requested_at is not None,
        row.pid,
        row.host,
    )


async def lease_of(session: AsyncSession, project_id: UUID) -> LeaseState | None:
    """The lease of a project, or None where there never was one."""
    row = await session.get(Lease, project_id, populate_existing=True)
    return _state(row) if row is not None else None


async def live_leases(session: AsyncSession) -> Mapping[UUID, LeaseState]:
    """The leases somebody holds, by project."""
    rows = await session.scalars(select(Lease).where(Lease.owner.is_not(None)))
    states = (_state(row) for row in rows)
    return {state.project_id: state for state in states if state.alive}


async def acquire(
    session: AsyncSession, project_id: UUID, holder: Holder, *, dead_beat: tuple[str, int] | None = None
) -> int | None:
    """Takes the lease and returns its token, or None while somebody else holds it.

    `dead_beat` (owner, beat) says that this holder's heartbeat was watched and stood still for the whole expiry, which
    counts whatever the clocks say.
    """
    await session.execute(insert(Lease).values(project_id=project_id, token=0, beat=0).on_conflict_do_nothing())
    row = await session.get(Lease, project_id, populate_existing=True)
    if row is None:
        return None
    stands_still = dead_beat == (row.owner, row.beat)
    if _alive(row) and row.owner != holder.owner and not stands_still:
        return None
    row.token += 1
    row.owner, row.host, row.pid, row.process_started = holder.owner, holder.host, holder.pid, holder.process_started
    row.beat += 1
    row.heartbeat_at = now()
    row.expires_at = now() + timedelta(seconds=EXPIRY_SECONDS)
    row.stop_requested_at = None
    row.run_id = None
    await session.flush()
    return row.token


async def beat(session: AsyncSession, owner: str) -> Mapping[UUID, int]:
    """One heartbeat for everything this owner holds; returns the tokens it still has, by project."""
    await session.execute(
        update(Lease)
        .where(Lease.owner == owner)
        .values(beat=Lease.beat + 1, heartbeat_at=now(), expires_at=now() + timedelta(seconds=EXPIRY_SECONDS))
    )
    rows = await session.execute(select(Lease.project_id, Lease.token).where(Lease.owner == owner))
    return {row.project_id: row.token for row in rows}


async def check(session: AsyncSession, project_id: UUID, owner: str, token: int) -> None:
    """Raises LeaseLostError unless this owner still holds that very lease. Part of every write for a project."""
    held = await session.scalar(
        select(Lease.token).where(Lease.project_id == project_id, Lease.owner == owner, Lease.token == token)
    )
    if held is None:
        raise lost()


def lost() -> LeaseLostError:
    """What is said when another process drives the project now."""
    return LeaseLostError(
        "Another process has taken this project over.", hint="Nothing more is written here; it goes on there."
    )


async def hand_over(session: AsyncSession, project_id: UUID, owner: str, successor: Holder) -> None:
    """Gives the lease to another process without a moment in which nobody holds it."""
    await session.execute(
        update(Lease)
        .where(Lease.project_id == project_id, Lease.owner == owner)
        .values(
            owner=successor.owner,
            host=successor.host,
            pid=successor.pid,
            process_started=successor.process_started,
            token=Lease.token + 1,
            beat=Lease.beat + 1,
            expires_at=now() + timedelta(seconds=EXPIRY_SECONDS),
            stop_requested_at=None,
        )
    )


async def release(session: AsyncSession, project_id: UUID, owner: str) -> None:
    """Gives the lease up, so that anybody may take it at once."""
    await session.execute(
        update(Lease)
        .where(Lease.project_id == project_id, Lease.owner == owner)
        .values(owner=None, expires_at=None, stop_requested_at=None)
    )


async def request_stop(session: AsyncSession, project_id: UUID) -> None:
    """Asks whoever drives the project to stop."""
    await session.execute(
        update(Lease).where(Lease.project_id == project_id, Lease.owner.is_not(None)).values(stop_requested_at=now())
    )


async def stop_requests(session: AsyncSession, owner: str) -> Sequence[UUID]:
    """Projects of this owner that somebody asked to stop."""
    rows = await session.scalars(
        select(Lease.project_id).where(Lease.owner == owner, Lease.stop_requested_at.is_not(None))
    )
    return rows.all()
