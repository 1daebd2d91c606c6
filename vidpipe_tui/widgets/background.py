"""Work beside a widget: named, one at a time, ended with the widget."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, cast

from textual.dom import DOMNode


def latest(node: DOMNode, work: Callable[[], Coroutine[Any, Any, object]], group: str) -> None:
    """Runs `work()` beside `node` in place of what runs in that group of it.

    The coroutine is made when the worker starts: one that was overtaken before must not be left unawaited.
    """
    node.run_worker(cast("Any", work), group=group, exclusive=True)


def present(node: DOMNode) -> bool:
    """Whether `node` and what is in it can still be shown: after an await it may be gone, or just going."""
    return node.is_attached and not node._pruning  # noqa: SLF001 - Textual has no public name for a node on its way out
