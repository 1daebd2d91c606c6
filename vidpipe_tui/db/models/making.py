"""What the making of a film leaves behind: the ledger, events, leases, takes asked for, reviews, films, references."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from vidpipe_tui.db.base import Base, created, flag, json_column, updated
from vidpipe_tui.db.models.pipeline import SELECTED

AUTOINCREMENT = {"sqlite_autoincrement": True}


class ApiCall(Base):
    """The ledger: one row per paid call, committed before the call is made. It outlives its project."""

    __tablename__ = "api_calls"
    __table_args__ = (
        Index("ix_api_calls_project_id_state", "project_id", "state"),
        Index("ix_api_calls_created_at", "created_at"),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("projects.id", ondelete="SET NULL"))
    project_title: Mapped[str | None] = mapped_column(String(200))
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("pipeline_runs.id", ondelete="SET NULL"), index=True)
    scene_id: Mapped[UUID | None] = mapped_column(ForeignKey("scenes.id", ondelete="SET NULL"), index=True)
    scene_index: Mapped[int | None] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(20))
    slot: Mapped[str | None] = mapped_column(String(10))
    provider: Mapped[str] = mapped_column(String(50))
    model: Mapped[str] = mapped_column(String(100))
    state: Mapped[str] = mapped_column(String(20))
    request_hash: Mapped[str] = mapped_column(String(64))
    operation_name: Mapped[str | None] = mapped_column(String(255))
    result: Mapped[Any | None] = json_column()
    used: Mapped[bool] = flag()
    units: Mapped[dict[str, Any] | None] = json_column()
    usage: Mapped[dict[str, Any] | None] = json_column()
    cost_estimate: Mapped[float] = mapped_column(Float, default=0.0, server_default="0")
    cost: Mapped[float | None] = mapped_column(Float)
    error: Mapped[str | None] = mapped_column(Text)
    error_kind: Mapped[str | None] = mapped_column(String(50))
    created_at: Mapped[datetime] = created()
    finished_at: Mapped[datetime | None] = mapped_column(DateTime)


class PipelineEvent(Base):
    """The log: append-only, with an increasing id by which screens and other processes follow it."""

    __tablename__ = "pipeline_events"
    __table_args__ = (Index("ix_pipeline_events_project_id_id", "project_id", "id"), AUTOINCREMENT)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("pipeline_runs.id", ondelete="SET NULL"), index=True)
    scene_index: Mapped[int | None] = mapped_column(Integer)
    step: Mapped[str] = mapped_column(String(20))
    level: Mapped[str] = mapped_column(String(10), default="info", server_default="info")
    message: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = created()


class Lease(Base):
    """Who drives a project. `token` grows with every holder: what an earlier one still writes is refused by it.

    `beat` counts heartbeats, so that a watcher can see life whatever the clocks say.
    """

    __tablename__ = "leases"

    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), primary_key=True)
    token: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    owner: Mapped[str | None] = mapped_column(String(100), index=True)
    host: Mapped[str | None] = mapped_column(String(255))
    pid: Mapped[int | None] = mapped_column(Integer)
    process_started: Mapped[str | None] = mapped_column(String(50))
    beat: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    heartbeat_at: Mapped[datetime | None] = mapped_column(DateTime)
    expires_at: Mapped[datetime | None] = mapped_column(DateTime)
    stop_requested_at: Mapped[datetime | None] = mapped_column(DateTime)
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("pipeline_runs.id", ondelete="SET NULL"), index=True)


class TakeRequest(Base):
    """A new take somebody asked for: it is made even where there is one, and survives a crash until it is settled."""

    __tablename__ = "take_requests"
    __table_args__ = (Index("ix_take_requests_scene_id_settled_at", "scene_id", "settled_at"), AUTOINCREMENT)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    scene_id: Mapped[UUID] = mapped_column(ForeignKey("scenes.id", ondelete="CASCADE"))
    slot: Mapped[str] = mapped_column(String(10))
    overrides: Mapped[dict[str, Any] | None] = json_column()
    requested_at: Mapped[datetime] = created()
    settled_at: Mapped[datetime | None] = mapped_column(DateTime)


class Film(Base):
    """A take of the film: every join is a new one; the earlier ones stay."""

    __tablename__ = "films"
    __table_args__ = (
        Index("uq_films_selected", "project_id", unique=True, sqlite_where=SELECTED),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    take: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(20))
    file_path: Mapped[str] = mapped_column(String(255))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    selected: Mapped[bool] = flag()
    input_hash: Mapped[str] = mapped_column(String(64))
    crossfade_seconds: Mapped[float] = mapped_column(Float, default=0.0, server_default="0")
    duration_seconds: Mapped[float | None] = mapped_column(Float)
    join_seconds: Mapped[float | None] = mapped_column(Float)
    created_at: Mapped[datetime] = created()


class Review(Base):
    """A decision on a storyboard (no scene) or on a scene; decisions on takes are `user_decisions`."""

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_project_id_stage", "project_id", "stage"), AUTOINCREMENT)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    scene_id: Mapped[UUID | None] = mapped_column(ForeignKey("scenes.id", ondelete="CASCADE"), index=True)
    stage: Mapped[str] = mapped_column(String(20))
    decision: Mapped[str] = mapped_column(String(20))
    note: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime] = created()
    undone_at: Mapped[datetime | None] = mapped_column(DateTime)


class ProjectReference(Base):
    """A picture that holds a character, place or style steady; without a scene it is for the whole project."""

    __tablename__ = "project_references"
    __table_args__ = (AUTOINCREMENT,)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    scene_id: Mapped[UUID | None] = mapped_column(ForeignKey("scenes.id", ondelete="CASCADE"), index=True)
    tag: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(20))
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id"), index=True)
    accepted: Mapped[bool] = flag()
    created_at: Mapped[datetime] = created()


class Change(Base):
    """One thing a person did that can be taken back: `before` and `after` hold what is needed to undo and redo it."""

    __tablename__ = "changes"
    __table_args__ = (Index("ix_changes_project_id_undone_at", "project_id", "undone_at"), AUTOINCREMENT)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(Text)
    before: Mapped[Any | None] = json_column()
    after: Mapped[Any | None] = json_column()
    created_at: Mapped[datetime] = created()
    undone_at: Mapped[datetime | None] = mapped_column(DateTime)


class Draft(Base):
    """Text that was typed and not yet applied. The scene is None for the style guide."""

    __tablename__ = "drafts"
    __table_args__ = (AUTOINCREMENT,)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    scene_id: Mapped[UUID | None] = mapped_column(ForeignKey("scenes.id", ondelete="CASCADE"), index=True)
    field: Mapped[str] = mapped_column(String(50))
    text: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime] = updated()
