"""The HTTP client under the SDK: one send per call, no redirections, whether it was sent, long answers to disk.

Imported only together with the SDK: it needs the SDK's own transport library.
"""

from __future__ import annotations

import base64
import os
import ssl
from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx2

from vidpipe_tui.providers.google.calls import CURRENT, Call
from vidpipe_tui.providers.google.pictures import Picture
from vidpipe_tui.providers.google.spool import JsonStrainer, Spool

CONNECT_SECONDS = 15.0


PIECE = 3 * 16 * 1024
"""Bytes of a picture that are encoded in one turn of the loop."""


class WatchedClient(httpx2.AsyncClient):
    """An HTTP client that the SDK is given in place of its own.

    The SDK's retries are off by its options; this makes sure of it: a second send of a paid call is refused here,
    whatever asked for it. No connection is used twice: one that was kept could be closed by the server just then, or
    hold the rest of an earlier answer, and leave a paid call in doubt.
    """

    def __init__(self, spool: Spool, *, timeout: float, trust_env: bool) -> None:
        super().__init__(
            verify=_certificates(),
            timeout=httpx2.Timeout(timeout, connect=min(timeout, CONNECT_SECONDS)),
            limits=httpx2.Limits(max_connections=None, max_keepalive_connections=0),
            follow_redirects=False,
            trust_env=trust_env,
        )
        self._spool = spool

    async def send(self, request: httpx2.Request, *, stream: bool = False, **options: Any) -> httpx2.Response:
        """Sends a request once. A JSON answer comes back whole, without its long strings, which lie in files."""
        call = CURRENT.get() or Call(free=True)
        call.count_send()
        request = _with_pictures(request, call.pictures)
        self._watch(request, call)
        options["follow_redirects"] = False
        response = await super().send(request, stream=True, **options)
        if stream:
            return response
        try:
            if not response.headers.get("content-type", "").startswith("application/json"):
                await response.aread()
                return response
            return await self._strained(request, response, call)
        finally:
            await response.aclose()

    def _watch(self, request: httpx2.Request, call: Call) -> None:
        async def trace(event: str, _info: object) -> None:
            if event.endswith("send_request_headers.started"):
                call.sent = True

        request.extensions = {**request.extensions, "trace": trace}
        timeout = request.extensions.get("timeout")
        if isinstance(timeout, dict) and (timeout.get("connect") or CONNECT_SECONDS + 1) > CONNECT_SECONDS:
            request.extensions["timeout"] = {**timeout, "connect": CONNECT_SECONDS}

    async def _strained(self, request: httpx2.Request, response: httpx2.Response, call: Call) -> httpx2.Response:
        strainer = JsonStrainer(self._spool)
        try:
            async for piece in response.aiter_bytes():
                strainer.feed(piece)
        except BaseException:
            strainer.abandon()
            raise
        body = strainer.finish()
        call.files += strainer.files
        headers = [
            (name, value)
            for name, value in response.headers.multi_items()
            if name.lower() not in {"content-encoding", "content-length", "transfer-encoding"}
        ]
        return httpx2.Response(
            response.status_code, headers=headers, content=body, request=request, extensions=response.extensions
        )


def _with_pictures(request: httpx2.Request, pictures: Sequence[Picture]) -> httpx2.Request:
    """The request with the pictures in place of their stand-ins, encoded piece by piece while it is sent."""
    if not pictures:
        return request
    body, pieces, length = request.content, [], 0
    for picture in sorted(pictures, key=lambda one: body.find(one.mark)):
        before, _mark, body = body.partition(picture.mark)
        pieces += [(before, False), (picture.data, True)]
        length += len(before) + 4 * ((len(picture.data) + 2) // 3)
    pieces.append((body, False))

    async def stream() -> AsyncIterator[bytes]:
        for data, is_picture in pieces:
            for start in range(0, len(data), PIECE):
                piece = data[start : start + PIECE]
                yield base64.b64encode(piece) if is_picture else piece

    headers = {**request.headers, "content-length": str(length + len(body))}
    return httpx2.Request(request.method, request.url, headers=headers, content=stream(), extensions=request.extensions)


def _certificates() -> ssl.SSLContext:
    """The system's certificates, or those that SSL_CERT_FILE and SSL_CERT_DIR name, as the SDK does it."""
    file, folder = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if file or folder:
        return ssl.create_default_context(cafile=file, capath=folder)
    return httpx2.create_ssl_context()
