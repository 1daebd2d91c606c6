"""The wheel and the source archive: all data files are in them, and what is installed from the wheel starts."""

from __future__ import annotations

import os
import pty
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from vidpipe_tui import __version__

ROOT = Path(__file__).parents[2]
BUILD = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps", "--no-index"]
BUILD += ["--no-build-isolation"]
IN_APP = """
import asyncio
from pathlib import Path
import vidpipe_tui
from vidpipe_tui.app import VidpipeApp
from vidpipe_tui.door import Door

async def main():
    app = VidpipeApp(Door())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        print(Path(vidpipe_tui.__file__).parent)
        print(len(list((Path(vidpipe_tui.__file__).parent / "styles").glob("*.tcss"))))
        print(type(app.screen).__name__)
    await app.door.close()

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean copy of the sources, so that nothing is left behind in them and nothing changes meanwhile."""
    folder = tmp_path_factory.mktemp("source")
    for name in ("vidpipe_tui", "styles", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".env.example"):
        shutil.copyfile(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without any network."""
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run([*BUILD, "--wheel-dir", str(out), str(source)], check=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a clean environment that has the wheel; its dependencies come from the running one."""
    folder = tmp_path_factory.mktemp("environment")
    venv.EnvBuilder(with_pip=False, symlinks=True).create(folder)
    (site,) = folder.glob("lib/python*/site-packages")
    running = sysconfig.get_paths()["purelib"]
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # A path file alone: the editable install of the running environment is a path file of its own, and is not read.
    (site / "dependencies.pth").write_text(running + "\n")
    program = folder / "bin" / "vidpipe"
    program.write_text(f"#!{folder}/bin/python\nimport sys\nfrom vidpipe_tui.__main__ import main\nsys.exit(main())\n")
    program.chmod(0o755)
    return folder / "bin"


@pytest.fixture
def run(installed: Path, tmp_path: Path) -> Callable[..., str]:
    """Runs something of the clean environment, away from the sources; returns what it printed."""

    def call(*command: str) -> str:
        ended = subprocess.run(
            [str(installed / command[0]), *command[1:]], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    return call


def test_the_wheel_holds_everything_that_is_no_code(wheel: Path, source: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = archive.read(f"vidpipe-{__version__}.dist-info/METADATA").decode()
        entries = archive.read(f"vidpipe-{__version__}.dist-info/entry_points.txt").decode()
    wanted = [path.relative_to(source).as_posix() for path in source.rglob("*") if path.is_file()]
    assert {name for name in wanted if name.startswith("vidpipe_tui/")} <= names
    assert {f"vidpipe_tui/{name}" for name in wanted if name.startswith("styles/")} <= names
    assert not [name for name in names if name.startswith("tests/")]
    assert any("licenses/LICENSE" in name for name in names)
    assert "vidpipe = vidpipe_tui.__main__:main" in entries
    assert "Requires-Python: >=3.11" in metadata
    assert "License-Expression: MIT" in metadata


def test_what_is_installed_is_the_wheel_and_knows_its_version(run: Callable[..., str], installed: Path) -> None:
    assert run("vidpipe", "--version") == f"vidpipe {__version__}\n"
    where = run("python", "-c", "import vidpipe_tui; print(vidpipe_tui.__file__)").strip()
    assert Path(where).is_relative_to(installed.parent)


def test_the_installed_command_makes_a_film(run: Callable[..., str]) -> None:
    printed = run("vidpipe", "generate", "A fox runs.", "--scenes", "1")
    film = Path(printed.strip())
    assert film.name == "final.mp4"
    assert film.stat().st_size > 10_000


def test_the_installed_app_opens_with_its_styles(run: Callable[..., str], installed: Path, source: Path) -> None:
    package, styles, screen = run("python", "-c", IN_APP).splitlines()[-3:]
    assert Path(package).is_relative_to(installed.parent)
    assert int(styles) == len(list((source / "styles").glob("*.tcss"))) > 0
    assert "Screen" in screen


@pytest.mark.pty
def test_the_installed_command_opens_the_studio_in_a_terminal(installed: Path, tmp_path: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:  # pragma: no cover
        os.chdir(tmp_path)
        os.environ["TERM"] = "xterm-256color"
        os.execv(installed / "vidpipe", ["vidpipe"])
    drawn = b""
    with suppress(OSError):
        while b"\x1b[?1049h" not in drawn and (data := os.read(terminal, 65536)):
            drawn += data
    os.kill(pid, 15)
    with suppress(OSError):
        while os.read(terminal, 65536):
            pass
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    assert b"\x1b[?1049h" in drawn, drawn.decode(errors="replace")
    assert os.waitstatus_to_exitcode(status) == 130


def test_the_source_archive_can_build_the_wheel_again(tmp_path: Path, source: Path, wheel: Path) -> None:
    build = "import hatchling.build, os, sys\nos.chdir(sys.argv[1])\nprint(hatchling.build.build_sdist(sys.argv[2]))"
    built = subprocess.run(
        [sys.executable, "-c", build, str(source), str(tmp_path)], capture_output=True, text=True, check=True
    )
    archive = tmp_path / built.stdout.split()[-1]
    with tarfile.open(archive) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    assert {"pyproject.toml", "README.md", "LICENSE", ".env.example", "vidpipe_tui/__main__.py"} <= names
    assert any(name.startswith("styles/") for name in names)
    assert any(name.startswith("tests/") for name in names)
    subprocess.run([*BUILD, "--wheel-dir", str(tmp_path), str(archive)], check=True)
    (again,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(again) as one, zipfile.ZipFile(wheel) as other:
        assert set(one.namelist()) == set(other.namelist())
