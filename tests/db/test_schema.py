from __future__ import annotations

import asyncio
import hashlib
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from vidpipe_tui.db import Base, init_database, models, schema
from vidpipe_tui.db.schema import HEAD, MIGRATIONS, revisions
from vidpipe_tui.errors import DatabaseError

assert models.Project.__table__ in Base.metadata.sorted_tables
SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("projects") as batch:
        batch.add_column(sa.Column("mood", sa.String(10)))
        batch.alter_column("style", type_=sa.String(60))
"""


def query(path: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def rows_of_a_film(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            """
            INSERT INTO projects (id, prompt, style, aspect_ratio, target_clip_duration, status)
              VALUES ('00000000000000000000000000000001', 'A cat.', 'noir', '16:9', 4, 'pending');
            INSERT INTO scenes (id, project_id, scene_index, scene_description, start_frame_prompt, end_frame_prompt,
                                video_motion_prompt, status)
              VALUES ('00000000000000000000000000000002', '00000000000000000000000000000001', 0, 'a', 'b', 'c', 'd',
                      'pending');
            """
        )


async def test_a_new_database_has_the_tables_of_the_models(path: Path) -> None:
    await init_database()

    def differences(connection: Connection) -> list[object]:
        return list(
            compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
        )

    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()
    assert query(path, "SELECT version_num FROM alembic_version") == [(HEAD,)]
    assert query(path, "PRAGMA journal_mode") == [("wal",)]
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


def test_head_is_the_newest_revision() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [HEAD]
    assert {revision.revision for revision in script.walk_revisions()} == set(revisions())
    assert revisions()[-1] == HEAD


def test_at_head_alembic_is_not_imported(database: Path) -> None:
    source = (
        "import asyncio, sys\nfrom vidpipe_tui.db import init_database\nasyncio.run(init_database())\n"
        "print('alembic' in sys.modules, 'sqlalchemy.ext.asyncio' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.split()[0] == "False"


async def test_at_head_nothing_is_written(database: Path) -> None:
    before = database.read_bytes()
    await init_database()
    assert database.read_bytes() == before
    assert list(database.parent.glob("*before*")) == []


def test_several_processes_make_it_at_once(path: Path) -> None:
    source = "import asyncio\nfrom vidpipe_tui.db import init_database\nasyncio.run(init_database())"
    processes = [subprocess.Popen([sys.executable, "-c", source], stderr=subprocess.PIPE, text=True) for _ in range(3)]
    failures = [process.communicate(timeout=60)[1] for process in processes]
    assert failures == ["", "", ""]
    assert query(path, "SELECT version_num FROM alembic_version") == [(HEAD,)]


async def test_many_makers_of_one_process_do_not_disturb_each_other(path: Path) -> None:
    await asyncio.gather(*(init_database() for _ in range(4)))
    assert query(path, "SELECT version_num FROM alembic_version") == [(HEAD,)]


async def test_a_folder_that_cannot_be_made_is_a_sentence(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("")
    monkeypatch.setenv("VIDPIPE_STORAGE__DATABASE_URL", f"sqlite+aiosqlite:///{home}/file/x.db")
    with pytest.raises(DatabaseError, match="cannot be"):
        await init_database()


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE songs (id INTEGER)")


def foreign_with_alembic(path: Path) -> None:
    foreign(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('ab12cd34')"
        )


def without_a_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM alembic_version")
        connection.commit()


def no_database(path: Path) -> None:
    path.write_bytes(b"I am a letter to my aunt. " * 100)


def corrupt(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[5000:] = b"\xff" * (len(data) - 5000)
    path.write_bytes(data)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])


REFUSED = [
    (newer, "newer"),
    (foreign, "another program"),
    (foreign_with_alembic, "another program"),
    (without_a_version, "another program"),
    (no_database, "not a database"),
    (corrupt, "damaged"),
    (cut_off, "damaged"),
]


@pytest.mark.parametrize(("spoil", "said"), REFUSED, ids=lambda value: getattr(value, "__name__", value))
async def test_what_is_not_ours_is_refused_and_not_touched(database: Path, spoil: object, said: str) -> None:
    spoil(database)  # type: ignore[operator]
    before = hashlib.sha256(database.read_bytes()).hexdigest()
    with pytest.raises(DatabaseError, match=said) as caught:
        await init_database()
    assert caught.value.hint
    assert str(database) in caught.value.message
    assert caught.value.exit_status == 2
    assert hashlib.sha256(database.read_bytes()).hexdigest() == before
    assert [file.name for file in database.parent.iterdir() if file.name.startswith("vidpipe.db.")] == []


async def test_a_folder_in_its_place_is_refused(path: Path) -> None:
    path.mkdir()
    with pytest.raises(DatabaseError):
        await init_database()
    assert list(path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", None])
async def test_an_empty_file_or_database_is_filled(path: Path, content: bytes | None) -> None:
    if content is None:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA user_version = 0")
            connection.execute("VACUUM")
    else:
        path.write_bytes(content)
    await init_database()
    assert query(path, "SELECT version_num FROM alembic_version") == [(HEAD,)]


@pytest.fixture
def with_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program as it will be with one more revision; returns the file of that revision."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder)
    second = folder / "versions" / "0002_mood.py"
    second.write_text(SECOND)
    monkeypatch.setattr(schema, "MIGRATIONS", folder)
    monkeypatch.setattr(schema, "HEAD", "0002")
    return second


async def test_an_older_database_is_upgraded_after_a_copy_was_put_aside(database: Path, with_second: Path) -> None:
    rows_of_a_film(database)
    await init_database()
    assert query(database, "SELECT version_num FROM alembic_version") == [("0002",)]
    assert query(database, "SELECT prompt, mood FROM projects") == [("A cat.", None)]
    assert query(database, "SELECT scene_description FROM scenes") == [("a",)]
    assert query(database, "PRAGMA foreign_key_check") == []
    (copy,) = database.parent.glob("*.before-*")
    assert query(copy, "SELECT version_num FROM alembic_version") == [("0001",)]
    assert query(copy, "SELECT prompt FROM projects") == [("A cat.",)]
    assert query(copy, "PRAGMA integrity_check") == [("ok",)]


async def test_an_upgrade_that_fails_leaves_everything_as_it_was(database: Path, with_second: Path) -> None:
    rows_of_a_film(database)
    with_second.write_text(SECOND + "    op.execute('INSERT INTO nowhere VALUES (1)')\n")
    with pytest.raises(DatabaseError, match="upgrade"):
        await init_database()
    assert query(database, "SELECT version_num FROM alembic_version") == [("0001",)]
    assert "mood" not in {row[1] for row in query(database, "PRAGMA table_info(projects)")}
    assert query(database, "SELECT count(*) FROM scenes") == [(1,)]


async def test_an_upgrade_that_breaks_references_is_taken_back(database: Path, with_second: Path) -> None:
    rows_of_a_film(database)
    with_second.write_text(SECOND + "    op.execute('DELETE FROM projects')\n")
    with pytest.raises(DatabaseError, match="references"):
        await init_database()
    assert query(database, "SELECT count(*) FROM projects") == [(1,)]


@pytest.mark.parametrize("revision", revisions())
async def test_every_revision_is_upgraded_with_its_rows(path: Path, revision: str) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        schema.run_migrations(connection, revision)
    rows_of_a_film(path)
    await init_database()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    engine.dispose()
    assert query(path, "SELECT count(*) FROM scenes") == [(1,)]
