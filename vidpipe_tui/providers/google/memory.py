"""What was learned the hard way and is kept over restarts: refused last frames, and which account a clip is of."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

FORGET_AFTER = timedelta(days=14)


class Memory:
    """Two small files in the provider's folder, for one account; without them one asks again."""

    def __init__(self, folder: Path, account: str) -> None:
        self._refusals = folder / "last-frame-refused.json"
        self._operations = folder / "interactions.tsv"
        self._account = account

    def refused_last_frame(self) -> dict[str, date]:
        """Models that refused a last frame to this account, with the day; what is older than two weeks is forgotten."""
        oldest = datetime.now(UTC).date() - FORGET_AFTER
        days = {model: _day(day) for model, day in self._read().get(self._account, {}).items()}
        return {model: day for model, day in days.items() if day is not None and day >= oldest}

    def remember_refusal(self, model: str) -> None:
        """This model refused a last frame today."""
        known = self._read()
        known.setdefault(self._account, {})[model] = datetime.now(UTC).date().isoformat()
        self._write(known)

    def forget_refusal(self, model: str) -> None:
        """This model took a last frame: whatever it refused before is allowed now."""
        known = self._read()
        if known.get(self._account, {}).pop(model, None) is not None:
            self._write(known)

    def _write(self, known: dict[str, dict[str, str]]) -> None:
        aside = self._refusals.with_suffix(f".{os.getpid()}")
        try:
            self._refusals.parent.mkdir(parents=True, exist_ok=True)
            aside.write_text(json.dumps(known, indent=1), "utf-8")
            aside.replace(self._refusals)
        except OSError:
            aside.unlink(missing_ok=True)

    def remember_operation(self, name: str) -> None:
        """This account's road took the operation on: an interaction's id does not say whose it is."""
        try:
            self._operations.parent.mkdir(parents=True, exist_ok=True)
            with self._operations.open("a", encoding="utf-8") as file:
                file.write(f"{name}\t{self._account}\n")
        except OSError:
            return

    def other_account_of(self, name: str) -> str:
        """The account that took the operation on where it was another one than this; '' otherwise."""
        try:
            lines = self._operations.read_text("utf-8").splitlines()
        except (OSError, ValueError):
            return ""
        roads = [road for known, _tab, road in (line.partition("\t") for line in lines) if known == name]
        return roads[-1] if roads and self._account not in roads else ""

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            known = json.loads(self._refusals.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        if not isinstance(known, dict):
            return {}
        return {road: models for road, models in known.items() if isinstance(models, dict)}


def _day(text: object) -> date | None:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        return None
