"""What the emulated Google accepts: models, fields and values, and errors in Google's form where it does not."""

from __future__ import annotations

import base64
import binascii
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

STATUS_WORDS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
TEXT_MODELS = {"gemini-3.8-flash", "gemini-4-argon", "gemini-4-carbon", "gemini-3.1-pro-preview"}
NO_TEMPERATURE = {"gemini-4-argon", "gemini-4-carbon"}
WIDE = {"1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"}
IMAGE_MODELS = {"gemini-nano-banana-2.1": WIDE | {"1:4", "1:8", "4:1", "8:1"}, "gemini-3-pro-image": WIDE}
OMNI_MODELS = {"gemini-omni-1.2-flash", "gemini-omni-1.1-flash"}
VEO_MODELS = {"veo-3.1-generate-001", "veo-3.1-fast-generate-001", "veo-3.1-lite-generate-001"}
MODELS = TEXT_MODELS | set(IMAGE_MODELS) | OMNI_MODELS | VEO_MODELS
CONFIG_FIELDS = {
    "seed",
    "temperature",
    "responseMimeType",
    "responseSchema",
    "responseModalities",
    "imageConfig",
    "maxOutputTokens",
}
VEO_PARAMETERS = {
    "sampleCount",
    "durationSeconds",
    "seed",
    "aspectRatio",
    "resolution",
    "negativePrompt",
    "generateAudio",
    "storageUri",
}


@dataclass
class Refusal(Exception):
    """An error answer in Google's form."""

    status: int
    message: str
    details: list[dict[str, Any]] = field(default_factory=list)

    def body(self) -> dict[str, Any]:
        word = STATUS_WORDS.get(self.status, "UNKNOWN")
        return {
            "error": {"code": self.status, "message": self.message, "status": word, "details": self.details},
        }


def require(condition: object, message: str, status: int = 400) -> None:
    if not condition:
        raise Refusal(status, message)


def only(given: Mapping[str, Any], allowed: set[str], where: str) -> None:
    for name in given:
        require(name in allowed, f"Invalid JSON payload received. Unknown name \"{name}\" at '{where}'")


def known_model(model: str, among: object, road: str) -> None:
    require(model in among, f"models/{model} is not found for API version, or is not supported on {road}.", 404)  # type: ignore[operator]


def decoded_image(data: str, where: str) -> Image.Image:
    """The picture that must really be one; Google reads both alphabets of base64, and the SDK writes both."""
    try:
        standard = data.translate(str.maketrans("-_", "+/"))
        image = Image.open(io.BytesIO(base64.b64decode(standard, validate=True)))
        image.load()
    except (binascii.Error, OSError, ValueError):
        raise Refusal(400, f"Unable to process input image at {where}.") from None
    return image


def check_generate(model: str, body: dict[str, Any]) -> str:
    """Checks a generateContent request; `text` or `image`, by the model."""
    only(body, {"contents", "systemInstruction", "generationConfig"}, "request")
    config = body.get("generationConfig", {})
    only(config, CONFIG_FIELDS, "generation_config")
    contents = body.get("contents") or []
    require(len(contents) == 1 and contents[0].get("parts"), "contents is not specified")
    for part in contents[0]["parts"]:
        only(part, {"text", "inlineData"}, "contents.parts")
        if "inlineData" in part:
            decoded_image(part["inlineData"]["data"], "contents.parts.inline_data")
    require(-(2**31) <= config.get("seed", 0) < 2**31, "Invalid value at 'generation_config.seed' (TYPE_INT32)")
    if model in TEXT_MODELS:
        require(
            "temperature" not in config or model not in NO_TEMPERATURE, "temperature is not supported by this model"
        )
        require("imageConfig" not in config, "image_config is not supported by this model")
        return "text"
    require("responseMimeType" not in config, "JSON mode is not enabled for this model")
    require(config.get("responseModalities") == ["IMAGE"], "response_modalities must be IMAGE")
    wanted = config.get("imageConfig", {})
    require(wanted.get("aspectRatio") in IMAGE_MODELS[model], f"aspect_ratio {wanted.get('aspectRatio')} is invalid")
    require(wanted.get("imageSize") in {"1K", "2K", "4K"}, f"image_size {wanted.get('imageSize')} is invalid")
    count = sum("inlineData" in part for part in contents[0]["parts"])
    require(count <= 14, "too many input images")
    return "image"


def check_veo(model: str, body: dict[str, Any]) -> None:
    only(body, {"instances", "parameters"}, "request")
    require(len(body.get("instances", [])) == 1, "exactly one instance is expected")
    instance, parameters = body["instances"][0], body.get("parameters", {})
    only(instance, {"prompt", "image", "lastFrame", "referenceImages"}, "instances[0]")
    only(parameters, VEO_PARAMETERS, "parameters")
    require(instance.get("prompt"), "prompt is empty")
    for name in ("image", "lastFrame"):
        require(name in instance, f"{name} is missing")
        decoded_image(instance[name]["bytesBase64Encoded"], name)
    require(parameters.get("durationSeconds") in {4, 6, 8}, "durationSeconds must be 4, 6 or 8")
    require(parameters.get("aspectRatio") in {"16:9", "9:16"}, "aspectRatio is invalid")
    resolutions = {"720p", "1080p"} | (set() if "lite" in model else {"4k"})
    require(parameters.get("resolution") in resolutions, "resolution is invalid")
    require(0 <= parameters.get("seed", 0) < 2**32, "seed is out of range")
    require(isinstance(parameters.get("generateAudio", True), bool), "generateAudio is no bool")


def check_omni(body: dict[str, Any], *, vertex: bool) -> None:
    only(
        body,
        {"model", "input", "response_format", "generation_config", "background", "store"},
        "interaction",
    )
    require(body.get("background") is True and body.get("store") is True, "background requires store")
    wanted = body.get("response_format", {})
    only(wanted, {"type", "aspect_ratio", "duration", "resolution", "delivery", "gcs_uri"}, "response_format")
    require(wanted.get("type") == "video", "response_format.type must be video")
    require(wanted.get("aspect_ratio") in {"16:9", "9:16"}, "aspect_ratio is invalid")
    require(wanted.get("resolution") in {"360p", "720p", "1080p", "4k"}, "resolution is invalid")
    match = re.fullmatch(r"(\d+(?:\.\d+)?)s", str(wanted.get("duration")))
    require(match and 3 <= float(match[1]) <= 10, "duration must be 3s to 10s with a first and a last frame")
    delivery = wanted.get("delivery", "inline")
    require(delivery in {"inline", "uri"}, "delivery is invalid")
    require(not vertex or delivery == "inline" or wanted.get("gcs_uri"), "gcs_uri is required for delivery uri")
    require(vertex or "gcs_uri" not in wanted, "gcs_uri is not supported")
    only(body.get("generation_config", {}), {"video_config"}, "generation_config")
    task = body.get("generation_config", {}).get("video_config", {}).get("task")
    require(task == "image_to_video", "task must be image_to_video with images")
    steps = body.get("input") or []
    contents = steps[0].get("content", []) if steps and steps[0].get("type") == "user_input" else steps
    kinds = [content.get("type") for content in contents]
    require(kinds.count("text") == 1 and kinds.count("image") == 2, "one text and two images are expected")
    for content in contents:
        if content["type"] == "image":
            decoded_image(content.get("data", ""), "input.image")
