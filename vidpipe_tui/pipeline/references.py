"""Reference pictures as providers get them."""

from __future__ import annotations

from collections.abc import Sequence

from vidpipe_tui.domain.graph import ReferencePicture
from vidpipe_tui.pipeline.context import RunContext
from vidpipe_tui.providers.base import Reference


def sent_references(context: RunContext, pictures: Sequence[ReferencePicture]) -> tuple[Reference, ...]:
    """The accepted ones, with absolute paths."""
    return tuple(
        Reference(tag=picture.tag, kind=picture.kind, path=context.files.absolute(picture.path), sha256=picture.sha256)
        for picture in pictures
        if picture.accepted
    )
