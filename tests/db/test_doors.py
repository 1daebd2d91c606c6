from __future__ import annotations

import asyncio
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from vidpipe_tui.db import doors, shutdown
from vidpipe_tui.db.doors import on_lock, read, write
from vidpipe_tui.db.models import Project
from vidpipe_tui.errors import DatabaseError

ROW = {"prompt": "A cat.", "style": "noir", "aspect_ratio": "16:9", "target_clip_duration": 4, "status": "pending"}
INSERT = "INSERT INTO jobs (job_type) VALUES ('import')"


@pytest.fixture
def told() -> Iterator[list[str]]:
    """What the person is told while we wait for a lock."""
    sentences: list[str] = []
    on_lock(sentences.append)
    yield sentences
    on_lock(None)


async def prompts() -> list[str]:
    async with read() as session:
        return list((await session.scalars(select(Project.prompt))).all())


async def test_what_is_written_can_be_read(database: Path) -> None:
    async with write() as session:
        session.add(Project(**ROW))
    assert await prompts() == ["A cat."]


@pytest.mark.parametrize(
    "statement", [insert(Project).values(**ROW), update(Project).values(style="x"), delete(Project)]
)
async def test_the_reading_door_refuses_statements_that_change(database: Path, statement: object) -> None:
    with pytest.raises(RuntimeError, match="read"):
        async with read() as session:
            await session.execute(statement)  # type: ignore[call-overload]
    assert await prompts() == []


async def test_the_reading_door_neither_flushes_nor_commits(database: Path) -> None:
    with pytest.raises(RuntimeError, match="read"):
        async with read() as session:
            session.add(Project(**ROW))
            await session.flush()
    with pytest.raises(RuntimeError, match="read"):
        async with read() as session:
            await session.commit()
    assert await prompts() == []


async def test_a_writer_begins_immediate(database: Path, plain: sqlite3.Connection) -> None:
    async with write() as session:
        await session.scalar(text("SELECT 1"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            plain.execute("BEGIN IMMEDIATE")
    plain.execute("BEGIN IMMEDIATE")
    async with read() as session:
        assert await session.scalar(text("SELECT count(*) FROM projects")) == 0


async def test_a_failure_rolls_back_whole(database: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        async with write() as session:
            session.add(Project(**ROW))
            await session.flush()
            raise ZeroDivisionError
    assert await prompts() == []


async def test_many_writers_of_a_process_queue(database: Path) -> None:
    async def add(number: int) -> None:
        async with write() as session:
            count = await session.scalar(text("SELECT count(*) FROM projects"))
            session.add(Project(**{**ROW, "prompt": f"{number} after {count}"}))

    await asyncio.gather(*(add(number) for number in range(20)))
    assert sorted(int(prompt.rpartition(" ")[2]) for prompt in await prompts()) == list(range(20))


async def test_a_cancelled_commit_is_whole_and_raised_again(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = asyncio.Event()
    whole = doors._to_the_end

    async def announced(ending: object) -> None:
        begun.set()
        await whole(ending)  # type: ignore[arg-type]

    monkeypatch.setattr(doors, "_to_the_end", announced)

    async def add() -> None:
        async with write() as session:
            session.add(Project(**ROW))

    task = asyncio.create_task(add())
    await begun.wait()
    for _ in range(3):
        task.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await prompts() == ["A cat."]


async def test_a_cancelled_block_leaves_nothing_and_no_lock(database: Path, plain: sqlite3.Connection) -> None:
    inside = asyncio.Event()

    async def add() -> None:
        async with write() as session:
            session.add(Project(**ROW))
            await session.flush()
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(add())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    plain.execute("BEGIN IMMEDIATE")
    plain.execute("ROLLBACK")
    assert await prompts() == []


async def test_a_writer_waits_for_another_process_and_says_so(
    database: Path, plain: sqlite3.Connection, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doors, "TELL_SECONDS", 0.1)
    plain.execute("BEGIN IMMEDIATE")
    on_lock(lambda sentence: (told.append(sentence), plain.execute("ROLLBACK"))[0])
    async with write() as session:
        session.add(Project(**ROW))
    assert told == ["The database is held by another process; waiting for it."]
    assert await prompts() == ["A cat."]


async def test_a_writer_gives_up_with_a_sentence(
    database: Path, plain: sqlite3.Connection, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["vidpipe_tui.db.engine"], "PRAGMAS", ("busy_timeout=50",))
    monkeypatch.setattr(doors, "TELL_SECONDS", 0.05)
    plain.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseError, match="held by another process") as caught:
        async with write(patience=0.3):
            pass
    assert caught.value.exit_status == 2
    assert told


async def test_a_writer_cancelled_while_it_waits_leaves_no_lock(database: Path, plain: sqlite3.Connection) -> None:
    plain.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(_add_one())
    async with read() as session:  # by now the writer's BEGIN is under way
        await session.scalar(text("SELECT 1"))
    waiting.cancel()
    plain.execute("ROLLBACK")
    with pytest.raises(asyncio.CancelledError):
        await waiting
    plain.execute("BEGIN IMMEDIATE")
    plain.execute("ROLLBACK")
    await _add_one()
    assert await prompts() == ["A cat."]


async def _add_one() -> None:
    async with write() as session:
        session.add(Project(**ROW))


async def test_other_errors_of_the_database_stay_what_they_are(database: Path) -> None:
    with pytest.raises(DBAPIError):
        async with write() as session:
            await session.execute(text("SELECT * FROM nowhere"))


async def test_a_damaged_page_is_a_sentence(database: Path) -> None:
    async with write() as session:
        session.add_all([Project(**{**ROW, "prompt": "x" * 3000}) for _ in range(20)])
    await shutdown()
    data = bytearray(database.read_bytes())
    middle = len(data) // 2
    data[middle:] = b"\xff" * (len(data) - middle)
    database.write_bytes(data)
    with pytest.raises(DatabaseError, match="damaged"):
        await prompts()
