"""The one door to Google: loads the SDK when it is first needed, makes its clients, sends calls, explains failures."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.providers.errors import RetryLaterError
from vidpipe_tui.providers.google.calls import CURRENT, Call
from vidpipe_tui.providers.google.errors import Explainer, Subject
from vidpipe_tui.providers.google.limiter import Lane, lane_of
from vidpipe_tui.providers.google.login import Login
from vidpipe_tui.providers.google.pictures import Picture
from vidpipe_tui.providers.google.road import GoogleRoad
from vidpipe_tui.providers.google.spool import Spool

if TYPE_CHECKING:
    from google.auth.credentials import Credentials
    from google.genai import Client
    from google.genai.client import AsyncClient

    from vidpipe_tui.config import Settings
    from vidpipe_tui.providers.google.transport import WatchedClient

T = TypeVar("T")
Sending = Callable[["AsyncClient"], Awaitable[T]]


class Gateway:
    """Sends calls over one road. One client per location, all of one event loop; closed by `aclose`."""

    def __init__(self, road: GoogleRoad, settings: Settings, explainer: Explainer, folder: Path) -> None:
        self.road = road
        self.spool = Spool(folder)
        self.seconds = settings.google.request_timeout
        self._pipeline = settings.pipeline
        self._explainer = explainer
        self._loop: asyncio.AbstractEventLoop | None = None
        self._begin()

    async def prepare(self) -> None:
        """Opens the client of the road's own location before it is needed."""
        await self._client(None)

    def lane(self, model: str, per_minute: int) -> Lane:
        """The lane of a model; there is one for the whole process."""
        return lane_of(self.road.name, model, per_minute, self._pipeline.retry_max_wait)

    @asynccontextmanager
    async def asked(
        self,
        send: Sending[T],
        subject: Subject,
        *,
        lane: Lane | None = None,
        location: str | None = None,
        seconds: float | None = -1,
        pictures: Sequence[Picture] = (),
    ) -> AsyncIterator[T]:
        """Sends one call, exactly once and when its lane allows it, and gives its answer. Raises a ProviderError.

        `pictures` are those whose stand-ins `send` uses. The files that long parts of the answer lie in go away with
        the context, unless they were moved. `seconds` is the time limit of the whole call: -1 for the settings' own,
        None where only silence is limited.
        """
        if lane is not None:
            await lane.turn()
        call = Call(free=subject.free, pictures=pictures)
        try:
            answer = await self._send(send, subject, location, self.seconds if seconds == -1 else seconds, call)
            if lane is not None:
                lane.went_well()
            yield answer
        except RetryLaterError as error:
            if lane is not None and error.rate_limited:
                lane.pause(error.wait_seconds, self._pipeline.retry_base_delay)
            raise
        finally:
            for file in call.files:
                file.unlink(missing_ok=True)

    async def storage_access(self, *, to_base: bool) -> tuple[WatchedClient, dict[str, str]]:
        """The transport, and the headers that open Cloud Storage to it; a key goes `to_base` only."""
        await self._client(None)
        assert self._transport is not None
        if self.road.key is None:
            return self._transport, {"Authorization": f"Bearer {(await self._login.credentials()).token}"}
        return self._transport, {"x-goog-api-key": self.road.key.get_secret_value()} if to_base else {}

    async def aclose(self) -> None:
        """Closes the clients and takes the spooled files away."""
        clients, transport = self._clients, self._transport
        same_loop = self._loop is asyncio.get_running_loop()
        self._begin()
        for client in clients.values():
            client.close()
            if same_loop:
                await client.aio.aclose()
        if transport is not None and same_loop:
            await transport.aclose()
        await asyncio.to_thread(self.spool.close)

    async def _send(
        self, send: Sending[T], subject: Subject, location: str | None, seconds: float | None, call: Call
    ) -> T:
        """One call under a time limit.

        A failure is raised outside of the handler: no frame of the SDK, with the key in its locals, hangs on it.
        """
        token = CURRENT.set(call)
        try:
            client = await self._client(location)
            async with asyncio.timeout(seconds):
                return await send(client)
        except VidpipeError:
            raise
        except Exception as error:  # three families of exceptions and the transport's: all are explained
            failure = self._explainer.explain(error, subject, sent=call.sent)
        finally:
            CURRENT.reset(token)
        raise failure

    async def _client(self, location: str | None) -> AsyncClient:
        if self._loop is not asyncio.get_running_loop():
            self._begin()
            self._loop = asyncio.get_running_loop()
        credentials = None
        if self.road.key is None:
            credentials = await self._login.credentials()
        place = location or self.road.location
        async with self._opening:
            if place not in self._clients:
                self._clients[place] = await asyncio.to_thread(self._open, place, credentials)
        return self._clients[place].aio

    def _begin(self) -> None:
        self._login = Login(on_this_machine=self.road.on_this_machine)
        self._clients: dict[str, Client] = {}
        self._transport: WatchedClient | None = None
        self._opening = asyncio.Lock()

    def _open(self, place: str, credentials: Credentials | None) -> Client:
        """Makes a client; in a thread, because loading the SDK takes a second."""
        from google.genai import Client, types

        from vidpipe_tui.providers.google.transport import WatchedClient

        _keep_quiet()
        if self._transport is None:
            self._transport = WatchedClient(self.spool, timeout=self.seconds, trust_env=not self.road.on_this_machine)
        options = types.HttpOptions(
            base_url=self.road.base_url,
            timeout=max(1, round(self.seconds * 1000)),
            retry_options=types.HttpRetryOptions(attempts=1),
            httpx_async_client=self._transport,
        )
        road = self.road
        if road.key is None:
            client = Client(
                vertexai=True, project=road.project, location=place, credentials=credentials, http_options=options
            )
        else:
            client = Client(vertexai=road.kind == "vertex", api_key=road.key.get_secret_value(), http_options=options)
        _ = client.aio.interactions  # loads the other half of the SDK, here in the thread
        return client


def _keep_quiet() -> None:
    """The SDK's warnings would be written over the studio's screen."""
    warnings.filterwarnings("ignore", module=r"google\.genai")
    logging.getLogger("google_genai").addHandler(logging.NullHandler())
