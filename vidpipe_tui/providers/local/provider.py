"""The local provider: storyboards, pictures and clips made in child processes, slow or faulty where it is told to."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

from vidpipe_tui.durable import process_part, sweep_parts
from vidpipe_tui.providers import base
from vidpipe_tui.providers.errors import (
    BadAnswerError,
    ExpiredError,
    FilteredError,
    InDoubtError,
    RetryLaterError,
)
from vidpipe_tui.providers.local.call_log import append_call, check_call_log
from vidpipe_tui.providers.local.faults import UNREADABLE, FaultCounter, parse_faults
from vidpipe_tui.providers.local.operations import Operations, spoil
from vidpipe_tui.providers.models import Catalogue, ImageModelLimits, TextModel, VideoModelLimits

STORYBOARD_MODEL, IMAGE_MODEL, VIDEO_MODEL = "local-storyboard", "local-image", "local-video"
RATIOS = ("16:9", "9:16", "1:1")
CLIP_LANES = 4
PAINT_PRIORITY = 0

CATALOGUE = Catalogue(
    texts={STORYBOARD_MODEL: TextModel(STORYBOARD_MODEL)},
    images={IMAGE_MODEL: ImageModelLimits(IMAGE_MODEL, RATIOS, ("1K", "2K", "4K"), max_references=4)},
    videos={
        VIDEO_MODEL: VideoModelLimits(
            VIDEO_MODEL, RATIOS, ("360p", "720p", "1080p", "4k"), min_seconds=1, max_seconds=15
        )
    },
    dated=date(2026, 11, 1),
    source="free, made on this machine",
)


def picture_size(ratio: str, height: int) -> tuple[int, int]:
    """Width and height in pixels, both even. `height` is that of 16:9 and 1:1, and the width of 9:16."""
    short = height - height % 2
    across, down = (int(part) for part in ratio.split(":"))
    long = round(short * max(across, down) / min(across, down) / 2) * 2
    return (long, short) if across >= down else (short, long)


class LocalProvider:
    """Implements `Provider`, and is its own storyboard, image and video model."""

    name = "local"
    catalogue = CATALOGUE
    road = base.Road("made on this machine", STORYBOARD_MODEL, IMAGE_MODEL, VIDEO_MODEL)
    pacing = base.Pacing(
        image_gen_delay=0.0, video_poll_interval=0.1, video_poll_max=None, video_gen_concurrency=CLIP_LANES
    )

    def __init__(self, context: base.ProviderContext) -> None:
        self._settings = context.settings.local
        check_call_log(self._settings.call_log)
        self._pool = context.pool
        self._folder = context.folder
        self._faults = FaultCounter(parse_faults(self._settings.faults))
        self._operations = Operations(context.folder / "operations", context.pool)
        self._operations.forget_old()
        sweep_parts(context.folder)

    @property
    def storyboards(self) -> base.StoryboardModel:
        """Itself."""
        return self

    @property
    def images(self) -> base.ImageModel:
        """Itself."""
        return self

    @property
    def videos(self) -> base.VideoModel:
        """Itself."""
        return self

    @property
    def softener(self) -> base.PromptSoftener:
        """Itself."""
        return self

    async def write(self, request: base.StoryboardRequest) -> base.StoryboardAnswer:
        """A storyboard as JSON, made by rules."""
        fault = self._accept("storyboard", None, _digest(request.prompt, request.attempt))
        await self._hang_if(fault)
        composing = self._pool.run(
            "vidpipe_tui.providers.local.jobs:compose",
            {
                "prompt": request.prompt,
                "style": request.style,
                "scene_count": request.scene_count,
                "clip_seconds": request.clip_seconds,
                "seed": request.seed,
                "tags": [reference.tag for reference in request.references],
            },
        )
        answer, _ = await asyncio.gather(composing, asyncio.sleep(self._settings.storyboard_seconds))
        if fault == "filtered":
            raise FilteredError("The prompt was held back by the safety filter.", hint="Change the prompt.")
        raw = json.dumps(answer, ensure_ascii=False)
        spoiled = {
            "not_json": "Here is your storyboard! It has many beautiful scenes.",
            "empty": "",
            "truncated": raw[: len(raw) // 2],
            "corrupt": json.dumps({"scenes": answer["scenes"]}),
        }
        return base.StoryboardAnswer(spoiled.get(fault or "", raw))

    async def draw(self, request: base.ImageRequest) -> base.ImageAnswer:
        """A painted keyframe as PNG."""
        digest = _digest(request.prompt, request.seed, request.position, request.condition)
        fault = self._accept("image", request.scene.index, digest)
        await self._hang_if(fault)
        if fault == "filtered":
            await asyncio.sleep(self._settings.image_seconds)
            raise FilteredError("The picture was held back by the safety filter.", hint="Change the frame's prompt.")
        painting = self._paint(request)
        data, _ = await asyncio.gather(painting, asyncio.sleep(self._settings.image_seconds))
        if fault in {"empty", "not_json"}:
            raise BadAnswerError("The answer holds no picture.")
        if fault in {"corrupt", "truncated"}:
            data = data[: len(data) // 2] if fault == "truncated" else b"no picture" + data[10:]
        return base.ImageAnswer(data, "image/png", base.Usage(images=1))

    async def _paint(self, request: base.ImageRequest) -> bytes:
        width, height = picture_size(request.aspect_ratio, self._settings.height)
        self._folder.mkdir(parents=True, exist_ok=True)
        out = process_part(self._folder, f"{uuid4().hex}.png")
        scene = request.scene
        brief = {
            "style": request.style,
            "style_guide": dict(request.style_guide),
            "scene_description": scene.scene_description,
            "start_frame_prompt": scene.start_frame_prompt,
            "end_frame_prompt": scene.end_frame_prompt,
            "video_motion_prompt": scene.video_motion_prompt,
            "scene_index": scene.index,
            "note": request.note,
        }
        terms = {
            "out": str(out),
            "width": width,
            "height": height,
            "seed": request.seed,
            "position": request.position,
            "condition": str(request.condition) if request.condition else None,
            "brief": brief,
        }
        try:
            await self._pool.run("vidpipe_tui.providers.local.jobs:draw", terms, priority=PAINT_PRIORITY)
            return await asyncio.to_thread(out.read_bytes)
        finally:
            out.unlink(missing_ok=True)

    async def submit(self, request: base.ClipRequest) -> base.Submission:
        """Takes a clip on; it is rendered from now on."""
        digest = _digest(request.prompt, request.seed, request.seconds, request.start, request.end)
        fault = self._refuse_or_take("clip", request.scene.index)
        outcome = "ok" if fault in {None, "hang", "not_json"} else str(fault)
        terms = {
            "prompt": request.scene.video_motion_prompt,
            "description": request.scene.scene_description,
            "style": request.style,
            "seconds": request.seconds,
            "seed": request.seed,
            "audio": request.audio,
            "scene_index": request.scene.index,
        }
        name = await self._operations.submit(
            request.start, request.end, seconds=self._settings.clip_seconds, outcome=outcome, terms=terms
        )
        append_call(self._settings.call_log, "clip", request.scene.index, digest, name)
        if fault == "hang":
            await self._hang_if(fault)
        if fault == "not_json":
            raise BadAnswerError("The answer to the submission cannot be read.")
        return base.Submission(name)

    async def poll(self, operation_name: str) -> base.PollAnswer:
        """How a clip stands."""
        fault = await self._free_fault("poll", operation_name)
        if fault in UNREADABLE:
            raise RetryLaterError("The provider's answer cannot be read.")
        if fault == "never":
            return base.PollAnswer(base.OperationState.RUNNING)
        if fault == "lost":
            self._operations.cancel(operation_name)
        if fault == "filtered":
            return base.PollAnswer(base.OperationState.FILTERED, reason="The clip was held back by the safety filter.")
        return self._operations.poll(operation_name)

    async def fetch(self, operation_name: str, result: str, destination: Path) -> None:
        """Copies the clip."""
        fault = await self._free_fault("fetch", operation_name)
        found = fault != "lost" and await asyncio.to_thread(self._operations.fetch, operation_name, destination)
        if not found:
            raise ExpiredError("The provider has the clip no more.")
        if fault is not None:
            await asyncio.to_thread(spoil, destination, fault)

    async def cancel(self, operation_name: str) -> bool:
        """Ends an operation."""
        return self._operations.cancel(operation_name)

    async def soften(self, request: base.SoftenRequest) -> base.SoftenAnswer:
        """The same prompt without its hard words."""
        words = [_MILDER.get(word.lower().strip(".,;:!?"), word) for word in request.prompt.split(" ")]
        return base.SoftenAnswer("Gently, calm and suitable for everyone: " + " ".join(words))

    async def prepare(self) -> None:
        """Nothing is slow to load here: the work is done in other processes."""

    def turn(self, model: str) -> AbstractAsyncContextManager[None]:
        """No limits."""
        del model
        return nullcontext()

    def recall(self, model: str, seconds_ago: Sequence[float]) -> None:
        """No limits."""

    async def doctor(self) -> list[base.Check]:
        """Always at hand."""
        return [base.Check("local provider", True, f"pictures of {self._settings.height} lines, free")]

    async def aclose(self) -> None:
        """Ends the renderings; operations go on when somebody asks for them again."""
        await self._operations.aclose()

    async def _free_fault(self, kind: str, operation_name: str) -> str | None:
        """The fault that a poll or a fetch meets; raises for one that asks to come again later."""
        index = self._operations.scene_index(operation_name)
        fault = self._faults.next(kind, None if index is None else index + 1)
        if fault == "hang" or (fault == "never" and kind == "fetch"):
            await asyncio.sleep(self._settings.request_timeout)
            raise _later("transient")
        if fault in {"rate_limit", "transient"}:
            raise _later(fault)
        return fault

    def _refuse_or_take(self, kind: str, scene_index: int | None) -> str | None:
        """The fault this call meets; raises for one that is not accepted."""
        fault = self._faults.next(kind, None if scene_index is None else scene_index + 1)
        if fault in {"rate_limit", "transient"}:
            raise _later(fault)
        return fault

    def _accept(self, kind: str, scene_index: int | None, digest: str) -> str | None:
        fault = self._refuse_or_take(kind, scene_index)
        append_call(self._settings.call_log, kind, scene_index, digest, None)
        return fault

    async def _hang_if(self, fault: str | None) -> None:
        if fault in {"hang", "never"}:
            await asyncio.sleep(self._settings.request_timeout)
            raise InDoubtError(f"No answer came within {self._settings.request_timeout:g} s.")
        if fault == "lost":
            raise InDoubtError("The answer was lost on the way.")


_MILDER = {
    "blood": "red paint",
    "bloody": "red",
    "kill": "stop",
    "kills": "stops",
    "dead": "sleeping",
    "gun": "umbrella",
    "fight": "dance",
    "fights": "dances",
    "weapon": "tool",
    "violent": "lively",
    "naked": "dressed",
}


def _later(fault: str) -> RetryLaterError:
    if fault == "rate_limit":
        return RetryLaterError("Too many requests just now.", rate_limited=True)
    return RetryLaterError("The provider is overloaded just now.")


def _digest(*parts: Any) -> str:
    return hashlib.sha256("\n".join(str(part) for part in parts).encode("utf-8", "replace")).hexdigest()
