"""The embedded provider: real artefacts without a key, a network or weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vidpipe_tui.providers.base import Provider, ProviderContext


def create(context: ProviderContext) -> Provider:
    """The local provider with the settings `local.*`; it keeps its operations in `context.folder`."""
    from vidpipe_tui.providers.local.provider import LocalProvider

    return LocalProvider(context)
