"""The media library's tables: files, jobs over them, duplicates, and what people decided."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Float, ForeignKey, Index, Integer, String, Table, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from vidpipe_tui.db.base import Base, created, flag, updated, value_enum

AUTOINCREMENT = {"sqlite_autoincrement": True}


class JobStatus(StrEnum):
    """Where a job stands."""

    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"


class ConfidenceLevel(StrEnum):
    """How sure the time of a file is: several sources, one reliable one, a name or a conflict, nothing."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"


JOB_TRANSITIONS: Mapping[JobStatus, frozenset[JobStatus]] = {
    JobStatus.PENDING: frozenset({JobStatus.RUNNING}),
    JobStatus.RUNNING: frozenset({JobStatus.COMPLETED, JobStatus.FAILED}),
    JobStatus.FAILED: frozenset({JobStatus.PENDING}),
    JobStatus.COMPLETED: frozenset(),
}

job_files = Table(
    "job_files",
    Base.metadata,
    Column("job_id", ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("file_id", ForeignKey("files.id", ondelete="CASCADE"), primary_key=True, index=True),
)


class File(Base):
    """A picture or clip that was imported or generated. Paths are relative to the storage folder."""

    __tablename__ = "files"
    __table_args__ = (AUTOINCREMENT,)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    original_filename: Mapped[str] = mapped_column(String(255))
    original_path: Mapped[str] = mapped_column(String(500))
    storage_path: Mapped[str] = mapped_column(String(500))
    file_hash_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    file_hash_perceptual: Mapped[str | None] = mapped_column(String(64))
    file_size_bytes: Mapped[int | None] = mapped_column(Integer)
    mime_type: Mapped[str | None] = mapped_column(String(100))
    detected_timestamp: Mapped[datetime | None] = mapped_column(DateTime(timezone=True), index=True)
    timestamp_source: Mapped[str | None] = mapped_column(String(50))
    confidence: Mapped[ConfidenceLevel] = mapped_column(
        value_enum(ConfidenceLevel, 10), default=ConfidenceLevel.LOW, server_default=ConfidenceLevel.LOW.value
    )
    output_path: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = created()
    updated_at: Mapped[datetime] = updated()

    kind: Mapped[str | None] = mapped_column(String(10))
    status: Mapped[str] = mapped_column(String(20), default="imported", server_default="imported", index=True)
    reason: Mapped[str | None] = mapped_column(Text)
    width: Mapped[int | None] = mapped_column(Integer)
    height: Mapped[int | None] = mapped_column(Integer)
    duration_seconds: Mapped[float | None] = mapped_column(Float)
    project_id: Mapped[UUID | None] = mapped_column(ForeignKey("projects.id", ondelete="SET NULL"), index=True)
    discarded: Mapped[bool] = flag()
    purged_at: Mapped[datetime | None] = mapped_column(DateTime)


class Job(Base):
    """A piece of library work. Its status moves only pending, running, completed or failed, and back on a retry."""

    __tablename__ = "jobs"
    __table_args__ = (AUTOINCREMENT,)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    job_type: Mapped[str] = mapped_column(String(50))
    status: Mapped[JobStatus] = mapped_column(
        value_enum(JobStatus, 20), default=JobStatus.PENDING, server_default=JobStatus.PENDING.value, index=True
    )
    progress_current: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    progress_total: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    created_at: Mapped[datetime] = created()
    started_at: Mapped[datetime | None] = mapped_column(DateTime)
    completed_at: Mapped[datetime | None] = mapped_column(DateTime)
    error_message: Mapped[str | None] = mapped_column(Text)
    retry_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")

    files: Mapped[list[File]] = relationship(secondary=job_files)

    def __init__(self, **columns: Any) -> None:
        columns.setdefault("status", JobStatus.PENDING)
        columns.setdefault("retry_count", 0)
        super().__init__(**columns)

    @validates("status")
    def _guard_transition(self, _key: str, value: JobStatus | str) -> JobStatus:
        status = JobStatus(value)
        current: JobStatus | str | None = self.status  # loaded where it was expired; None for a new job
        if current is None:
            return status
        before = JobStatus(current)
        if status not in JOB_TRANSITIONS[before]:
            raise ValueError(f"A job that is {before.value} cannot become {status.value}")
        if before is JobStatus.FAILED:
            self.retry_count = (self.retry_count or 0) + 1
        return status


class Duplicate(Base):
    """Two files that are the same, or look the same; each pair stands once."""

    __tablename__ = "duplicates"
    __table_args__ = (
        Index("ix_duplicates_file_id_duplicate_of_id", "file_id", "duplicate_of_id", unique=True),
        AUTOINCREMENT,
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id", ondelete="CASCADE"), index=True)
    duplicate_of_id: Mapped[int] = mapped_column(ForeignKey("files.id", ondelete="CASCADE"), index=True)
    match_type: Mapped[str] = mapped_column(String(20))
    similarity_score: Mapped[float] = mapped_column(Float)
    detected_at: Mapped[datetime] = created()


class UserDecision(Base):
    """What a person decided about a file; taken back decisions stay, with the time they were undone."""

    __tablename__ = "user_decisions"
    __table_args__ = (Index("ix_user_decisions_file_id_decision_type", "file_id", "decision_type"), AUTOINCREMENT)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("files.id", ondelete="CASCADE"))
    decision_type: Mapped[str] = mapped_column(String(50))
    decision_value: Mapped[str] = mapped_column(Text)
    decided_at: Mapped[datetime] = created()
    undone_at: Mapped[datetime | None] = mapped_column(DateTime)
