"""The provider as the pipeline sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from vidpipe_tui.errors import UsageError
from vidpipe_tui.providers.base import Check, Pacing, Road
from vidpipe_tui.providers.google import catalogue
from vidpipe_tui.providers.google.doctor import examine
from vidpipe_tui.providers.google.errors import Explainer
from vidpipe_tui.providers.google.gateway import Gateway
from vidpipe_tui.providers.google.images import ImageModels
from vidpipe_tui.providers.google.limiter import Lane
from vidpipe_tui.providers.google.memory import Memory
from vidpipe_tui.providers.google.road import choose
from vidpipe_tui.providers.google.text import TextModels
from vidpipe_tui.providers.google.videos import VideoModels

if TYPE_CHECKING:
    from vidpipe_tui.providers.base import ProviderContext
    from vidpipe_tui.providers.models import Catalogue

PACING = Pacing(image_gen_delay=3.0, video_poll_interval=15.0, video_poll_max=40, video_gen_concurrency=4)


class GoogleProvider:
    """Gemini, Nano Banana, Omni and Veo over the road the settings choose."""

    name = "google"

    def __init__(self, context: ProviderContext) -> None:
        settings = context.settings
        google = settings.google
        if google.output_gcs_uri and not google.output_gcs_uri.startswith("gs://"):
            raise UsageError(
                f"google.output_gcs_uri is {google.output_gcs_uri!r}.", hint="It is a folder like gs://bucket/folder."
            )
        self._google = google
        way = choose(google)
        self._table = catalogue.table(way.kind).with_chosen(settings.models)
        self._memory = Memory(context.folder, way.account)
        self.road: Road = self._table.road_for_people(way.name, settings.models)
        explainer = Explainer(way.name, way.base_url, way.redact, self._table.replacement)
        self._gateway = Gateway(way, settings, explainer, context.folder)
        self.storyboards = TextModels(self._gateway, self._table.catalogue, google.text_rpm)
        self.softener = self.storyboards
        self.images = ImageModels(self._gateway, self._table.catalogue, google.image_rpm)
        self.videos = VideoModels(self._gateway, self._table, self._memory, google)
        self.pacing = PACING

    @property
    def catalogue(self) -> Catalogue:
        """Limits and prices, with what was learned about this account's models so far."""
        return self._table.without_last_frame(self._memory.refused_last_frame()).catalogue

    def turn(self, model: str) -> AbstractAsyncContextManager[None]:
        """Waits for a model's turn (calls a minute, a server's pause); a call within the block is sent at once."""
        return self._lane(model).held_turn()

    def recall(self, model: str, seconds_ago: Sequence[float]) -> None:
        """Calls that an earlier process made within the last minute count for the limits of this one."""
        self._lane(model).recall(seconds_ago)

    def _lane(self, model: str) -> Lane:
        known = self._table.catalogue
        if model in known.videos:
            per_minute = self._google.video_rpm
        else:
            per_minute = self._google.image_rpm if model in known.images else self._google.text_rpm
        return self._gateway.lane(model, per_minute)

    async def prepare(self) -> None:
        """Loads the SDK and makes the first client, in a thread; costs nothing and asks nothing of Google.

        Without it the first call does so. Raises NoAccessError or RetryLaterError where no login can be had.
        """
        await self._gateway.prepare()

    async def doctor(self) -> list[Check]:
        """Which models answer, which are gone, and whether last frames are allowed; costs nothing."""
        return await examine(self._gateway, self._table, self.road, self._memory)

    async def aclose(self) -> None:
        """Closes the clients. Operations at Google go on; `vidpipe resume` picks them up."""
        await asyncio.shield(self._gateway.aclose())
