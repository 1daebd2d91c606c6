"""A planted key must not be found anywhere in what was written, whatever breaks."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.recovery.crashes import SMOOTH, new_place
from tests.recovery.place import ForkServer, Place
from tests.recovery.processes import Vidpipe, until

KEY = "AIzaSyPLANTED0123456789abcdefghijklmnop"


@pytest.fixture
def telltale() -> Iterator[str]:
    """A server that repeats the key it is sent in its errors, as some do; its address."""

    class Echo(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            body = (
                f'{{"error": {{"code": 400, "status": "INVALID_ARGUMENT", "message": "Bad key {KEY}: {self.path}"}}}}'
            )
            self.send_response(400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body.encode())

        do_GET = do_POST

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # its name in http.server
            return None

    server = HTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = new_place(tmp_path / "place", SMOOTH)
    place.settings["VIDPIPE_GOOGLE__API_KEY"] = KEY
    return place


def leaks(place: Place) -> list[str]:
    """Files below the place that hold the key."""
    found = []
    for path in place.folder.rglob("*"):
        if path.is_file() and KEY.encode() in path.read_bytes():
            text = path.read_bytes()
            where = text.index(KEY.encode())
            found.append(f"{path.name}: ...{text[max(0, where - 200) : where + 60]!r}")
    return found


GOOGLE = ["generate", "A quiet film.", "--provider", "google", "--yes", "--scenes", "1", "--clip-duration", "4"]
BREAKS: dict[str, tuple[list[str], dict[str, str]]] = {
    "nothing": (["generate", "A quiet film.", "--scenes", "1", "--clip-duration", "1", "--json"], {}),
    "config": (["config", "--json"], {}),
    "doctor": (["doctor", "--json"], {"VIDPIPE_PIPELINE__PROVIDER": "google", "VIDPIPE_GOOGLE__BASE_URL": "TELLTALE"}),
    "an error that repeats the key": (GOOGLE, {"VIDPIPE_GOOGLE__BASE_URL": "TELLTALE"}),
    "the same with --debug": ([*GOOGLE, "--json"], {"VIDPIPE_GOOGLE__BASE_URL": "TELLTALE", "VIDPIPE_DEBUG": "1"}),
    "no network": (GOOGLE, {"VIDPIPE_GOOGLE__BASE_URL": "http://127.0.0.1:9"}),
    "a key in the wrong place": (["list"], {"VIDPIPE_GOOGLE__USE_VERTEX_AI": KEY}),
    "a provider named like the key": (["generate", "A film."], {"VIDPIPE_PIPELINE__PROVIDER": KEY}),
    "a bug": (["generate", "A film."], {"VIDPIPE_LOCAL__CALL_LOG": "/nowhere/at/all", "VIDPIPE_DEBUG": "1"}),
    "no database": (["list", "--json"], {"VIDPIPE_STORAGE__DATABASE_URL": "sqlite+aiosqlite:////dev/null/films.db"}),
    "an unwritable folder": (["generate", "A film."], {"VIDPIPE_STORAGE__TMP_DIR": "/dev/null/films"}),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_key_is_found_nowhere(server: ForkServer, place: Place, telltale: str, name: str) -> None:
    arguments, settings = BREAKS[name]
    place.settings |= {key: telltale if value == "TELLTALE" else value for key, value in settings.items()}
    server.start(arguments, place.environment, place.output)
    server.wait()
    assert leaks(place) == []
    if "TELLTALE" in settings.values():
        assert "********" in place.output.read_text() or "Bad key" not in place.output.read_text()


def test_a_key_is_found_nowhere_after_a_signal_and_a_kill(place: Place) -> None:
    process = Vidpipe(place, *place.generate(), VIDPIPE_LOCAL__IMAGE_SECONDS="30", VIDPIPE_DEBUG="1")
    until(lambda: any(call["kind"] == "image" for call in place.accepted))
    process.send(signal.SIGABRT)
    process.wait()
    assert leaks(place) == []
