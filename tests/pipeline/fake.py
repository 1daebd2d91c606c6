"""A provider that answers at once and as it is told: every ending of a call can be scripted, and calls are counted."""

from __future__ import annotations

import asyncio
import io
import json
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from tests.media.clips import Recipe, make_clip
from vidpipe_tui.providers import base
from vidpipe_tui.providers.base import OperationState, PollAnswer
from vidpipe_tui.providers.errors import ExpiredError
from vidpipe_tui.providers.models import Catalogue, ImageModelLimits, Price, TextModel, VideoModelLimits

RATIOS = ("16:9", "9:16", "1:1")
Scripted = Exception | PollAnswer | bytes | str | Callable[[], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Call:
    """A call that arrived: `accepted` is False where the script refused it before it was taken on."""

    kind: str
    scene: int | None
    what: str
    accepted: bool


def catalogue(*, storyboard: float = 0.0, image: float = 0.0, second: float = 0.0) -> Catalogue:
    """Three models with these prices: a storyboard costs about `storyboard`, a picture `image`, a clip per `second`."""
    text = Price(input_per_million=storyboard * 1e6 / 1000)
    return Catalogue(
        texts={"fake-text": TextModel("fake-text", text)},
        images={"fake-image": ImageModelLimits("fake-image", RATIOS, ("1K",), 3, Price(image=image))},
        videos={"fake-video": VideoModelLimits("fake-video", RATIOS, ("720p",), price=Price(second=second))},
        dated=date(2026, 11, 1),
        source="tests",
    )


@dataclass
class FakeProvider:
    """Implements `Provider`. `script[kind]` or `script[kind, scene index]` holds what the next calls of it meet.

    Kinds: storyboard, image, clip, poll, fetch, soften. Without a script a call succeeds. An exception is raised, a
    coroutine function awaited (and its result used), anything else is the answer.
    """

    prices: Catalogue = field(default_factory=catalogue)
    scenes: int = 2
    cuts: tuple[int, ...] = ()
    rhythm: base.Pacing = field(default_factory=lambda: base.Pacing(video_poll_interval=0.001))
    softens: bool = True
    script: dict[Any, deque[Scripted]] = field(default_factory=lambda: defaultdict(deque))
    calls: list[Call] = field(default_factory=list)
    requests: list[Any] = field(default_factory=list)
    operations: dict[str, base.ClipRequest] = field(default_factory=dict)
    polled: list[str] = field(default_factory=list)
    at_work: int = 0
    most_at_work: int = 0
    name: str = "fake"

    road = base.Road("fake", "fake-text", "fake-image", "fake-video")

    @property
    def catalogue(self) -> Catalogue:
        return self.prices

    @property
    def pacing(self) -> base.Pacing:
        return self.rhythm

    @property
    def storyboards(self) -> FakeProvider:
        return self

    @property
    def images(self) -> FakeProvider:
        return self

    @property
    def videos(self) -> FakeProvider:
        return self

    @property
    def softener(self) -> FakeProvider | None:
        return self if self.softens else None

    def then(self, kind: str, *answers: Scripted, scene: int | None = None) -> FakeProvider:
        """Scripts the next calls of a kind (of one scene, by index)."""
        self.script[kind if scene is None else (kind, scene)].extend(answers)
        return self

    def accepted(self, kind: str, scene: int | None = None) -> int:
        """How many calls of a kind were taken on."""
        return sum(
            call.accepted and call.kind == kind and (scene is None or call.scene == scene) for call in self.calls
        )

    async def _meet(self, kind: str, scene: int | None, what: str, answer: Any, taken_on: tuple[str, ...]) -> Any:
        """Plays what is scripted for this call; refusals named in `taken_on` count as accepted."""
        queue = self.script.get((kind, scene)) or self.script.get(kind)
        scripted = queue.popleft() if queue else answer
        accepted = not isinstance(scripted, Exception) or getattr(scripted, "kind", "") in taken_on
        self.calls.append(Call(kind, scene, what, accepted))
        self.at_work += 1
        self.most_at_work = max(self.most_at_work, self.at_work)
        try:
            if callable(scripted):
                result = await scripted()
                return answer if result is None else result
            await asyncio.sleep(0)
            if isinstance(scripted, Exception):
                raise scripted
            return scripted
        finally:
            self.at_work -= 1

    async def write(self, request: base.StoryboardRequest) -> base.StoryboardAnswer:
        self.requests.append(request)
        count = request.scene_count or self.scenes
        raw = await self._meet(
            "storyboard", None, request.complaint, storyboard(count, self.cuts), ("in_doubt", "bad_answer")
        )
        return base.StoryboardAnswer(raw)

    async def draw(self, request: base.ImageRequest) -> base.ImageAnswer:
        self.requests.append(request)
        scene = request.scene.index
        data = await self._meet(
            "image", scene, request.position, picture(request.seed, scene, request.position), ("in_doubt", "bad_answer")
        )
        return base.ImageAnswer(data, "image/png")

    async def submit(self, request: base.ClipRequest) -> base.Submission:
        self.requests.append(request)
        name = f"operations/{sum(call.kind == 'clip' for call in self.calls)}"
        self.operations[name] = request
        try:
            answer = await self._meet("clip", request.scene.index, name, name, ("in_doubt", "bad_answer"))
        except Exception as error:
            if getattr(error, "kind", "") != "in_doubt":
                del self.operations[name]
            raise
        return base.Submission(str(answer))

    async def poll(self, operation_name: str) -> PollAnswer:
        self.polled.append(operation_name)
        request = self.operations.get(operation_name)
        if request is None:
            return PollAnswer(OperationState.LOST, reason="The provider does not know this operation.")
        answer: PollAnswer = await self._meet(
            "poll", request.scene.index, operation_name, PollAnswer(OperationState.DONE, result="address"), ()
        )
        return answer

    async def fetch(self, operation_name: str, result: str, destination: Path) -> None:
        request = self.operations.get(operation_name)
        if request is None:
            raise ExpiredError("The file has expired.")
        data = await self._meet("fetch", request.scene.index, operation_name, clip(operation_name), ())
        destination.write_bytes(data)

    async def cancel(self, operation_name: str) -> bool:
        return self.operations.pop(operation_name, None) is not None

    async def soften(self, request: base.SoftenRequest) -> base.SoftenAnswer:
        text = await self._meet("soften", None, request.prompt, f"Gently: {request.prompt}", ("in_doubt",))
        return base.SoftenAnswer(text)

    async def prepare(self) -> None:
        return None

    def turn(self, model: str) -> AbstractAsyncContextManager[None]:
        del model
        return nullcontext()

    def recall(self, model: str, seconds_ago: Sequence[float]) -> None:
        del model, seconds_ago

    async def doctor(self) -> list[base.Check]:
        return []

    async def aclose(self) -> None:
        return None


def storyboard(count: int, cuts: tuple[int, ...] = ()) -> str:
    """A valid answer with that many scenes; those whose index is in `cuts` open with a cut."""
    scenes = [
        {
            "scene_description": f"Scene {index + 1} of a quiet film.",
            "start_frame_prompt": f"The first picture of scene {index + 1}.",
            "end_frame_prompt": f"The last picture of scene {index + 1}.",
            "video_motion_prompt": f"The camera glides through scene {index + 1}.",
            "transition_notes": "",
            "opens_with_cut": index in cuts,
        }
        for index in range(count)
    ]
    guide = {"visual_style": "soft", "color_palette": "blue", "camera_style": "slow"}
    return json.dumps({"style_guide": guide, "scenes": scenes})


@cache
def picture(seed: int, scene: int, position: str) -> bytes:
    """A small PNG that differs by all three."""
    colour = ((seed * 37 + scene * 53) % 256, (seed // 7 + scene * 31) % 256, 200 if position == "start" else 90)
    buffer = io.BytesIO()
    Image.new("RGB", (32, 18), colour).save(buffer, "PNG")
    return buffer.getvalue()


@cache
def _film() -> bytes:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        return make_clip(Path(folder) / "clip.mp4", Recipe()).read_bytes()


def clip(mark: str) -> bytes:
    """A whole clip of one second; `mark` makes its bytes its own (in a box that players skip)."""
    note = mark.encode()
    return _film() + (8 + len(note)).to_bytes(4, "big") + b"free" + note
