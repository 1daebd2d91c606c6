"""The emulated models: what they answer, and the operations that go on in the background."""

from __future__ import annotations

import base64
import itertools
import json
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from tests.google import emulator_media as media
from tests.google.emulator_rules import (
    IMAGE_MODELS,
    MODELS,
    OMNI_MODELS,
    TEXT_MODELS,
    VEO_MODELS,
    Refusal,
    check_generate,
    check_omni,
    check_veo,
    known_model,
    require,
)

_PROJECT = re.compile(r"projects/(?P<project>[^/]+)/locations/(?P<location>[^/]+)/")
WORDS = ("dawn", "harbour", "lantern", "ferry", "gulls", "fog", "rope", "captain", "storm", "island", "signal", "shore")


@dataclass(frozen=True)
class Call:
    """A request as it was understood."""

    kind: str
    model: str
    vertex: bool
    verb: str
    name: str = ""
    prefix: str = ""


@dataclass
class Operation:
    """A clip in the making."""

    name: str
    world: str
    ratio: str
    seconds: float
    audio: bool
    delivery: str
    ready: float
    model: str
    outcome: str = ""
    value: str = ""
    cancelled: bool = False
    file: str = ""
    request: dict[str, Any] = field(default_factory=dict)


class Answers:
    """All models and operations of one emulator."""

    def __init__(self, clip_seconds: float) -> None:
        self.clip_seconds = clip_seconds
        self.storage_form = ""
        self.operations: dict[str, Operation] = {}
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()

    def names(self) -> list[str]:
        return list(self.operations)

    def route(self, method: str, path: str, body: dict[str, Any]) -> Call:
        """What a request asks for; 404 for a path that Google does not have."""
        if self.storage_form and path == self.storage_form:
            return Call("fetch", "", True, "storage", "gs://films/takes/file0001.mp4")
        if path.startswith("/storage/v1/b/") and not self.storage_form:
            bucket, _o, name = path.removeprefix("/storage/v1/b/").partition("/o/")
            return Call("fetch", "", True, "storage", f"gs://{unquote(bucket)}/{unquote(name)}")
        match = re.fullmatch(r"/(v1|v1beta|v1beta1)/(.*)", path)
        require(match, f"The requested URL {path} was not found on this server.", 404)
        assert match is not None
        vertex, rest = match[1] == "v1beta1", match[2]
        place = _PROJECT.match(rest)
        prefix = place[0] if place else ""
        rest = rest[len(prefix) :].removeprefix("publishers/google/")
        model = re.fullmatch(r"models/([^/:]+)(?::(\w+))?", rest)
        if model:
            return self._model_call(method, model[1], model[2] or "", vertex, prefix, body)
        if rest == "interactions" and method == "POST":
            return Call("clip", str(body.get("model", "")), vertex, "interact", prefix=prefix)
        interaction = re.fullmatch(r"interactions/([^/]+)(/cancel)?", rest)
        if interaction and (method == "POST") == bool(interaction[2]):
            kind = "cancel" if interaction[2] else "poll"
            return Call(kind, "", vertex, kind, interaction[1], prefix)
        file = re.fullmatch(r"files/([^/:]+):download", rest)
        if file and method == "GET" and not vertex:
            return Call("fetch", "", vertex, "file", file[1])
        raise Refusal(404, f"The requested URL {path} was not found on this server.")

    def _model_call(self, method: str, model: str, verb: str, vertex: bool, prefix: str, body: dict[str, Any]) -> Call:
        if method == "GET" and not verb:
            return Call("model", model, vertex, "model", prefix=prefix)
        if verb == "generateContent":
            return Call("image" if model in IMAGE_MODELS or "image" in model else "text", model, vertex, verb)
        if verb == "predictLongRunning" and vertex:
            return Call("clip", model, vertex, verb, prefix=prefix)
        if verb == "fetchPredictOperation" and vertex:
            return Call("poll", model, vertex, verb, str(body.get("operationName", "")))
        raise Refusal(404, f"{model}:{verb} was not found")

    def check(self, call: Call, body: dict[str, Any], gone: set[str]) -> None:
        """Refuses what Google would refuse."""
        road = "Vertex AI" if call.vertex else "the Gemini API"
        require(call.model not in gone, f"models/{call.model} is no longer available.", 404)
        if call.verb == "generateContent":
            known_model(call.model, TEXT_MODELS | set(IMAGE_MODELS), road)
            check_generate(call.model, body)
        elif call.verb == "predictLongRunning":
            known_model(call.model, VEO_MODELS, road)
            check_veo(call.model, body)
        elif call.verb == "interact":
            known_model(call.model, OMNI_MODELS, road)
            require(not call.prefix or "/locations/global/" in call.prefix, "Omni is at location global only", 404)
            check_omni(body, vertex=call.vertex)
        elif call.verb == "model":
            known_model(call.model, MODELS if call.vertex else MODELS - VEO_MODELS, road)

    def answer(self, call: Call, body: dict[str, Any], fault: str, value: str) -> dict[str, Any]:
        """The JSON answer to a request that was accepted."""
        if call.verb == "generateContent":
            return _text(body, fault) if call.kind == "text" else _image(body, fault, next(self._numbers))
        if call.verb == "predictLongRunning":
            parameters = body["parameters"]
            place = call.prefix or "projects/express/locations/global/"
            name = f"{place}publishers/google/models/{call.model}/operations/"
            delivery = parameters.get("storageUri") or ("gs://bucket" if fault == "gs" else "inline")
            operation = self._begin(call, name, parameters["aspectRatio"], parameters["durationSeconds"], delivery)
            operation.audio = parameters.get("generateAudio", True)
            operation.outcome, operation.value, operation.request = fault, value, body
            return {"name": operation.name}
        if call.verb == "interact":
            wanted = body["response_format"]
            delivery = "inline" if fault == "inline" else wanted.get("gcs_uri") or wanted.get("delivery", "inline")
            operation = self._begin(call, "v1_", wanted["aspect_ratio"], float(wanted["duration"][:-1]), delivery)
            operation.outcome, operation.value, operation.request = fault, value, body
            return {"id": operation.name, "status": "in_progress", "object": "interaction", "model": call.model}
        if call.verb == "fetchPredictOperation":
            return self._veo(self._known(call))
        if call.verb == "poll":
            return self._omni(self._known(call))
        if call.verb == "cancel":
            self._known(call).cancelled = True
            return {"id": call.name, "status": "cancelled"}
        return {"name": f"models/{call.model}", "displayName": call.model}

    def video(self, call: Call) -> bytes:
        """The bytes of a file or an object."""
        for operation in self.operations.values():
            if operation.file and call.name in {
                operation.file,
                f"{operation.delivery.rstrip('/')}/{operation.file}.mp4",
            }:
                return self._bytes(operation)
        raise Refusal(404 if call.verb == "storage" else 403, "You do not have permission, or it may not exist.")

    def _begin(self, call: Call, start: str, ratio: str, seconds: float, delivery: str) -> Operation:
        with self._lock:
            name = f"{start}{next(self._numbers):04d}"
            operation = Operation(
                name, call.verb, ratio, seconds, True, delivery, time.monotonic() + self.clip_seconds, call.model
            )
            operation.file = f"file{len(self.operations) + 1:04d}"
            self.operations[name] = operation
        return operation

    def _known(self, call: Call) -> Operation:
        operation = self.operations.get(call.name)
        if operation is None or operation.outcome == "lost":
            if call.verb == "fetchPredictOperation":
                raise Refusal(404, f"Operation {call.name} was not found.")
            raise Refusal(400, f"Invalid interaction name: {call.name}")
        return operation

    def _bytes(self, operation: Operation) -> bytes:
        data = media.clip(operation.ratio, operation.seconds, operation.audio)
        if operation.outcome == "corrupt":
            return data[:2000] + b"\0" * (len(data) - 2000)
        return data[: len(data) // 2] if operation.outcome == "truncated" else data

    def _veo(self, operation: Operation) -> dict[str, Any]:
        if time.monotonic() < operation.ready or operation.outcome == "never":
            return {"name": operation.name, "metadata": {"progressPercent": 40}}
        done: dict[str, Any] = {"name": operation.name, "done": True}
        if operation.outcome == "error":
            message = {"3u": "The prompt violates our usage guidelines."}.get(operation.value, "It did not work.")
            return {**done, "error": {"code": int(operation.value.rstrip("u")), "message": message}}
        if operation.outcome == "filtered":
            reasons = ["The video was blocked: it may show violence. Support codes: 1234"]
            return {**done, "response": {"raiMediaFilteredCount": 1, "raiMediaFilteredReasons": reasons}}
        if operation.outcome == "empty":
            return {**done, "response": {}}
        if operation.delivery.startswith("gs://"):
            video = {"gcsUri": f"{operation.delivery.rstrip('/')}/{operation.file}.mp4", "mimeType": "video/mp4"}
        else:
            video = {"bytesBase64Encoded": base64.b64encode(self._bytes(operation)).decode(), "mimeType": "video/mp4"}
        return {**done, "response": {"videos": [video]}}

    def _omni(self, operation: Operation) -> dict[str, Any]:
        base = {"id": operation.name, "object": "interaction", "model": operation.model}
        if operation.cancelled:
            return {**base, "status": "cancelled"}
        if time.monotonic() < operation.ready or operation.outcome == "never":
            return {**base, "status": "in_progress"}
        if operation.outcome == "error":
            message = (
                "Unsafe input: it violates our usage guidelines." if "u" in operation.value else "It did not work."
            )
            code = operation.value.rstrip("u")
            step = {"type": "model_output", "error": {"code": int(code), "message": message}}
            return {**base, "status": "failed", "steps": [step]}
        content: dict[str, Any] = {"type": "video", "mime_type": "video/mp4"}
        if operation.outcome == "filtered":
            content = {"type": "text", "text": "I cannot film that: it may show violence."}
        elif operation.delivery.startswith("gs://"):
            content["uri"] = f"{operation.delivery.rstrip('/')}/{operation.file}.mp4"
        elif operation.delivery == "uri":
            content["uri"] = f"https://generativelanguage.googleapis.com/v1/files/{operation.file}:download?alt=media"
        else:
            content["data"] = base64.b64encode(self._bytes(operation)).decode()
        steps = [
            {"type": "thought", "summary": [{"type": "text", "text": "A boat."}]},
            {"type": "model_output", "content": [] if operation.outcome == "empty" else [content]},
        ]
        usage = {"total_input_tokens": 700, "total_output_tokens": 9000, "total_tokens": 9700}
        return {**base, "status": "completed", "steps": steps, "usage": usage}


USAGE = {"promptTokenCount": 900, "candidatesTokenCount": 1200, "thoughtsTokenCount": 300, "totalTokenCount": 2400}


def _one(parts: list[dict[str, Any]] | None, reason: str = "STOP") -> dict[str, Any]:
    content = {"content": {"parts": parts, "role": "model"}} if parts is not None else {}
    return {"candidates": [{**content, "finishReason": reason, "index": 0}], "usageMetadata": USAGE}


def _text(body: dict[str, Any], fault: str) -> dict[str, Any]:
    said = body["contents"][0]["parts"][0]["text"]
    schema = body.get("generationConfig", {}).get("responseSchema")
    full = json.dumps(storyboard(schema, said)) if schema else "A calm harbour; nobody is hurt."
    return {
        "thoughts": _one([{"text": "Let me think.", "thought": True}]),
        "cut": _one([{"text": full[: len(full) // 2]}], "MAX_TOKENS"),
        "block": {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": USAGE},
        "safety": _one(None, "SAFETY"),
        "nothing": {"candidates": [], "usageMetadata": USAGE},
        "none": {"candidates": [{"finishReason": "STOP", "content": {"role": "model"}}]},
        "prose": _one([{"text": "Sure! Here is your storyboard."}]),
    }.get(fault) or _one([{"text": "I plan.", "thought": True}, {"text": full}])


def storyboard(schema: dict[str, Any], said: str) -> dict[str, Any]:
    """A storyboard that keeps to the schema and uses the tags the request names."""
    scenes = schema["properties"]["scenes"]
    count = int(scenes["min_items"]) if scenes.get("min_items") == scenes.get("max_items") else 3
    tags = re.findall(r"^- (.+) \(\w+\)$", said, re.MULTILINE)
    return {
        "style_guide": {
            "visual_style": "35 mm film, soft grain",
            "color_palette": "slate blue, amber",
            "camera_style": "40 mm, eye level",
        },
        "cast": [{"name": "Ferry Captain", "kind": "character"}, {"name": "pier", "kind": "place"}],
        "scenes": [
            {
                "scene_description": f"Scene {number}: {WORDS[number % len(WORDS)]} and {number} gulls.",
                "start_frame_prompt": f"Wide shot {number}, {WORDS[number % len(WORDS)]}, low sun from the left.",
                "end_frame_prompt": f"The same shot {number}, the boat now at the right edge.",
                "video_motion_prompt": f"Slow pan right {number}; single continuous shot, no cuts.",
                "transition_notes": "The pan goes on.",
                "references": [*tags[:1], *(("Ferry Captain", "pier") if number > 1 else ("pier",))],
            }
            for number in range(1, count + 1)
        ],
    }


def _image(body: dict[str, Any], fault: str, number: int) -> dict[str, Any]:
    ratio = body["generationConfig"]["imageConfig"]["aspectRatio"]
    good, kind = media.picture(ratio, number), "image/png"
    if fault == "jpeg":
        good, kind = media.picture(ratio, number, "JPEG"), "image/jpeg"
    if fault == "ratio":
        good = media.picture("1:1" if ratio != "1:1" else "16:9", number)
    if fault == "corrupt":
        good = good[:200]
    part = {"inlineData": {"data": base64.b64encode(good).decode(), "mimeType": kind}}
    thought = {**part, "inlineData": {**part["inlineData"], "data": base64.b64encode(media.picture("1:1")).decode()}}
    return {
        "thought": _one([{"text": "A sketch.", "thought": True}, {**thought, "thought": True}, part]),
        "two": _one([part, thought]),
        "refused": _one(None, "IMAGE_SAFETY"),
        "block": {"promptFeedback": {"blockReason": "IMAGE_SAFETY", "blockReasonMessage": "A person is in danger."}},
        "no_image": _one(None, "NO_IMAGE"),
        "other": _one(None, "IMAGE_OTHER"),
        "words": _one([{"text": "I would rather not draw that."}]),
        "nothing": {"usageMetadata": USAGE},
    }.get(fault) or _one([part])
