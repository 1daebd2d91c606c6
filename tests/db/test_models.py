from __future__ import annotations

import itertools
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from vidpipe_tui import db
from vidpipe_tui.db.base import now
from vidpipe_tui.db.models import (
    ApiCall,
    ConfidenceLevel,
    Duplicate,
    File,
    Job,
    JobStatus,
    Keyframe,
    PipelineRun,
    Project,
    Scene,
    UserDecision,
    VideoClip,
    job_files,
)

ALLOWED = {
    (JobStatus.PENDING, JobStatus.RUNNING),
    (JobStatus.RUNNING, JobStatus.COMPLETED),
    (JobStatus.RUNNING, JobStatus.FAILED),
    (JobStatus.FAILED, JobStatus.PENDING),
}


def project(**values: Any) -> Project:
    fixed = {"prompt": "A cat.", "style": "noir", "aspect_ratio": "16:9", "target_clip_duration": 4}
    return Project(**{**fixed, "status": "pending", **values})


def scene(owner: Project, index: int = 0) -> Scene:
    texts = dict.fromkeys(("scene_description", "start_frame_prompt", "end_frame_prompt", "video_motion_prompt"), "x")
    return Scene(project_id=owner.id, scene_index=index, status="pending", **texts)


def file(**values: Any) -> File:
    return File(**{"original_filename": "a.png", "original_path": "a.png", "storage_path": "", **values})


@pytest.mark.parametrize(("before", "after"), itertools.product(JobStatus, JobStatus))
async def test_a_job_moves_only_along_its_way(database: Path, before: JobStatus, after: JobStatus) -> None:
    async with db.async_session() as session:
        job = Job(job_type="import", status=before)
        session.add(job)
        await session.commit()
        if (before, after) in ALLOWED:
            job.status = after
            await session.commit()
            assert job.retry_count == (1 if before is JobStatus.FAILED else 0)
        else:
            with pytest.raises(ValueError, match="cannot become"):
                job.status = after
            assert job.status is before


async def test_a_job_that_was_expired_is_guarded_too(database: Path) -> None:
    async with db.async_session() as session:
        job = Job(job_type="import")
        session.add(job)
        await session.commit()

        def skip(_session: object) -> None:
            session.sync_session.expire(job)
            job.status = JobStatus.COMPLETED

        with pytest.raises(ValueError, match="pending cannot become completed"):
            await session.run_sync(skip)


async def test_a_job_takes_its_status_as_text_and_counts_retries(database: Path) -> None:
    job = Job(job_type="export")
    for status in ("running", "failed", "pending", "running", "failed", "pending"):
        job.status = status  # type: ignore[assignment]
    assert job.status is JobStatus.PENDING
    assert job.retry_count == 2
    with pytest.raises(ValueError, match="bogus"):
        job.status = "bogus"  # type: ignore[assignment]


async def test_enums_store_their_values(database: Path, plain: sqlite3.Connection) -> None:
    async with db.async_session() as session:
        session.add_all([Job(job_type="import", status=JobStatus.RUNNING), file(confidence=ConfidenceLevel.HIGH)])
        await session.commit()
    assert plain.execute("SELECT status FROM jobs").fetchone() == ("running",)
    assert plain.execute("SELECT confidence FROM files").fetchone() == ("high",)


async def test_rows_with_only_the_fixed_columns_are_valid(database: Path) -> None:
    async with db.async_session() as session:
        owner = project()
        session.add(owner)
        await session.flush()
        one = scene(owner)
        session.add_all([one, PipelineRun(project_id=owner.id)])
        await session.flush()
        frame = {"prompt_used": "x", "file_path": "a.png", "mime_type": "image/png", "source": "generated"}
        session.add_all(
            [
                Keyframe(scene_id=one.id, position="start", **frame),
                Keyframe(scene_id=one.id, position="start", **frame),
                VideoClip(scene_id=one.id, status="submitted"),
            ]
        )
        first, second = file(), file()
        session.add_all([first, second])
        await session.flush()
        session.add(Duplicate(file_id=first.id, duplicate_of_id=second.id, match_type="exact", similarity_score=1.0))
        session.add(UserDecision(file_id=first.id, decision_type="approve", decision_value=""))
        session.add(Job(job_type="import", files=[first, second]))
        await session.commit()
        found = await session.scalar(select(File).where(File.id == first.id))
        assert found is not None
        assert found.confidence is ConfidenceLevel.LOW
        assert len((await session.execute(select(job_files))).all()) == 2


async def test_one_take_of_a_slot_is_selected(database: Path) -> None:
    async with db.async_session() as session:
        owner = project()
        session.add(owner)
        await session.flush()
        one = scene(owner)
        session.add(one)
        await session.flush()
        for make in (
            lambda take: Keyframe(
                scene_id=one.id,
                position="end",
                prompt_used="x",
                file_path=f"{take}.png",
                mime_type="image/png",
                source="generated",
                selected=True,
            ),
            lambda take: VideoClip(scene_id=one.id, status="complete", take=take, selected=True),
        ):
            async with session.begin_nested():
                session.add(make(1))
            with pytest.raises(IntegrityError):
                async with session.begin_nested():
                    session.add(make(2))


async def test_a_pair_of_duplicates_stands_once(database: Path) -> None:
    async with db.async_session() as session:
        first, second = file(), file()
        session.add_all([first, second])
        await session.flush()
        pair = {"file_id": first.id, "duplicate_of_id": second.id, "match_type": "exact", "similarity_score": 1.0}
        await session.execute(insert(Duplicate).values(**pair))
        with pytest.raises(IntegrityError):
            await session.execute(insert(Duplicate).values(**pair))


async def test_ids_of_append_only_rows_are_not_used_again(database: Path) -> None:
    async with db.async_session() as session:
        first = file()
        session.add(first)
        await session.commit()
        old = first.id
        await session.delete(first)
        await session.commit()
        second = file()
        session.add(second)
        await session.commit()
        assert second.id > old


async def test_ledger_rows_outlive_their_project(database: Path) -> None:
    async with db.async_session() as session:
        owner = project()
        session.add(owner)
        await session.flush()
        call = ApiCall(
            project_id=owner.id, kind="clip", provider="local", model="m", state="succeeded", request_hash="0" * 64
        )
        session.add(call)
        await session.commit()
        await session.delete(owner)
        await session.commit()
        await session.refresh(call)
        assert call.project_id is None


async def test_a_json_none_is_null(database: Path, plain: sqlite3.Connection) -> None:
    async with db.async_session() as session:
        session.add(project(storyboard_raw=None, style_guide=None))
        session.add(project(storyboard_raw="no { json"))
        await session.commit()
    rows = plain.execute("SELECT storyboard_raw, style_guide FROM projects ORDER BY storyboard_raw").fetchall()
    assert rows == [(None, None), ('"no { json"', None)]


async def test_times_are_utc_and_updated_at_follows(database: Path) -> None:
    async with db.async_session() as session:
        row = project()
        session.add(row)
        await session.commit()
        made = row.updated_at
        assert abs((now() - row.created_at).total_seconds()) < 60
        await _touch(session, row)
        assert row.updated_at > made
        assert row.created_at <= made


async def _touch(session: AsyncSession, row: Project) -> None:
    row.title = "Another"
    await session.commit()
    await session.refresh(row)
