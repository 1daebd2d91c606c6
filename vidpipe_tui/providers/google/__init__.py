"""Google as a provider: Gemini, Nano Banana, Omni and Veo, with an API key or on Vertex AI."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vidpipe_tui.providers.base import Provider, ProviderContext

__all__ = ["create"]


def create(context: ProviderContext) -> Provider:
    """The provider for the road the settings choose, nothing slow loaded. Raises UsageError where they choose none."""
    from vidpipe_tui.providers.google.provider import GoogleProvider

    return GoogleProvider(context)
