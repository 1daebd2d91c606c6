"""Pipeline tests retry at once, and fail when a status was moved where its table does not allow it."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

MOVERS = ("vidpipe_tui.db.statuses", "vidpipe_tui.db.ledger")


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDPIPE_PIPELINE__RETRY_BASE_DELAY", "0.001")


@pytest.fixture(autouse=True)
def only_legal_moves(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A refused move of a status is a mistake of whoever asked for it."""
    for name in MOVERS:
        caplog.set_level(logging.DEBUG, logger=name)
    yield
    refused = [record.getMessage() for record in caplog.get_records("call") if record.name in MOVERS]
    assert refused == []
