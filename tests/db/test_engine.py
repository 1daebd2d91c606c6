from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker

from vidpipe_tui import db
from vidpipe_tui.config.paths import database_path, database_url, quick_database_path
from vidpipe_tui.db.engine import build_engine, configure_sqlite_pragmas, shutdown


def script(source: str, *, check: bool = True) -> str:
    """Runs a plain script in a fresh interpreter and returns what it printed."""
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)], capture_output=True, text=True, timeout=60, check=False
    )
    assert not check or run.returncode == 0, run.stderr
    return run.stdout.strip()


async def test_every_connection_has_the_pragmas(database: Path) -> None:
    engine = db.engine
    assert isinstance(engine, AsyncEngine)
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    async with engine.connect() as first, engine.connect() as second:
        for connection in (first, second):
            for pragma, value in wanted.items():
                assert (await connection.execute(text(f"PRAGMA {pragma}"))).scalar() == value


async def test_the_sessions_keep_what_they_read(database: Path) -> None:
    maker = db.async_session
    assert isinstance(maker, async_sessionmaker)
    async with maker() as session:
        assert isinstance(session, AsyncSession)
        assert session.sync_session.expire_on_commit is False


def test_all_names_are_there() -> None:
    import vidpipe_tui.db.engine  # noqa: F401

    module = sys.modules["vidpipe_tui.db.engine"]
    assert set(db.__all__) == {"Base", "engine", "async_session", "get_session", "shutdown", "init_database"}
    for name in ("configure_sqlite_pragmas", "engine", "async_session", "get_session", "shutdown"):
        assert name in module.__all__
    assert callable(configure_sqlite_pragmas)


@pytest.mark.parametrize(
    "imports",
    [
        "from vidpipe_tui.db import engine as a\n    from vidpipe_tui.db.engine import engine as b",
        "from vidpipe_tui.db.engine import engine as b\n    from vidpipe_tui.db import engine as a",
        "import vidpipe_tui.db.engine\n    from vidpipe_tui.db import engine as a\n"
        "    from vidpipe_tui.db.engine import engine as b",
    ],
)
def test_the_engine_has_both_its_names_in_either_order(imports: str) -> None:
    printed = script(f"""
    {imports}
    from sqlalchemy.ext.asyncio import AsyncEngine
    import vidpipe_tui.db
    print(a is b, vidpipe_tui.db.engine is a, isinstance(a, AsyncEngine))
    """)
    assert printed == "True True True"


def test_nothing_is_built_at_import() -> None:
    printed = script("""
    import sys
    import vidpipe_tui.db
    from vidpipe_tui.db import Base, get_session, init_database, shutdown
    import vidpipe_tui.db.models, vidpipe_tui.db.doors
    from vidpipe_tui.config import loading
    print(sys.modules["vidpipe_tui.db.engine"]._engine, loading._current)
    """)
    assert printed == "None None"
    assert not Path("data").exists()


def test_importing_the_package_loads_no_sqlalchemy() -> None:
    assert script("import sys, vidpipe_tui.db; print('sqlalchemy' in sys.modules)") == "False"


def test_a_plain_script_works_with_get_session_and_async_session() -> None:
    printed = script("""
    import asyncio
    from vidpipe_tui.db import async_session, get_session, init_database, shutdown
    from vidpipe_tui.db.models import Project
    from sqlalchemy import select

    async def main():
        await init_database()
        async with async_session() as session:
            session.add(Project(prompt="A cat.", style="noir", aspect_ratio="1:1", target_clip_duration=4,
                                status="pending"))
            await session.commit()
        async for session in get_session():
            print((await session.scalars(select(Project.prompt))).all())
        await shutdown()

    asyncio.run(main())
    """)
    assert printed == "['A cat.']"


async def test_after_a_shutdown_the_engine_is_built_anew(database: Path) -> None:
    first = db.engine
    await shutdown()
    assert db.engine is not first
    async with db.async_session() as session:
        assert await session.scalar(text("SELECT count(*) FROM projects")) == 0


@pytest.mark.parametrize("name", ["plain.db", "with space.db", 'it\'s "quoted".db', "100%41?.db", "ä日本.db", "#x.db"])
async def test_the_file_is_the_one_the_address_names(tmp_path: Path, name: str) -> None:
    wanted = tmp_path / "folder with 'quotes'" / name
    url = database_url(wanted)
    assert database_path(url) == wanted
    engine = build_engine(url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE t (x)"))
    await engine.dispose()
    assert wanted.is_file()


def test_the_default_lies_in_the_data_folder(home: Path) -> None:
    assert quick_database_path() == home / "data" / "vidpipe" / "vidpipe.db"
