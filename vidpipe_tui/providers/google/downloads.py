"""Finished clips to disk: from the Files API, from Cloud Storage, or out of an answer that carried them inline."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import quote, unquote, urlsplit

from vidpipe_tui.durable import storage_errors
from vidpipe_tui.providers.errors import ExpiredError, NoAccessError, RetryLaterError
from vidpipe_tui.providers.google.errors import Subject
from vidpipe_tui.providers.google.spool import spooled_path

if TYPE_CHECKING:
    from google.genai.client import AsyncClient

    from vidpipe_tui.providers.google.gateway import Gateway
    from vidpipe_tui.providers.google.transport import WatchedClient

STORAGE = "https://storage.googleapis.com"
STORAGE_HOSTS = ("storage.googleapis.com", "storage.cloud.google.com")
STORAGE_FORMS = (
    "/storage/v1/b/{bucket}/o/{name}?alt=media",
    "/download/storage/v1/b/{bucket}/o/{name}?alt=media",
    "/{bucket}/{path}",
)
"""How an object is asked for; what stands in for Cloud Storage may know only one of the forms."""
CHUNK = 1024 * 1024
FILE = Subject("the clip", free=True, thing="file of this clip")
_FILE = re.compile(r"(?:^|/)files/([A-Za-z0-9._-]+)(?::download)?(?:\?.*)?$")


class Writer:
    """A file that is written in a thread, piece by piece, so that a slow disk does not stop the loop."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
        self.size = 0

    async def write(self, piece: bytes) -> None:
        """Writes a piece. Raises DiskFullError or StorageError."""
        with storage_errors(self._path):
            await asyncio.to_thread(self._file.write, piece)
        self.size += len(piece)


class Downloads:
    """Brings clips to disk. The key goes to the base address of the road and nowhere else."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        self._kept: dict[str, Path] = {}

    async def keep(self, operation: str, data: bytes) -> None:
        """Lays an inline video aside until it is fetched; it is never held in memory or in the database."""
        path, source = self._gateway.spool.new_file(), spooled_path(data)
        with storage_errors(path):
            await asyncio.to_thread(path.write_bytes, data) if source is None else source.replace(path)
        self._kept[operation] = path

    async def take(self, operation: str, destination: Path) -> bool:
        """Moves a video that was laid aside to its place; False where there is none."""
        path = self._kept.pop(operation, None)
        if path is None or not path.exists():
            return False
        with storage_errors(destination):
            await asyncio.to_thread(shutil.move, path, destination)
        return True

    async def fetch(self, address: str, destination: Path) -> None:
        """Streams the video at a gs:// address or of a file of the Files API. Raises RetryLater, Expired, NoAccess."""
        parts = urlsplit(address)
        file = _FILE.search(address)
        if parts.scheme == "gs":
            await self._from_storage(parts.netloc, parts.path.lstrip("/"), destination)
        elif parts.hostname in STORAGE_HOSTS:
            bucket, _slash, name = unquote(parts.path).lstrip("/").partition("/")
            await self._from_storage(bucket, name, destination)
        elif file is not None:
            await self._from_files(file[1], destination)
        else:
            raise ExpiredError(f"Google gave an address that no clip can be fetched from: {address}")

    async def _from_files(self, name: str, destination: Path) -> None:
        """The SDK takes the name of the file only: the host in the address is Google's real one, wherever we are."""
        if self._gateway.road.kind != "key":
            raise NoAccessError(
                "The clip lies in the Files API, which Vertex AI cannot read.",
                hint="Go on with the API key it was made with, or set google.output_gcs_uri for new clips.",
            )

        async def send(client: AsyncClient) -> int:
            async with _writer(destination) as writer:
                await client.files.download(file=f"files/{name}", destination=writer)  # type: ignore[call-overload]
                return writer.size

        await self._streamed(send, FILE)

    async def _from_storage(self, bucket: str, name: str, destination: Path) -> None:
        road = self._gateway.road
        if road.key is not None and not road.base_url:
            raise NoAccessError(
                f"The clip lies at gs://{bucket}/{name}, which an API key cannot open.",
                hint="Set google.project_id and run `gcloud auth application-default login`, then resume.",
            )
        base = os.environ.get("STORAGE_EMULATOR_HOST") or road.base_url or STORAGE
        base = base if "://" in base else f"http://{base}"
        forms = STORAGE_FORMS[:1] if base == STORAGE else STORAGE_FORMS
        transport, headers = await self._gateway.storage_access(to_base=base == road.base_url)
        for number, form in enumerate(forms, 1):
            url = base.rstrip("/") + form.format(
                bucket=quote(bucket, safe=""), name=quote(name, safe=""), path=quote(name)
            )
            try:
                await self._streamed(_from_address(transport, url, headers, destination), FILE)
            except ExpiredError:
                if number == len(forms):
                    raise
            else:
                return

    async def _streamed(self, send: Callable[[AsyncClient], Awaitable[int]], subject: Subject) -> None:
        """Runs a download; only silence is limited in time. A body shorter than announced is a transport error."""
        async with self._gateway.asked(send, subject, seconds=None) as size:
            if not size:
                raise RetryLaterError("The clip came without a single byte.", hint="It is fetched again; that is free.")


def _from_address(
    transport: WatchedClient, url: str, headers: dict[str, str], destination: Path
) -> Callable[[AsyncClient], Awaitable[int]]:
    async def send(_client: AsyncClient) -> int:
        from google.genai.errors import APIError

        async with transport.stream("GET", url, headers=headers) as response, _writer(destination) as writer:
            await APIError.raise_for_async_response(response)
            async for piece in response.aiter_bytes(CHUNK):
                await writer.write(piece)
            return writer.size

    return send


@asynccontextmanager
async def _writer(destination: Path) -> AsyncIterator[Writer]:
    with storage_errors(destination):
        file = await asyncio.to_thread(destination.open, "wb")
    try:
        yield Writer(file, destination)
    finally:
        with storage_errors(destination):
            await asyncio.to_thread(file.close)
