"""The pipeline's tables: projects, their scenes, the takes of keyframes and clips, and the runs."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    Uuid,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from vidpipe_tui.db.base import Base, created, flag, json_column, updated

SELECTED = text("selected")
"""The condition of the partial indexes. Said for SQLite only: naming another dialect here loads it, 2 MB of it; the
migrations make the indexes, and they say it for PostgreSQL too.
"""


class Project(Base):
    """A film: what the person wrote, how it is to be made, and where it stands."""

    __tablename__ = "projects"
    __table_args__ = (
        Index("ix_projects_updated_at", "updated_at"),
        Index("ix_projects_created_at", "created_at"),
        Index("ix_projects_status", "status"),
        Index("ix_projects_deleted_at", "deleted_at"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    prompt: Mapped[str] = mapped_column(Text)
    style: Mapped[str] = mapped_column(String(50))
    aspect_ratio: Mapped[str] = mapped_column(String(10))
    target_clip_duration: Mapped[int] = mapped_column(Integer)
    status: Mapped[str] = mapped_column(String(50), default="pending")
    style_guide: Mapped[dict[str, str] | None] = json_column()
    storyboard_raw: Mapped[Any | None] = json_column()
    output_path: Mapped[str | None] = mapped_column(String(255))
    error_message: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = created()
    updated_at: Mapped[datetime] = updated()

    title: Mapped[str | None] = mapped_column(String(200))
    provider: Mapped[str] = mapped_column(String(50), default="local", server_default="local")
    scene_count: Mapped[int | None] = mapped_column(Integer)
    seed: Mapped[int | None] = mapped_column(BigInteger)
    review_mode: Mapped[str] = mapped_column(String(20), default="none", server_default="none")
    budget: Mapped[float | None] = mapped_column(Float)
    crossfade_seconds: Mapped[float] = mapped_column(Float, default=0.0, server_default="0")
    storyboard_model: Mapped[str | None] = mapped_column(String(100))
    image_model: Mapped[str | None] = mapped_column(String(100))
    video_model: Mapped[str | None] = mapped_column(String(100))
    resolution: Mapped[str | None] = mapped_column(String(20))
    image_size: Mapped[str | None] = mapped_column(String(20))
    audio: Mapped[bool] = mapped_column(Boolean, default=True, server_default=true())
    auto_soften: Mapped[bool] = flag()
    estimated_cost: Mapped[float] = mapped_column(Float, default=0.0, server_default="0")
    error_hint: Mapped[str | None] = mapped_column(Text)
    error_kind: Mapped[str | None] = mapped_column(String(50))
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime)


class Scene(Base):
    """A scene: its texts, whether it opens with a cut, and where it stands."""

    __tablename__ = "scenes"
    __table_args__ = (UniqueConstraint("project_id", "scene_index"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    scene_index: Mapped[int] = mapped_column(Integer)
    scene_description: Mapped[str] = mapped_column(Text)
    start_frame_prompt: Mapped[str] = mapped_column(Text)
    end_frame_prompt: Mapped[str] = mapped_column(Text)
    video_motion_prompt: Mapped[str] = mapped_column(Text)
    transition_notes: Mapped[str | None] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(50), default="pending")

    opens_with_cut: Mapped[bool] = flag()
    duration_seconds: Mapped[float | None] = mapped_column(Float)
    note: Mapped[str | None] = mapped_column(Text)
    reference_tags: Mapped[list[str] | None] = json_column()
    error_message: Mapped[str | None] = mapped_column(Text)
    error_hint: Mapped[str | None] = mapped_column(Text)
    error_kind: Mapped[str | None] = mapped_column(String(50))
    error_slot: Mapped[str | None] = mapped_column(String(10))


class Keyframe(Base):
    """A take of a keyframe. One take per scene and position is selected."""

    __tablename__ = "keyframes"
    __table_args__ = (Index("uq_keyframes_selected", "scene_id", "position", unique=True, sqlite_where=SELECTED),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    scene_id: Mapped[UUID] = mapped_column(ForeignKey("scenes.id", ondelete="CASCADE"), index=True)
    position: Mapped[str] = mapped_column(String(10))
    prompt_used: Mapped[str] = mapped_column(Text)
    file_path: Mapped[str] = mapped_column(String(255))
    mime_type: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime] = created()

    take: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    selected: Mapped[bool] = flag()
    pinned: Mapped[bool] = flag()
    model: Mapped[str | None] = mapped_column(String(100))
    seed: Mapped[int | None] = mapped_column(BigInteger)
    input_hash: Mapped[str | None] = mapped_column(String(64))
    overrides: Mapped[dict[str, Any] | None] = json_column()
    template_version: Mapped[int | None] = mapped_column(Integer)
    references_sent: Mapped[list[str] | None] = json_column()
    cost: Mapped[float | None] = mapped_column(Float)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    api_call_id: Mapped[int | None] = mapped_column(ForeignKey("api_calls.id", ondelete="SET NULL"), index=True)


class VideoClip(Base):
    """A take of a clip, from its submission on. One take per scene is selected, once it is complete."""

    __tablename__ = "video_clips"
    __table_args__ = (
        Index("uq_video_clips_selected", "scene_id", unique=True, sqlite_where=SELECTED),
        Index("ix_video_clips_status", "status"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    scene_id: Mapped[UUID] = mapped_column(ForeignKey("scenes.id", ondelete="CASCADE"), index=True)
    operation_name: Mapped[str | None] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(50), default="submitted")
    gcs_uri: Mapped[str | None] = mapped_column(String(500))
    local_path: Mapped[str | None] = mapped_column(String(255))
    duration_seconds: Mapped[float | None] = mapped_column(Float)
    poll_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    error_message: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = created()
    completed_at: Mapped[datetime | None] = mapped_column(DateTime)

    take: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    selected: Mapped[bool] = flag()
    pinned: Mapped[bool] = flag()
    prompt_used: Mapped[str | None] = mapped_column(Text)
    error_kind: Mapped[str | None] = mapped_column(String(50))
    softened: Mapped[bool] = flag()
    model: Mapped[str | None] = mapped_column(String(100))
    seed: Mapped[int | None] = mapped_column(BigInteger)
    input_hash: Mapped[str | None] = mapped_column(String(64))
    overrides: Mapped[dict[str, Any] | None] = json_column()
    template_version: Mapped[int | None] = mapped_column(Integer)
    references_sent: Mapped[list[str] | None] = json_column()
    cost: Mapped[float | None] = mapped_column(Float)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("files.id"), index=True)
    api_call_id: Mapped[int | None] = mapped_column(ForeignKey("api_calls.id", ondelete="SET NULL"), index=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("take_requests.id", ondelete="SET NULL"), index=True)


class PipelineRun(Base):
    """One run or resume of a project."""

    __tablename__ = "pipeline_runs"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    project_id: Mapped[UUID] = mapped_column(ForeignKey("projects.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = created()
    completed_at: Mapped[datetime | None] = mapped_column(DateTime)
    total_duration_seconds: Mapped[float | None] = mapped_column(Float)
    total_api_cost_estimate: Mapped[float | None] = mapped_column(Float)
    log: Mapped[list[dict[str, Any]] | None] = json_column()

    outcome: Mapped[str | None] = mapped_column(String(50))
