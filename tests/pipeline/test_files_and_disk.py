"""Full disks, missing and changed files: nothing that was paid for is lost, nothing broken gets into a film."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.pipeline.fake import FakeProvider, catalogue
from tests.pipeline.stage import Stage, stage
from vidpipe_tui import durable
from vidpipe_tui.db.doors import write
from vidpipe_tui.db.models import Draft
from vidpipe_tui.domain.commands import NewTake
from vidpipe_tui.domain.statuses import ProjectStatus
from vidpipe_tui.errors import DiskFullError
from vidpipe_tui.services.file_manager import FileManager

PAID = catalogue(image=0.1, second=1.0)


def full(*_arguments: Any, **_more: Any) -> None:
    """What writing ends with when the disk is full."""
    with durable.storage_errors(Path("x")):
        raise OSError(errno.ENOSPC, "No space left on device")


async def test_no_paid_call_is_made_without_room_for_its_result(monkeypatch: pytest.MonkeyPatch) -> None:
    async with stage(FakeProvider(prices=PAID)) as on:
        with monkeypatch.context() as narrow:
            narrow.setattr(FileManager, "free_bytes", lambda _self: 64 * 2**20 + 1)
            project_id, outcome = await on.film(1)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.STOPPED)
        assert "not enough room" in outcome.message
        assert on.provider.accepted("image") == on.provider.accepted("clip") == 0
        assert (await on.run(project_id)).exit_status == 0
        assert (on.provider.accepted("image"), on.provider.accepted("clip")) == (2, 1)


WRITES: list[tuple[str, Callable[[pytest.MonkeyPatch], None], int]] = [
    # what cannot be written, how, and how many pictures are paid for in all
    ("answer", lambda patch: patch.setattr("vidpipe_tui.pipeline.keyframes.write_atomically", full), 3),
    ("keyframe", lambda patch: patch.setattr(FileManager, "save_keyframe", full), 2),
    ("clip", lambda patch: patch.setattr(FileManager, "adopt_clip", full), 2),
    ("film", lambda patch: patch.setattr("vidpipe_tui.pipeline.film._put_in_place", full), 2),
    ("manifest", lambda patch: patch.setattr("vidpipe_tui.pipeline.film.write_atomically", full), 2),
]


@pytest.mark.parametrize(("fill", "pictures"), [row[1:] for row in WRITES], ids=[row[0] for row in WRITES])
async def test_a_disk_that_gets_full_stops_the_project_and_loses_nothing_paid_for(
    fill: Callable[[pytest.MonkeyPatch], None], pictures: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage(FakeProvider(prices=PAID)) as on:
        with monkeypatch.context() as narrow:
            fill(narrow)
            project_id, outcome = await on.film(1)
        assert (outcome.exit_status, outcome.status) == (1, ProjectStatus.STOPPED)
        assert "disk is full" in outcome.message
        assert "intent" not in [state for _, state in await on.calls(project_id)]
        assert (await on.run(project_id)).exit_status == 0
        assert (on.provider.accepted("image"), on.provider.accepted("clip")) == (pictures, 1)
        left = [path for path in on.core.files.project_folder(project_id).rglob("*") if path.name.startswith(".part")]
        assert left == []


async def test_a_full_disk_under_the_database_is_said_and_can_be_resumed() -> None:
    from vidpipe_tui.db.engine import get_engine

    async with stage(FakeProvider()) as on:
        project_id = await on.create(12)
        engine = get_engine().sync_engine
        async with write() as session:  # what an earlier use left free would be taken first
            free = await session.scalar(text("PRAGMA freelist_count"))
            session.add(Draft(project_id=project_id, field="note", text="x" * 4096 * (free or 0)))
            await session.flush()
            most = await session.scalar(text("PRAGMA page_count"))

        def narrow(connection: Any) -> None:
            connection.exec_driver_sql(f"PRAGMA max_page_count={most}")

        event.listen(engine, "begin", narrow)
        try:
            outcome = await on.run(project_id)
        except DiskFullError as error:
            assert "disk is full" in error.message
        else:
            assert (outcome.exit_status, "disk is full" in outcome.message) == (1, True)
        event.remove(engine, "begin", narrow)
        event.listen(
            engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=100000") and None
        )
        assert (await on.run(project_id)).exit_status in {0, 3}


async def frame_path(on: Stage, project_id: Any, index: int, position: str) -> Path:
    scene = (await on.graph(project_id)).scenes[index]
    take = scene.start if position == "start" else scene.end
    assert take is not None
    return on.core.files.absolute(take.path)


@pytest.mark.parametrize("damage", ["missing", "changed"])
async def test_a_damaged_keyframe_is_drawn_again_where_that_is_free(damage: str) -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(2)
        path = await frame_path(on, project_id, 0, "end")
        spoil(path, damage)
        await on.studio.new_take(project_id, NewTake(1, "clip"))  # scene 2 opens with that picture
        outcome = await on.run(project_id, retry_ended=False)
        assert outcome.exit_status == 0
        assert on.provider.accepted("image") == 4
        assert "drawn again" in await on.said(project_id)
        graph = await on.graph(project_id)
        assert graph.scenes[1].start is not None
        assert graph.scenes[0].end is not None
        assert graph.scenes[1].start.sha256 == graph.scenes[0].end.sha256
        assert graph.scenes[0].end.take == 2


@pytest.mark.parametrize("damage", ["missing", "changed"])
async def test_a_damaged_keyframe_that_costs_waits_until_it_is_put_back(damage: str) -> None:
    async with stage(FakeProvider(prices=PAID)) as on:
        project_id, _ = await on.film(1)
        path = await frame_path(on, project_id, 0, "end")
        original = path.read_bytes()
        spoil(path, damage)
        await on.studio.new_take(project_id, NewTake(0, "clip"))
        outcome = await on.run(project_id, retry_ended=False)
        assert outcome.exit_status == 1
        assert "end frame of scene 1" in outcome.message
        assert (on.provider.accepted("image"), on.provider.accepted("clip")) == (2, 1)
        path.write_bytes(original)
        assert (await on.run(project_id)).exit_status == 0
        assert (on.provider.accepted("image"), on.provider.accepted("clip")) == (2, 2)


@pytest.mark.parametrize("damage", ["missing", "changed"])
async def test_a_damaged_clip_is_fetched_again_and_never_joined_silently(damage: str) -> None:
    async with stage(FakeProvider(prices=PAID)) as on:
        project_id, _ = await on.film(2)
        scene = (await on.graph(project_id)).scenes[0]
        assert scene.clip is not None
        spoil(on.core.files.absolute(scene.clip.path or ""), damage)
        await on.studio.new_take(project_id, NewTake(1, "clip"))
        outcome = await on.run(project_id, retry_ended=False)
        assert outcome.exit_status == 0
        assert on.provider.accepted("clip", 0) == 1
        again = (await on.graph(project_id)).scenes[0].clip
        assert again is not None
        assert on.core.files.absolute(again.path or "").exists()


async def test_a_damaged_clip_the_provider_has_no_more_is_left_out_and_said() -> None:
    async with stage(FakeProvider(prices=PAID)) as on:
        project_id, _ = await on.film(2)
        scene = (await on.graph(project_id)).scenes[0]
        assert scene.clip is not None
        spoil(on.core.files.absolute(scene.clip.path or ""), "missing")
        on.provider.operations.clear()
        await on.studio.new_take(project_id, NewTake(1, "clip"))
        outcome = await on.run(project_id, retry_ended=False)
        assert (outcome.exit_status, outcome.missing) == (4, (0,))
        assert on.provider.accepted("clip", 0) == 1


@pytest.mark.parametrize("damage", ["missing", "changed"])
async def test_a_damaged_film_is_joined_again(damage: str) -> None:
    async with stage(FakeProvider()) as on:
        project_id, _ = await on.film(1)
        graph = await on.graph(project_id)
        spoil(on.core.files.absolute(graph.output_path or ""), damage)
        calls = len(on.provider.calls)
        assert (await on.run(project_id)).exit_status == 0
        graph = await on.graph(project_id)
        assert on.core.files.absolute(graph.output_path or "").exists()
        assert len(graph.films) == 2
        assert len(on.provider.calls) == calls


async def test_the_answer_of_a_crashed_run_is_used_and_not_paid_for_again() -> None:
    async with stage(FakeProvider(prices=PAID)) as on:
        project_id, _ = await on.film(1, review="keyframes")
        kept = on.core.files.project_folder(project_id) / "incoming"
        assert list(kept.glob("*")) == []


def spoil(path: Path, damage: str) -> None:
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b"x")
