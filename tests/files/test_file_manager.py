from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from vidpipe_tui import durable
from vidpipe_tui.errors import DiskFullError, StorageError
from vidpipe_tui.services.file_manager import FileManager

PROJECT = uuid4()
ODD_NAMES = [
    "",
    " ",
    ".",
    "..",
    "../x.mp4",
    "a/../../x.mp4",
    "/etc/passwd",
    "a/b.mp4",
    "a\\b.mp4",
    "a\0b.mp4",
    "a\nb.mp4",
    "a\x1b[2Jb.mp4",
    "a\x85b.mp4",
    "a\x9bb.mp4",
    "gp\u202e4pm.mp4",
    "a\u2028b.mp4",
    "a\u200bb.mp4",
    "\ufefffinal.mp4",
    "a\ud800b.mp4",
    "final.mp4 ",
    " final.mp4",
    "x" * 300 + ".mp4",
    "ä" * 120 + ".mp4",
    ".part-final.mp4",
    None,
    7,
]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "with space and 'quote'"


@pytest.fixture
def files(base: Path) -> FileManager:
    return FileManager(base)


def parts(folder: Path) -> list[Path]:
    return list(folder.rglob(f"{durable.TEMPORARY}*"))


def test_the_default_base_is_that_of_the_settings() -> None:
    assert FileManager().base_dir == Path.home() / "data" / "vidpipe" / "projects"


def test_a_project_has_three_folders(files: FileManager, base: Path) -> None:
    folder = files.get_project_dir(PROJECT)
    assert folder == base / str(PROJECT)
    assert sorted(path.name for path in folder.iterdir()) == ["clips", "keyframes", "output"]
    assert files.get_project_dir(str(PROJECT)) == folder


def test_names_and_numbers_are_as_fixed(files: FileManager) -> None:
    folder = files.get_project_dir(PROJECT)
    for name in ("scene_3_end.png", "scene_3_end_2.png", "scene_3_end_3.png"):
        saved = files.save_keyframe(PROJECT, 3, "end", name.encode())
        assert saved == folder / "keyframes" / name
        assert saved.read_bytes() == name.encode()
    for name in ("scene_0.mp4", "scene_0_2.mp4"):
        assert files.save_clip(PROJECT, 0, name.encode()) == folder / "clips" / name
    assert (folder / "keyframes" / "scene_3_end.png").read_bytes() == b"scene_3_end.png"
    assert files.get_output_path(PROJECT) == folder / "output" / "final.mp4"
    assert files.get_output_path(PROJECT, "final_2.mp4") == folder / "output" / "final_2.mp4"
    assert not files.get_output_path(PROJECT).exists()


def test_gaps_and_foreign_files_are_never_overwritten(files: FileManager) -> None:
    keyframes = files.get_project_dir(PROJECT) / "keyframes"
    (keyframes / "scene_0_start.png").symlink_to("nowhere")
    (keyframes / "scene_0_start_2.png").mkdir()
    assert files.save_keyframe(PROJECT, 0, "start", b"x").name == "scene_0_start_3.png"
    assert not (keyframes / "nowhere").exists()


@pytest.mark.parametrize("name", ODD_NAMES)
def test_an_odd_file_name_is_refused(files: FileManager, name: str) -> None:
    with pytest.raises(ValueError, match=r"^Invalid "):
        files.get_output_path(PROJECT, name)


@pytest.mark.parametrize("name", [name for name in ODD_NAMES if isinstance(name, str)])
def test_an_odd_project_is_refused_and_nothing_is_made(files: FileManager, base: Path, name: str) -> None:
    for call in (
        lambda: files.get_project_dir(name),
        lambda: files.save_clip(name, 0, b""),
        lambda: files.save_keyframe(name, 0, "end", b""),
        lambda: files.get_output_path(name),
    ):
        with pytest.raises(ValueError, match=r"^Invalid "):
            call()
    assert not base.exists()


@pytest.mark.parametrize("index", [-1, 1.0, "0", None, True, 10**400, 10**5000], ids=range(7))
def test_an_odd_scene_is_refused(files: FileManager, index: int) -> None:
    with pytest.raises(ValueError, match=r"^Invalid "):
        files.save_clip(PROJECT, index, b"x")
    with pytest.raises(ValueError, match=r"^Invalid "):
        files.save_keyframe(PROJECT, index, "start", b"x")


@pytest.mark.parametrize("position", ["", "middle", "START", "../start", "start\0", None, 0, ["start"]])
def test_an_odd_position_is_refused(files: FileManager, position: str) -> None:
    with pytest.raises(ValueError, match=r"^Invalid "):
        files.save_keyframe(PROJECT, 0, position, b"x")


@pytest.mark.parametrize("link", [".", "keyframes", "clips", "output", "output/final.mp4"])
def test_links_that_lead_out_are_refused(files: FileManager, base: Path, tmp_path: Path, link: str) -> None:
    outside = tmp_path / "outside"
    for folder in ("keyframes", "clips", "output"):
        (outside / folder).mkdir(parents=True)
    where = base / str(PROJECT) / link
    where.parent.mkdir(parents=True)
    where.symlink_to(outside if "/" not in link else outside / "x.mp4")
    with pytest.raises(ValueError, match=r"^Invalid "):
        files.get_output_path(PROJECT)
    if "/" not in link:
        with pytest.raises(ValueError, match=r"^Invalid "):
            files.save_keyframe(PROJECT, 0, "start", b"x")
    assert [path for path in outside.rglob("*") if path.is_file()] == []


def test_a_base_that_is_a_link_itself_is_used(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    saved = FileManager(tmp_path / "link").save_clip(PROJECT, 0, b"x")
    assert saved.resolve().is_relative_to(tmp_path / "real")


@pytest.mark.parametrize("stored", ["../x", "/etc/passwd", "a/../../x", "a\0b"])
def test_a_path_of_the_database_cannot_lead_out(files: FileManager, stored: str) -> None:
    with pytest.raises(ValueError, match=r"^Invalid "):
        files.absolute(stored)


def test_paths_go_into_the_database_and_back(files: FileManager) -> None:
    saved = files.save_clip(PROJECT, 1, b"x")
    assert files.relative(saved) == f"{PROJECT}/clips/scene_1.mp4"
    assert files.absolute(files.relative(saved)) == saved


def test_a_file_is_synced_before_it_has_its_name_and_the_folder_after(
    files: FileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened: list[str] = []
    fsync, link = os.fsync, os.link
    folder = files.get_project_dir(PROJECT) / "clips"

    def watched_fsync(descriptor: int) -> None:
        happened.append("folder" if Path(f"/proc/self/fd/{descriptor}").resolve() == folder else "file")
        fsync(descriptor)

    def watched_link(source: Path, target: Path) -> None:
        link(source, target)
        happened.append("named")

    monkeypatch.setattr(os, "fsync", watched_fsync)
    monkeypatch.setattr(os, "link", watched_link)
    files.save_clip(PROJECT, 0, b"x")
    assert happened[-2:] == ["named", "folder"]
    assert set(happened[:-2]) == {"file"}


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, DiskFullError), (errno.EDQUOT, DiskFullError), (errno.EIO, StorageError)]
)
@pytest.mark.parametrize("where", ["fsync", "link"])
def test_a_failed_write_leaves_nothing(
    files: FileManager, monkeypatch: pytest.MonkeyPatch, where: str, number: int, kind: type[StorageError]
) -> None:
    folder = files.get_project_dir(PROJECT)

    def refuse(*_arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch, pytest.raises(kind) as caught:
        patch.setattr(os, where, refuse)
        files.save_clip(PROJECT, 0, b"x" * 100_000)
    assert caught.value.hint
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert files.save_clip(PROJECT, 0, b"x").name == "scene_0.mp4"


def test_wrong_data_leaves_nothing(files: FileManager) -> None:
    with pytest.raises(TypeError):
        files.save_clip(PROJECT, 0, "text")  # type: ignore[arg-type]
    assert parts(files.get_project_dir(PROJECT)) == []


def test_where_links_cannot_be_made_files_are_still_not_overwritten(
    files: FileManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)
    assert [files.save_clip(PROJECT, 0, b"x").name for _ in range(3)] == [
        "scene_0.mp4",
        "scene_0_2.mp4",
        "scene_0_3.mp4",
    ]


def test_saves_at_the_same_time_each_get_their_own_name(files: FileManager) -> None:
    contents = [f"take {number}".encode() * 1000 for number in range(24)]
    with ThreadPoolExecutor(8) as threads:
        saved = list(threads.map(lambda data: files.save_keyframe(PROJECT, 0, "start", data), contents))
    assert len(set(saved)) == len(contents)
    assert [path.read_bytes() for path in saved] == contents
    assert parts(files.get_project_dir(PROJECT)) == []


def test_a_file_where_the_folder_should_be_is_a_sentence(files: FileManager, base: Path) -> None:
    base.write_text("")
    with pytest.raises(StorageError) as caught:
        files.get_project_dir(PROJECT)
    assert caught.value.hint


def test_sweeping_takes_only_what_nothing_names(files: FileManager) -> None:
    named = files.save_clip(PROJECT, 0, b"named")
    orphan = files.save_clip(PROJECT, 0, b"orphan")
    part = files.temporary(PROJECT, "clips", ".mp4")
    part.write_bytes(b"half")
    note = files.get_project_dir(PROJECT) / "clips" / "my notes.txt"
    note.write_text("mine")
    assert set(files.sweep(PROJECT, {files.relative(named)})) == {orphan, part}
    assert named.exists()
    assert note.exists()
