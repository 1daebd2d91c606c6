"""Clips from Google's video models: Omni on both roads, Veo on Vertex AI, behind one set of methods."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from vidpipe_tui.providers.base import ClipRequest, OperationState, PollAnswer, Submission
from vidpipe_tui.providers.errors import ExpiredError, NoAccessError
from vidpipe_tui.providers.google.downloads import Downloads
from vidpipe_tui.providers.google.errors import LastFrameRefusedError
from vidpipe_tui.providers.google.omni import FAMILY, INLINE, Omni
from vidpipe_tui.providers.google.veo import Veo

if TYPE_CHECKING:
    from vidpipe_tui.config.schema import Google
    from vidpipe_tui.providers.google.catalogue import Table
    from vidpipe_tui.providers.google.gateway import Gateway
    from vidpipe_tui.providers.google.memory import Memory


class VideoModels:
    """Submits, polls, fetches and cancels clips. An operation's name alone says whose it is, also after a restart."""

    def __init__(self, gateway: Gateway, table: Table, memory: Memory, google: Google) -> None:
        self._gateway = gateway
        self._memory = memory
        self._per_minute = google.video_rpm
        self._downloads = Downloads(gateway)
        self._omni = Omni(gateway, self._downloads, table.location(FAMILY), google.output_gcs_uri)
        self._veo = Veo(gateway, self._downloads, google.output_gcs_uri)

    async def submit(self, request: ClipRequest) -> Submission:
        """One call that may be billed. Raises a ProviderError; a refused last frame is remembered."""
        family: Omni | Veo = self._veo if request.model.startswith("veo-") else self._omni
        try:
            submission = await family.submit(request, self._gateway.lane(request.model, self._per_minute))
        except LastFrameRefusedError:
            self._memory.remember_refusal(request.model)
            raise
        self._memory.forget_refusal(request.model)
        if family is self._omni:
            self._memory.remember_operation(submission.operation_name)
        return submission

    async def poll(self, operation_name: str) -> PollAnswer:
        """Free. Raises RetryLater or NoAccess; an operation that is gone is the state `lost`."""
        if _is_veo(operation_name):
            return await self._veo.poll(operation_name)
        answer = await self._omni.poll(operation_name)
        elsewhere = self._memory.other_account_of(operation_name) if answer.state is OperationState.LOST else ""
        if elsewhere:
            raise NoAccessError(
                f"This clip was submitted on another road: {elsewhere}.",
                hint="Go back to that key or project in the settings, then resume.",
            )
        return answer

    async def fetch(self, operation_name: str, result: str, destination: Path) -> None:
        """Streams the video to `destination`. Free; raises RetryLater, NoAccess or, when it is gone, Expired."""
        if result != INLINE:
            await self._downloads.fetch(result, destination)
            return
        if await self._downloads.take(operation_name, destination):
            return
        answer = await self.poll(operation_name)
        if answer.state is not OperationState.DONE:
            raise ExpiredError(answer.reason or "Google has this clip no more.", hint="It can only be made anew.")
        if answer.result != INLINE:
            await self._downloads.fetch(answer.result, destination)
        elif not await self._downloads.take(operation_name, destination):
            raise ExpiredError("Google has this clip no more.", hint="It can only be made anew.")

    async def cancel(self, operation_name: str) -> bool:
        """Asks Google to give the operation up; Veo has no such thing."""
        return False if _is_veo(operation_name) else await self._omni.cancel(operation_name)


def _is_veo(operation_name: str) -> bool:
    return "/operations/" in operation_name
