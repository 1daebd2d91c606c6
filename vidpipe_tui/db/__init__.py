"""Everything that touches the database. The names below load SQLAlchemy only when they are used."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vidpipe_tui.db.base import Base
    from vidpipe_tui.db.engine import async_session, engine, get_session, shutdown
    from vidpipe_tui.db.schema import init_database

__all__ = ["Base", "async_session", "engine", "get_session", "init_database", "shutdown"]


class _Package(ModuleType):
    """Lets `engine` be the AsyncEngine although a submodule of that name exists."""

    @property
    def engine(self) -> Any:
        """The AsyncEngine of this process."""
        from vidpipe_tui.db.engine import get_engine

        return get_engine()

    @engine.setter
    def engine(self, _submodule: Any) -> None:
        """The import system binds the submodule here; the property stays what it is."""


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    from importlib import import_module

    if name == "Base":
        return import_module("vidpipe_tui.db.base").Base
    if name == "init_database":
        return import_module("vidpipe_tui.db.schema").init_database
    if name in {"async_session", "get_session", "shutdown"}:
        return getattr(sys.modules.get("vidpipe_tui.db.engine") or import_module("vidpipe_tui.db.engine"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
