"""How the emulator treats a request: what goes wrong before it is accepted, after it, and with its answer."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from tests.google.emulator_rules import Refusal

PAID = ("text", "image", "clip")
HTML = b"<!doctype html><title>502</title><h1>Bad Gateway</h1>"
BEFORE: dict[str, Refusal] = {
    "overloaded": Refusal(503, "The model is overloaded. Please try again later."),
    "forbidden": Refusal(403, "The caller does not have permission."),
    "billing": Refusal(403, "This API method requires billing to be enabled.", [{"reason": "BILLING_DISABLED"}]),
    "region": Refusal(400, "User location is not supported for the API use."),
    "gone": Refusal(404, "models/x is not found for API version v1."),
    "last_frame": Refusal(400, "last_frame is not allowlisted for this project."),
    "unsafe": Refusal(400, "The prompt could not be submitted: it violates Responsible AI practices."),
    "no_temperature": Refusal(400, "temperature is not supported by this model."),
    "wrong": Refusal(400, "Invalid value at 'parameters'."),
    "expired": Refusal(404, "It was not found."),
}
"""Refusals that Google gives without taking a call on."""
AFTER_STATUS = {"500": 500, "502": 502, "503": 503, "504": 504, "408": 408}
BROKEN = ("reset", "hang", "html", "garbage", "short", "blank")


def serve(emulator: Any, handler: Any, entry: Any, fault: Any, call: Any, query: Mapping[str, str]) -> None:
    """Answers one request, with its fault if it meets one."""
    what, value = (fault.what, fault.value) if fault else ("", "")
    _before(handler, what, value)
    if what == "lost" and call.kind not in PAID:
        raise Refusal(404, "Operation was not found.") if call.vertex else Refusal(400, "Invalid interaction name.")
    emulator.answers.check(call, entry.body, emulator.gone)
    entry.accepted = call.kind in PAID
    if seconds := emulator.seconds.get(call.kind, 0.0):
        time.sleep(seconds)
    entry.status = 200
    if call.kind == "fetch":
        _file(emulator, handler, call, what)
        return
    answer = {} if what in BROKEN else emulator.answers.answer(call, entry.body, what, value)
    if what in BROKEN and call.kind == "clip":
        emulator.answers.answer(call, entry.body, "", "")
    if what in AFTER_STATUS:
        entry.status = AFTER_STATUS[what]
        handler.send(AFTER_STATUS[what], HTML, "text/html")
    elif what == "reset":
        handler.reset()
    elif what == "hang":
        emulator.released.wait()
        handler.reset()
    elif what == "html":
        handler.send(200, HTML, "text/html")
    elif what == "garbage":
        handler.send(200, b'{"candidates": [{"content', "application/json")
    elif what == "short":
        handler.send(200, b'{"candidates": [', "application/json", claim=5000)
    else:
        handler.send(200, json.dumps(answer).encode(), "application/json; charset=UTF-8")


def _before(handler: Any, what: str, value: str) -> None:
    if what == "rate_limit":
        retry = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{value}s"}
        raise Refusal(429, "You exceeded your current quota.", [retry] if value else [])
    if what == "rate_limit_header":
        refusal = Refusal(429, "Too many requests.")
        handler.send(429, json.dumps(refusal.body()).encode(), "application/json", {"Retry-After": value})
        raise BrokenPipeError
    if what == "json500":
        raise Refusal(500, "An internal error has occurred.")
    if what == "json504":
        raise Refusal(504, "Deadline expired before operation could complete.")
    if what == "redirect":
        handler.send(307, b"", "text/plain", {"Location": "http://127.0.0.1:9/elsewhere"})
        raise BrokenPipeError
    if what in BEFORE:
        refusal = BEFORE[what]
        raise Refusal(refusal.status, refusal.message, refusal.details)


def _file(emulator: Any, handler: Any, call: Any, what: str) -> None:
    data = emulator.answers.video(call)
    if what in AFTER_STATUS:
        handler.send(AFTER_STATUS[what], HTML, "text/html")
    elif what == "reset":
        handler.reset()
    elif what == "hang":
        emulator.released.wait()
    elif what == "short":
        handler.send(200, data[: len(data) // 2], "video/mp4", claim=len(data) - len(data) // 2)
    elif what == "cut":
        handler.send(200, data[: len(data) // 2], "video/mp4")
    elif what == "html":
        handler.send(200, HTML, "text/html")
    elif what == "empty":
        handler.send(200, b"", "video/mp4")
    elif what == "slow":
        _slowly(handler, data)
    else:
        handler.send(200, data, "video/mp4")


def _slowly(handler: Any, data: bytes) -> None:
    """In ten pieces with pauses, each pause shorter than any time limit."""
    handler.send_response(200)
    handler.send_header("content-type", "video/mp4")
    handler.send_header("content-length", str(len(data)))
    handler.end_headers()
    step = len(data) // 10 + 1
    for start in range(0, len(data), step):
        handler.wfile.write(data[start : start + step])
        handler.wfile.flush()
        time.sleep(0.05)
