"""Pictures and videos that come inside JSON go to disk while they arrive: neither memory nor the loop feels them."""

from __future__ import annotations

import base64
import binascii
import itertools
import json
import re
import shutil
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

from vidpipe_tui.durable import storage_errors

MARK = b"vidpipe-spool:"
LONG = 64 * 1024
"""Strings of more characters than this leave the JSON, if they are base64."""
ABANDONED_SECONDS = 86_400
_BASE64 = re.compile(rb"[A-Za-z0-9+/=_-]*")
_ESCAPE = re.compile(rb"\\(?:u[0-9A-Fa-f]{4}|[^u])")


class Spool:
    """A folder of its own for the pieces of this process; goes away on `close`. Old ones of killed processes too."""

    def __init__(self, folder: Path) -> None:
        self._parent = folder
        self._folder: Path | None = None
        self._numbers = itertools.count()

    def new_file(self) -> Path:
        """A path for the next piece; the file is not made here."""
        if self._folder is None:
            with storage_errors(self._parent):
                self._parent.mkdir(parents=True, exist_ok=True)
                for old in self._parent.glob("spool-*"):
                    if time.time() - old.stat().st_mtime > ABANDONED_SECONDS:
                        shutil.rmtree(old, ignore_errors=True)
                self._folder = Path(tempfile.mkdtemp(prefix="spool-", dir=self._parent))
        return self._folder / f"{next(self._numbers)}.part"

    def close(self) -> None:
        """Takes the folder away with all that nobody claimed."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None


def spooled_path(data: bytes) -> Path | None:
    """The file in which the bytes really are, or None where `data` are the bytes themselves."""
    return Path(data[len(MARK) :].decode()) if data.startswith(MARK) else None


class JsonStrainer:
    """Takes JSON in pieces and keeps it, but with every long base64 string decoded to a file of its own.

    In the JSON such a string becomes the base64 of a mark with the file's path, so that any reader that expects
    base64 still finds some.
    """

    def __init__(self, spool: Spool) -> None:
        self.files: list[Path] = []
        self._spool = spool
        self._kept = bytearray()
        self._string: bytearray | None = None
        self._plain = False
        self._carry = b""
        self._out: BinaryIO | None = None
        self._quad = b""

    def feed(self, piece: bytes) -> None:
        """The next bytes of the document, in UTF-8."""
        data, at = self._carry + piece, 0
        self._carry = b""
        while at < len(data):
            quote = data.find(b'"', at)
            if self._string is None:
                end = len(data) if quote < 0 else quote + 1
                self._kept += data[at:end]
                at = end
                if quote >= 0:
                    self._string, self._plain = bytearray(), False
                continue
            backslash = data.find(b"\\", at, quote if quote >= 0 else len(data))
            if backslash >= 0:
                self._add(data[at:backslash])
                escape = _ESCAPE.match(data, backslash)
                if escape is None:
                    self._carry = data[backslash:]
                    return
                self._add_escape(escape[0])
                at = escape.end()
            else:
                end = len(data) if quote < 0 else quote
                self._add(data[at:end])
                at = end
                if quote >= 0:
                    self._end_string()
                    at += 1

    def finish(self) -> bytes:
        """The document without its long strings."""
        if self._string is not None:
            self._kept += self._string
        self._kept += self._carry
        self._shut()
        return bytes(self._kept)

    def abandon(self) -> None:
        """Closes and removes what was written so far: the document did not arrive whole."""
        self._shut()
        for file in self.files:
            file.unlink(missing_ok=True)

    def _add(self, text: bytes) -> None:
        if self._out is not None:
            self._write(text)
            return
        assert self._string is not None
        self._string += text
        if not self._plain and len(self._string) > LONG:
            if _BASE64.fullmatch(self._string):
                path = self._spool.new_file()
                self.files.append(path)
                with storage_errors(path):
                    self._out = path.open("wb")
                self._write(bytes(self._string))
            else:
                self._plain = True

    def _add_escape(self, escape: bytes) -> None:
        letter = json.loads(b'"' + escape + b'"') if escape[:2] != b"\\u" or escape[2:4] == b"00" else ""
        is_base64 = bool(letter) and _BASE64.fullmatch(letter.encode()) is not None
        self._add(letter.encode() if is_base64 else escape)

    def _write(self, text: bytes) -> None:
        assert self._out is not None
        text = self._quad + text.translate(_STANDARD)
        whole = len(text) - len(text) % 4
        self._quad = text[whole:]
        try:
            data = binascii.a2b_base64(text[:whole])
        except binascii.Error as error:
            raise ValueError("a long text in the answer is broken") from error
        with storage_errors(self.files[-1]):
            self._out.write(data)

    def _end_string(self) -> None:
        if self._out is None:
            assert self._string is not None
            self._kept += self._string
        else:
            if self._quad:
                self._write(b"=" * (-len(self._quad) % 4))
            self._kept += base64.b64encode(MARK + str(self.files[-1]).encode())
            self._shut()
        self._kept += b'"'
        self._string = None

    def _shut(self) -> None:
        if self._out is not None:
            self._out.close()
            self._out = None
        self._quad = b""


_STANDARD = bytes.maketrans(b"-_", b"+/")
