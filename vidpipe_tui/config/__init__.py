"""Settings: `Settings` is the schema, `settings` the effective ones, read on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vidpipe_tui.config.loading import configure, load_settings, reset
    from vidpipe_tui.config.schema import Settings

    settings: Settings

__all__ = ["Settings", "configure", "load_settings", "reset", "settings"]


def __getattr__(name: str) -> Any:
    if name == "settings":
        from vidpipe_tui.config import loading

        return loading.current()
    if name == "Settings":
        from vidpipe_tui.config import schema

        return schema.Settings
    if name in {"configure", "load_settings", "reset"}:
        from vidpipe_tui.config import loading

        return getattr(loading, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
