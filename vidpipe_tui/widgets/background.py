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
