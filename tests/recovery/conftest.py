"""One fork server per test process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.recovery.place import ForkServer


@pytest.fixture(scope="session")
def server() -> Iterator[ForkServer]:
    running = ForkServer()
    yield running
    running.close()
