"""Every column the data model fixes: its type, length, nullability and default, in the models and in the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import JSON, DateTime, Enum, Float, Integer, String, Text, Uuid
from sqlalchemy.schema import Column, Table

from vidpipe_tui.db import Base
from vidpipe_tui.db.models import ConfidenceLevel, JobStatus, job_files

YES, NO = True, False
FIXED: dict[str, dict[str, tuple[type, int | None, bool]]] = {
    "projects": {
        "id": (Uuid, None, NO),
        "prompt": (Text, None, NO),
        "style": (String, 50, NO),
        "aspect_ratio": (String, 10, NO),
        "target_clip_duration": (Integer, None, NO),
        "status": (String, 50, NO),
        "style_guide": (JSON, None, YES),
        "storyboard_raw": (JSON, None, YES),
        "output_path": (String, 255, YES),
        "error_message": (Text, None, YES),
        "created_at": (DateTime, None, NO),
        "updated_at": (DateTime, None, NO),
    },
    "scenes": {
        "id": (Uuid, None, NO),
        "project_id": (Uuid, None, NO),
        "scene_index": (Integer, None, NO),
        "scene_description": (Text, None, NO),
        "start_frame_prompt": (Text, None, NO),
        "end_frame_prompt": (Text, None, NO),
        "video_motion_prompt": (Text, None, NO),
        "transition_notes": (Text, None, YES),
        "status": (String, 50, NO),
    },
    "keyframes": {
        "id": (Uuid, None, NO),
        "scene_id": (Uuid, None, NO),
        "position": (String, 10, NO),
        "prompt_used": (Text, None, NO),
        "file_path": (String, 255, NO),
        "mime_type": (String, 20, NO),
        "source": (String, 20, NO),
        "created_at": (DateTime, None, NO),
    },
    "video_clips": {
        "id": (Uuid, None, NO),
        "scene_id": (Uuid, None, NO),
        "operation_name": (String, 255, YES),
        "status": (String, 50, NO),
        "gcs_uri": (String, 500, YES),
        "local_path": (String, 255, YES),
        "duration_seconds": (Float, None, YES),
        "poll_count": (Integer, None, NO),
        "error_message": (Text, None, YES),
        "created_at": (DateTime, None, NO),
        "completed_at": (DateTime, None, YES),
    },
    "pipeline_runs": {
        "id": (Uuid, None, NO),
        "project_id": (Uuid, None, NO),
        "started_at": (DateTime, None, NO),
        "completed_at": (DateTime, None, YES),
        "total_duration_seconds": (Float, None, YES),
        "total_api_cost_estimate": (Float, None, YES),
        "log": (JSON, None, YES),
    },
    "files": {
        "id": (Integer, None, NO),
        "original_filename": (String, 255, NO),
        "original_path": (String, 500, NO),
        "storage_path": (String, 500, NO),
        "file_hash_sha256": (String, 64, YES),
        "file_hash_perceptual": (String, 64, YES),
        "file_size_bytes": (Integer, None, YES),
        "mime_type": (String, 100, YES),
        "detected_timestamp": (DateTime, None, YES),
        "timestamp_source": (String, 50, YES),
        "confidence": (Enum, None, NO),
        "output_path": (String, 500, YES),
        "created_at": (DateTime, None, NO),
        "updated_at": (DateTime, None, NO),
    },
    "jobs": {
        "id": (Integer, None, NO),
        "job_type": (String, 50, NO),
        "status": (Enum, None, NO),
        "progress_current": (Integer, None, NO),
        "progress_total": (Integer, None, NO),
        "created_at": (DateTime, None, NO),
        "started_at": (DateTime, None, YES),
        "completed_at": (DateTime, None, YES),
        "error_message": (Text, None, YES),
        "retry_count": (Integer, None, NO),
    },
    "job_files": {"job_id": (Integer, None, NO), "file_id": (Integer, None, NO)},
    "duplicates": {
        "id": (Integer, None, NO),
        "file_id": (Integer, None, NO),
        "duplicate_of_id": (Integer, None, NO),
        "match_type": (String, 20, NO),
        "similarity_score": (Float, None, NO),
        "detected_at": (DateTime, None, NO),
    },
    "user_decisions": {
        "id": (Integer, None, NO),
        "file_id": (Integer, None, NO),
        "decision_type": (String, 50, NO),
        "decision_value": (Text, None, NO),
        "decided_at": (DateTime, None, NO),
    },
}
SERVER_NOW = {
    ("projects", "created_at"),
    ("projects", "updated_at"),
    ("keyframes", "created_at"),
    ("video_clips", "created_at"),
    ("pipeline_runs", "started_at"),
    ("files", "created_at"),
    ("files", "updated_at"),
    ("jobs", "created_at"),
    ("duplicates", "detected_at"),
    ("user_decisions", "decided_at"),
}
FOREIGN_KEYS = {
    ("scenes", "project_id"): "projects.id",
    ("keyframes", "scene_id"): "scenes.id",
    ("video_clips", "scene_id"): "scenes.id",
    ("pipeline_runs", "project_id"): "projects.id",
    ("job_files", "job_id"): "jobs.id",
    ("job_files", "file_id"): "files.id",
    ("duplicates", "file_id"): "files.id",
    ("duplicates", "duplicate_of_id"): "files.id",
    ("user_decisions", "file_id"): "files.id",
}
APPEND_ONLY = {"api_calls", "pipeline_events", "files", "reviews", "user_decisions", "films", "duplicates", "jobs"}
COLUMNS = [(table, column) for table, columns in FIXED.items() for column in columns]


def table_of(name: str) -> Table:
    return Base.metadata.tables[name]


@pytest.mark.parametrize(("table", "name"), COLUMNS)
def test_a_column_is_as_the_data_model_fixes_it(table: str, name: str) -> None:
    kind, length, nullable = FIXED[table][name]
    column: Column[Any] = table_of(table).columns[name]
    assert isinstance(column.type, kind)
    if kind in {Text, String}:
        assert type(column.type) is kind
    if length is not None:
        assert column.type.length == length  # type: ignore[attr-defined]
    assert column.nullable is nullable
    if isinstance(column.type, JSON):
        assert column.type.none_as_null
    if isinstance(column.type, DateTime):
        assert column.type.timezone is (name == "detected_timestamp")
    if (table, name) in SERVER_NOW:
        assert column.server_default is not None
    if (table, name) in FOREIGN_KEYS:
        assert [str(key.target_fullname) for key in column.foreign_keys] == [FOREIGN_KEYS[table, name]]


def test_keys_defaults_and_enums_are_as_the_data_model_fixes_them() -> None:
    for name in ("projects", "scenes", "keyframes", "video_clips", "pipeline_runs"):
        key = table_of(name).columns["id"]
        assert key.primary_key
        assert isinstance(key.default.arg(None), UUID)  # type: ignore[union-attr]
    assert [column.name for column in table_of("job_files").primary_key] == ["job_id", "file_id"]
    assert table_of("job_files") is job_files
    jobs, files = table_of("jobs").columns, table_of("files").columns
    assert jobs["status"].default.arg is JobStatus.PENDING  # type: ignore[union-attr]
    assert files["confidence"].default.arg is ConfidenceLevel.LOW  # type: ignore[union-attr]
    for column in (jobs["progress_current"], jobs["progress_total"], jobs["retry_count"]):
        assert column.default.arg == 0  # type: ignore[union-attr]
    assert table_of("video_clips").columns["poll_count"].default.arg == 0  # type: ignore[union-attr]
    for name in ("projects", "files"):
        assert table_of(name).columns["updated_at"].onupdate is not None
    assert [status.value for status in JobStatus] == ["pending", "running", "completed", "failed"]
    assert [level.value for level in ConfidenceLevel] == ["high", "medium", "low", "none"]
    assert issubclass(JobStatus, str)
    assert issubclass(ConfidenceLevel, str)


def test_added_columns_are_nullable_or_have_a_default_in_the_database() -> None:
    for name, columns in FIXED.items():
        for column in table_of(name).columns:
            if column.name not in columns:
                assert column.nullable or column.server_default is not None, f"{name}.{column.name}"


def test_every_foreign_key_is_indexed_or_leads_an_index() -> None:
    for table in Base.metadata.tables.values():
        leading = {next(iter(index.columns)).name for index in table.indexes}
        leading.add(next(iter(table.primary_key.columns)).name)
        for key in table.foreign_keys:
            assert key.parent.name in leading, f"{table.name}.{key.parent.name}"


def test_what_queues_and_lists_look_for_is_indexed() -> None:
    def indexed(table: str) -> set[tuple[str, ...]]:
        return {tuple(column.name for column in index.columns) for index in table_of(table).indexes}

    assert ("file_hash_sha256",) in indexed("files")
    assert ("detected_timestamp",) in indexed("files")
    assert ("status",) in indexed("jobs")
    assert ("file_id", "duplicate_of_id") in indexed("duplicates")
    pair = next(index for index in table_of("duplicates").indexes if len(index.columns) == 2)
    assert pair.unique


async def test_the_file_has_these_columns_too(database: Path) -> None:
    with closing(sqlite3.connect(database)) as connection:
        for name, columns in FIXED.items():
            stored = {row[1]: row for row in connection.execute(f"PRAGMA table_info({name})")}
            for column, (kind, length, nullable) in columns.items():
                _, _, declared, not_null, default, _ = stored[column]
                assert bool(not_null) is not nullable, f"{name}.{column}"
                if length is not None:
                    assert declared == f"VARCHAR({length})"
                if kind is Uuid:
                    assert declared == "CHAR(32)"
                if (name, column) in SERVER_NOW:
                    assert "CURRENT_TIMESTAMP" in default
        made = dict(connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall())
        for name in APPEND_ONLY:
            assert "AUTOINCREMENT" in made[name], name
        partial = {
            name: sql
            for name, sql in connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index'")
            if sql and " WHERE " in sql
        }
    assert set(partial) == {"uq_keyframes_selected", "uq_video_clips_selected", "uq_films_selected"}
    assert all(sql.startswith("CREATE UNIQUE INDEX") for sql in partial.values())
