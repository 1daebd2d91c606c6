"""A strict Google on the loopback: both worlds' wire, real bodies, faults by script, and a journal of every call.

Standalone: `python -m tests.google.emulator --port 0 --image-seconds 0.4 --clip-seconds 4 --faults "clip:2:reset"`
prints its address and serves until it is ended. `GET /journal` gives what it counted, as JSON.
"""

from __future__ import annotations

import argparse
import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.google.emulator_answers import Answers
from tests.google.emulator_faults import serve
from tests.google.emulator_rules import Refusal

KEY = "test-key"
PAID = ("text", "image", "clip")


@dataclass
class Entry:
    """One request: `accepted` is what Google would bill."""

    kind: str
    model: str
    time: float
    path: str
    accepted: bool = False
    status: int | None = None
    fault: str = ""
    running: int = 1
    body: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Fault:
    """What goes wrong with the nth request of a kind (None: with every one)."""

    kind: str
    nth: int | None
    what: str
    value: str = ""


def parse_faults(text: str) -> list[Fault]:
    """Reads `kind:nth:what[=value]`, comma-separated; nth from 1, `*` for all."""
    faults = []
    for entry in filter(None, (part.strip() for part in text.split(","))):
        kind, nth, what = entry.split(":", 2)
        name, _equals, value = what.partition("=")
        faults.append(Fault(kind, None if nth == "*" else int(nth), name, value))
    return faults


class Emulator:
    """The server. Use it as a context manager, or `start` and `stop`."""

    def __init__(
        self,
        *,
        port: int = 0,
        faults: str = "",
        key: str = KEY,
        text_seconds: float = 0.0,
        image_seconds: float = 0.0,
        clip_seconds: float = 0.0,
        gone: tuple[str, ...] = (),
    ) -> None:
        self.key = key
        self.gone = set(gone)
        self.seconds = {"text": text_seconds, "image": image_seconds, "clip": 0.0}
        self.journal: list[Entry] = []
        self.faults = parse_faults(faults)
        self.answers = Answers(clip_seconds)
        self.lock = threading.Lock()
        self.released = threading.Event()
        self.quoting = ""
        self._counts: Counter[str] = Counter()
        self._running: Counter[str] = Counter()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Emulator:
        self._thread.start()
        return self

    def stop(self) -> None:
        self.released.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Emulator:
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def script(self, faults: str) -> None:
        """Replaces the faults; counting starts anew."""
        with self.lock:
            self.faults = parse_faults(faults)
            self._counts.clear()

    def calls(self, kind: str) -> list[Entry]:
        return [entry for entry in self.journal if entry.kind == kind]

    def accepted(self, kind: str) -> int:
        """How many calls of a kind were taken on (billed)."""
        return sum(entry.accepted for entry in self.calls(kind))

    def most_at_once(self, kind: str) -> int:
        """The most requests of a kind that ran at the same time."""
        return max((entry.running for entry in self.calls(kind)), default=0)

    def most_per_minute(self, kind: str) -> int:
        """The most requests of a kind in any 60 seconds."""
        times = [entry.time for entry in self.calls(kind)]
        return max((sum(start <= other < start + 60 for other in times) for start in times), default=0)

    def begin(self, entry: Entry) -> Fault | None:
        """Writes a request down and tells which fault it meets."""
        with self.lock:
            self._counts[entry.kind] += 1
            self._running[entry.kind] += 1
            entry.running = self._running[entry.kind]
            self.journal.append(entry)
            number = self._counts[entry.kind]
            for fault in self.faults:
                if fault.kind == entry.kind and fault.nth in {None, number}:
                    entry.fault = fault.what
                    return fault
        return None

    def check_key(self, call: Any, headers: Mapping[str, str]) -> None:
        """Google answers 400 to a wrong key in one world and 401 in the other."""
        if headers.get("x-goog-api-key") == self.key or (call.vertex and headers.get("authorization", "") > "Bearer "):
            return
        if call.vertex:
            raise Refusal(401, "Request had invalid authentication credentials.")
        reason = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
        raise Refusal(400, f"API key not valid. Please pass a valid API key. {self.quoting}", [reason])

    def write_login(self, folder: Path) -> Path:
        """A service account's file whose token server is this one."""
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        private = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        account = {
            "type": "service_account",
            "project_id": "film",
            "private_key_id": "1",
            "private_key": private.decode(),
            "client_email": "film@film.iam.gserviceaccount.com",
            "client_id": "1",
            "token_uri": f"{self.url}/token",
        }
        path = folder / "service-account.json"
        path.write_text(json.dumps(account))
        return path

    def end(self, entry: Entry) -> None:
        with self.lock:
            self._running[entry.kind] -= 1

    def report(self) -> dict[str, Any]:
        """What was counted."""
        return {
            "accepted": {kind: self.accepted(kind) for kind in PAID},
            "at_once": {kind: self.most_at_once(kind) for kind in (*PAID, "poll", "fetch")},
            "per_minute": {kind: self.most_per_minute(kind) for kind in PAID},
            "operations": self.answers.names(),
            "calls": [{**asdict(entry), "body": None, "headers": None} for entry in self.journal],
        }


def _handler(emulator: Emulator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._serve("GET")

        def do_POST(self) -> None:
            self._serve("POST")

        def log_message(self, *_arguments: object) -> None:
            return

        def _serve(self, method: str) -> None:
            length = int(self.headers.get("content-length") or 0)
            raw = self.rfile.read(length)
            url = urlsplit(self.path)
            if url.path == "/journal":
                self._json(200, emulator.report())
            elif url.path == "/token":
                self._json(200, {"access_token": "from-token-server", "expires_in": 3600, "token_type": "Bearer"})
            else:
                self._api(method, url.path, raw, {key: value[0] for key, value in parse_qs(url.query).items()})

        def _api(self, method: str, path: str, raw: bytes, query: Mapping[str, str]) -> None:
            entry: Entry | None = None
            try:
                body = json.loads(raw) if raw else {}
                call = emulator.answers.route(method, path, body)
                headers = {key.lower(): value for key, value in self.headers.items()}
                entry = Entry(call.kind, call.model, time.monotonic(), path, body=body, headers=headers)
                emulator.check_key(call, headers)
                fault = emulator.begin(entry)
                serve(emulator, self, entry, fault, call, query)
            except Refusal as refusal:
                if entry is not None:
                    entry.status = refusal.status
                self._json(refusal.status, refusal.body())
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            finally:
                if entry is not None and entry in emulator.journal:
                    emulator.end(entry)

        def _json(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
            self.send(status, json.dumps(body).encode(), "application/json; charset=UTF-8", headers)

        def send(
            self, status: int, data: bytes, kind: str, headers: Mapping[str, str] | None = None, claim: int = 0
        ) -> None:
            """Sends an answer; `claim` is added to the length it announces."""
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(data) + claim))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)
            if claim > 0:
                self.reset()

        def reset(self) -> None:
            """Ends the connection at once, without an answer."""
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()
            self.close_connection = True
            self.wfile = open("/dev/null", "wb")  # noqa: PTH123, SIM115

    return Handler


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--key", default=KEY)
    parser.add_argument("--faults", default="")
    parser.add_argument("--text-seconds", type=float, default=0.0)
    parser.add_argument("--image-seconds", type=float, default=0.0)
    parser.add_argument("--clip-seconds", type=float, default=0.0)
    given = parser.parse_args()
    with Emulator(
        port=given.port,
        key=given.key,
        faults=given.faults,
        text_seconds=given.text_seconds,
        image_seconds=given.image_seconds,
        clip_seconds=given.clip_seconds,
    ) as emulator:
        print(emulator.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
