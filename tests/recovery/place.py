"""A place of its own for one film that is made, killed and resumed, and everything that must be true afterwards."""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PROMPT = "A fox walks through the snow. Then it finds a lamp under a tree."
ROOT = Path(__file__).parents[2]


class ForkServer:
    """A process with vidpipe imported that runs commands in forked children."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.recovery.fork_server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def start(self, arguments: list[str], environment: dict[str, str], out: Path, crash: str = "") -> int:
        """Starts a command; returns the process id of the child."""
        assert self._process.stdin is not None
        request = {"arguments": arguments, "environment": environment, "crash": crash, "out": str(out)}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return int(self._read()["pid"])

    def wait(self) -> int:
        """The exit status of the command that was started last; negative: the signal that ended it."""
        return int(self._read()["status"])

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> None:
        """Ends it."""
        self._process.communicate(timeout=20)


@dataclass
class Place:
    """Folders, settings and a database below `folder`."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)
    points: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.folder / "home").mkdir(parents=True)

    @property
    def environment(self) -> dict[str, str]:
        home = str(self.folder / "home")
        return {
            "HOME": home,
            **{f"XDG_{kind}_HOME": f"{home}/{kind.lower()}" for kind in ("DATA", "CONFIG", "STATE", "CACHE")},
            "VIDPIPE_STORAGE__DATABASE_URL": f"sqlite+aiosqlite:///{self.database}",
            "VIDPIPE_STORAGE__TMP_DIR": str(self.files),
            "VIDPIPE_LOCAL__HEIGHT": "90",
            "VIDPIPE_LOCAL__CALL_LOG": str(self.folder / "calls"),
            "VIDPIPE_PIPELINE__RETRY_BASE_DELAY": "0.01",
            "VIDPIPE_LOCAL__FAULTS": "",
            "_VIDPIPE_TEST_CRASH_LOG": str(self.folder / "points"),
            **self.settings,
        }

    @property
    def database(self) -> Path:
        return self.folder / "films.db"

    @property
    def files(self) -> Path:
        return self.folder / "files"

    @property
    def output(self) -> Path:
        """What the commands printed, one after the other."""
        return self.folder / "output"

    @property
    def visited(self) -> list[str]:
        """The crash points that were reached, in order."""
        path = self.folder / "points"
        return path.read_text().splitlines() if path.exists() else []

    def rows(self, query: str) -> list[Any]:
        """What the database answers."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)) as db:
            return db.execute(query).fetchall()

    @property
    def accepted(self) -> list[dict[str, Any]]:
        """The provider's own account of the calls it took on."""
        path = self.folder / "calls"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def generate(self, scenes: int = 2) -> list[str]:
        """The command that makes the film."""
        return ["generate", PROMPT, "--scenes", str(scenes), "--clip-duration", "1", "--seed", "7"]

    @property
    def project(self) -> str:
        """The id of the only project; '' where none was stored."""
        if not self.database.exists():
            return ""
        try:
            rows = self.rows("SELECT id FROM projects")
        except sqlite3.OperationalError:
            return ""
        return str(rows[0][0]) if rows else ""


def verify(place: Place) -> list[str]:
    """Everything that is wrong at a place whose film has come to its end, as sentences."""
    return [*_database(place), *_files(place), *_calls(place), *_clips(place), *_moves(place)]


def _database(place: Place) -> list[str]:
    wrong = []
    if place.rows("PRAGMA integrity_check") != [("ok",)]:
        wrong.append("the database is damaged")
    if place.rows("PRAGMA foreign_key_check"):
        wrong.append("rows point nowhere")
    if place.rows("SELECT * FROM leases WHERE owner IS NOT NULL"):
        wrong.append("a lease is still held")
    if place.rows("SELECT * FROM api_calls WHERE state = 'intent'"):
        wrong.append("a call's end was never settled")
    return wrong


def _files(place: Place) -> list[str]:
    wrong = []
    named = set()
    for path, sha256 in place.rows("SELECT storage_path, file_hash_sha256 FROM files WHERE storage_path != ''"):
        named.add(path)
        whole = place.files / path
        if not whole.exists():
            wrong.append(f"{path} is missing")
        elif hashlib.sha256(whole.read_bytes()).hexdigest() != sha256:
            wrong.append(f"{path} is not whole")
    for table, column in (("keyframes", "file_path"), ("video_clips", "local_path"), ("films", "file_path")):
        named_there = {row[0] for row in place.rows(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL")}
        wrong += [f"{path} has no files row" for path in named_there - named]
    small = {
        str(path.parent / "small" / (path.name if path.parent.name == "clips" else f"{path.stem}.jpg"))
        for path in map(Path, named)
    }
    for path in place.files.rglob("*"):
        relative = path.relative_to(place.files)
        if path.is_dir() or relative.as_posix() in named | small or path.name == "manifest.json":
            continue
        if relative.parts[0].startswith(".") and not path.name.startswith("."):
            continue  # the provider's own
        wrong.append(f"{relative} was left behind")
    for manifest in place.files.glob("*/output/manifest.json"):
        film = json.loads(manifest.read_bytes())["film"]
        selected = place.rows(
            "SELECT file_hash_sha256 FROM films JOIN files ON films.file_id = files.id WHERE selected"
        )
        if selected != [(film["sha256"],)]:
            wrong.append("the manifest speaks of another film")
    return wrong


def _calls(place: Place) -> list[str]:
    """Nothing was accepted twice, except what is shown as in doubt or was refused by a filter."""
    accepted = Counter((call["kind"], call["scene"]) for call in place.accepted)
    shown: Counter[tuple[str, Any]] = Counter()
    paid: Counter[tuple[str, Any, Any]] = Counter()
    for kind, scene, slot, state, error in place.rows(
        "SELECT kind, scene_index, slot, state, error_kind FROM api_calls"
    ):
        if state == "unknown" or (state == "failed" and error in {"filtered", "transient", "refused"}):
            shown[kind, scene] += 1
        elif state in {"succeeded", "submitted"}:
            shown[kind, scene] += 1
            if error is None:
                paid[kind, scene, slot] += 1
    wrong = [
        f"{key} was accepted {count} times, and {shown[key]} are shown"
        for key, count in accepted.items()
        if count > shown[key]
    ]
    return wrong + [f"{key} was paid for {count} times" for key, count in paid.items() if count > 1]


def _clips(place: Place) -> list[str]:
    """Every clip the provider took on is in the film, or is shown as what became of it."""
    clips = place.rows("SELECT operation_name, status, selected FROM video_clips")
    known = {name: (status, selected) for name, status, selected in clips if name}
    doubtful = sum(name is None for name, _, _ in clips)
    wrong = []
    for call in place.accepted:
        if call["kind"] != "clip":
            continue
        status, selected = known.get(call["operation"], (None, None))
        if status is None:
            doubtful -= 1
            if doubtful < 0:
                wrong.append(f"{call['operation']} is known to nobody")
        elif status == "complete" and not selected:
            wrong.append(f"{call['operation']} is complete and in no film")
        elif status in {"submitted", "polling"}:
            wrong.append(f"{call['operation']} was never fetched")
    return wrong


def _moves(place: Place) -> list[str]:
    refused = place.folder / "points.refused"
    return refused.read_text().splitlines() if refused.exists() else []


def empty_database(place: Place) -> bytes:
    """A database with the schema of this program and nothing in it."""
    command = [sys.executable, "-m", "vidpipe_tui", "list"]
    subprocess.run(command, env=environment_of(place), check=True, capture_output=True)
    data = place.database.read_bytes()
    for name in (place.database, *place.folder.glob("films.db-*")):
        name.unlink(missing_ok=True)
    return data


def environment_of(place: Place) -> dict[str, str]:
    """The environment for a whole process of its own."""
    return {**os.environ, **place.environment, "PYTHONPATH": str(ROOT)}
