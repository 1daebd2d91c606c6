"""The Protocols a provider speaks, and what goes over them. The pipeline knows nothing else about any vendor.

A provider is found by name through the entry point group `vidpipe.providers`: a callable
`create(context: ProviderContext) -> Provider`. Every method that may be billed is called exactly once per ledger
row: a provider never repeats a call by itself. Failures are the classes of `vidpipe_tui.providers.errors`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from vidpipe_tui.config import Settings
    from vidpipe_tui.media.pool import ProcessPool
    from vidpipe_tui.providers.models import Catalogue


@dataclass(frozen=True, slots=True)
class ProviderContext:
    """What a provider may use: the settings, the folder it may keep things in, and the pool for heavy work."""

    settings: Settings
    folder: Path
    pool: ProcessPool


@dataclass(frozen=True, slots=True)
class Reference:
    """A picture that holds a character, a place or a style steady; `path` is absolute, `sha256` its content."""

    tag: str
    kind: str
    path: Path
    sha256: str
    mime_type: str = "image/png"


@dataclass(frozen=True, slots=True)
class SceneText:
    """The five texts of a scene, and its place in the film (`index` counts from 0)."""

    index: int
    scene_description: str
    start_frame_prompt: str
    end_frame_prompt: str
    video_motion_prompt: str
    transition_notes: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a call used: tokens, pictures or seconds, as far as the provider says so; `raw` is its own account."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    images: int | None = None
    seconds: float | None = None
    raw: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class StoryboardRequest:
    """Asks for a storyboard. `complaint` says what was wrong with the last answer; '' on the first try."""

    prompt: str
    style: str
    aspect_ratio: str
    scene_count: int | None
    max_scenes: int
    clip_seconds: float
    model: str
    seed: int
    title: str = ""
    references: Sequence[Reference] = ()
    attempt: int = 1
    complaint: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StoryboardAnswer:
    """The answer as it came: `raw` is the text of the model, unparsed; the pipeline validates it."""

    raw: str
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class ImageRequest:
    """Asks for one keyframe. `prompt` is sent as it is; `condition` is the frame before it, absolute, or None."""

    prompt: str
    scene: SceneText
    position: str
    style: str
    style_guide: Mapping[str, str]
    aspect_ratio: str
    image_size: str
    model: str
    seed: int
    condition: Path | None = None
    references: Sequence[Reference] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ImageAnswer:
    """One picture as it came (any format Pillow reads); the pipeline crops it and makes it a PNG."""

    data: bytes
    mime_type: str
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class ClipRequest:
    """Asks for a clip from `start` to `end` (absolute paths of PNG pictures of the exact ratio)."""

    prompt: str
    scene: SceneText
    style: str
    style_guide: Mapping[str, str]
    aspect_ratio: str
    resolution: str
    seconds: float
    audio: bool
    model: str
    seed: int
    start: Path
    end: Path
    references: Sequence[Reference] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """The provider took the clip on: the name by which it is known from now on, also after a restart."""

    operation_name: str


class OperationState(StrEnum):
    """How an operation stands."""

    RUNNING = "running"
    DONE = "done"
    FILTERED = "filtered"
    TRANSIENT = "transient"
    REFUSED = "refused"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class PollAnswer:
    """How an operation stands. `result` is what `fetch` needs besides the name (an address), kept in the database.

    `filtered`: ended without a video. `transient`: ended in an error of the provider, not billed, may be submitted
    again. `refused`: ended because the request was wrong. `lost`: the provider does not know it any more.
    `next_poll_seconds`: when asking again makes sense, if the provider knows.
    """

    state: OperationState
    progress: float | None = None
    result: str = ""
    reason: str = ""
    next_poll_seconds: float | None = None
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class SoftenRequest:
    """Asks for a prompt that says the same more mildly, after a filter said no for `reason`."""

    prompt: str
    reason: str
    model: str


@dataclass(frozen=True, slots=True)
class SoftenAnswer:
    """The milder prompt."""

    prompt: str
    usage: Usage = field(default_factory=Usage)


class StoryboardModel(Protocol):
    """Writes storyboards."""

    async def write(self, request: StoryboardRequest) -> StoryboardAnswer:
        """One call, one answer; raises a ProviderError."""
        ...


class ImageModel(Protocol):
    """Draws keyframes."""

    async def draw(self, request: ImageRequest) -> ImageAnswer:
        """One call, one picture; raises a ProviderError."""
        ...


class VideoModel(Protocol):
    """Makes clips as long-running operations."""

    async def submit(self, request: ClipRequest) -> Submission:
        """One call that may be billed; the name it returns is committed before the first poll."""
        ...

    async def poll(self, operation_name: str) -> PollAnswer:
        """Free, may be repeated. Raises RetryLater or NoAccess; an operation that is gone is the state `lost`."""
        ...

    async def fetch(self, operation_name: str, result: str, destination: Path) -> None:
        """Streams the video to `destination` (overwritten). Free, may be repeated.

        Raises RetryLater when it may work later, Expired when the file is gone for good.
        """
        ...

    async def cancel(self, operation_name: str) -> bool:
        """Asks the provider to give the operation up; False where it has no such thing."""
        ...


class PromptSoftener(Protocol):
    """Rewrites a prompt that a filter refused."""

    async def soften(self, request: SoftenRequest) -> SoftenAnswer:
        """One call, one prompt; raises a ProviderError."""
        ...


@dataclass(frozen=True, slots=True)
class Pacing:
    """The provider's own rhythm, used where the settings leave it open; None means no limit."""

    image_gen_delay: float = 0.0
    video_poll_interval: float = 1.0
    video_poll_max: int | None = None
    video_gen_concurrency: int = 4


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `vidpipe doctor`: `ok` None means unknown; `hint` is the remedy."""

    name: str
    ok: bool | None
    detail: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Road:
    """Which way a provider goes with these settings: its name for people, and the models it uses by default."""

    name: str
    storyboard_model: str
    image_model: str
    video_model: str


class Provider(Protocol):
    """A provider: its models, its limits and prices, and its rhythm."""

    @property
    def name(self) -> str:
        """The name it is chosen by."""
        ...

    @property
    def road(self) -> Road:
        """The road in use and its default models."""
        ...

    @property
    def catalogue(self) -> Catalogue:
        """Limits and prices of every model, so that requests are checked and estimated without a call."""
        ...

    @property
    def pacing(self) -> Pacing:
        """Default delays, polling and concurrency."""
        ...

    @property
    def storyboards(self) -> StoryboardModel:
        """Writes storyboards."""
        ...

    @property
    def images(self) -> ImageModel:
        """Draws keyframes."""
        ...

    @property
    def videos(self) -> VideoModel:
        """Makes clips."""
        ...

    @property
    def softener(self) -> PromptSoftener | None:
        """Softens prompts, where it can."""
        ...

    async def prepare(self) -> None:
        """Loads what is slow to load, off the event loop, so that the first call need not wait for it."""
        ...

    def turn(self, model: str) -> AbstractAsyncContextManager[None]:
        """Waits until a call of that model may be sent (a rate limit); within the block one is sent at once.

        Raises RetryLaterError where that is too long to be waited for.
        """
        ...

    def recall(self, model: str, seconds_ago: Sequence[float]) -> None:
        """Tells of calls that an earlier process made within the last minute: a limit a minute counts them too."""
        ...

    async def doctor(self) -> list[Check]:
        """What can be reached with these settings; costs nothing."""
        ...

    async def aclose(self) -> None:
        """Ends what it holds open. Operations at the provider go on."""
        ...
