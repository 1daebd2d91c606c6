"""What may import or open what: the database has two doors, and nothing below the screens knows of Textual."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import vidpipe_tui

PACKAGE = Path(vidpipe_tui.__file__).parent
ABOVE = ("app.py", "screens/", "widgets/", "themes.py", "keys/")
"""The part that draws; everything else must run where there is no Textual."""
SESSIONS = re.compile(
    r"\b(async_session|async_sessionmaker|sessionmaker|get_session|create_async_engine|create_engine|AsyncSession\()"
)
PLAIN_SQLITE = {"services/first_page.py", "services/backup.py"}
"""The list's first page stands before SQLAlchemy is loaded; a backup copies and restores whole files."""
BLOCK_TEXTUAL = """
import importlib, sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "textual":
            raise ImportError("textual is not to be imported here")
sys.meta_path.insert(0, Blocked())
for name in sys.argv[1:]:
    importlib.import_module(name)
print(len(sys.argv) - 1)
"""


def sources() -> dict[str, str]:
    """Every module of the package by its path in it."""
    found = {path.relative_to(PACKAGE).as_posix(): path.read_text() for path in sorted(PACKAGE.rglob("*.py"))}
    assert len(found) > 100
    return found


def test_only_the_database_layer_opens_sessions() -> None:
    opening = [name for name, text in sources().items() if not name.startswith("db/") and SESSIONS.search(text)]
    assert opening == []


def test_plain_sqlite_is_used_where_it_is_allowed_alone() -> None:
    using = {name for name, text in sources().items() if "sqlite3.connect" in text and not name.startswith("db/")}
    assert using <= PLAIN_SQLITE


def test_screens_and_commands_touch_neither_doors_nor_tables() -> None:
    outside = re.compile(r"vidpipe_tui\.db\.(models|doors|engine|takes|graph|projects)")
    touching = {
        name: outside.findall(text)
        for name, text in sources().items()
        if name.startswith(("screens/", "widgets/", "cli/", "app.py"))
        for text in [text.replace("from vidpipe_tui.db.doors import on_lock\n", "")]
        if outside.search(text)
    }
    assert touching == {}


def test_queries_never_commit() -> None:
    committing = [
        name
        for name, text in sources().items()
        if name.startswith("db/") and ".commit()" in text and name != "db/doors.py"
    ]
    assert committing == []


def test_nothing_below_the_screens_imports_textual() -> None:
    names = [
        "vidpipe_tui." + name.removesuffix(".py").replace("/", ".")
        for name in sources()
        if not name.startswith(ABOVE) and "migrations" not in name and not name.endswith(("__init__.py", "__main__.py"))
    ]
    run = subprocess.run([sys.executable, "-c", BLOCK_TEXTUAL, *names], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) == len(names)


def test_a_vendor_is_named_by_its_own_code_alone() -> None:
    vendors = re.compile(r"\b(google|gemini|veo)\b", re.IGNORECASE)
    naming = [name for name, text in sources().items() if name.startswith("pipeline/") and vendors.search(text)]
    assert naming == []


def test_a_studio_that_only_looks_loads_nothing_for_media() -> None:
    """They are 30 MB, and come with the first run, the first picture, the first clip."""
    code = (
        "import sys, vidpipe_tui.services.studio; print(sorted({'av', 'numpy', 'PIL', 'alembic'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
