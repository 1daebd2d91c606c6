"""What can go wrong, as sentences: a message that says what happened and a hint that says what to do next."""

from __future__ import annotations


class VidpipeError(Exception):
    """A failure that a person is told about: `message` says what happened, `hint` the next step.

    `exit_status` is what a command ends with (product: 1 failed while running, 2 wrong usage or surroundings).
    """

    exit_status = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def sentence(self) -> str:
        """The message and the hint, as they are shown in one line."""
        return f"{self.message} {self.hint}".strip()


class UsageError(VidpipeError):
    """Wrong arguments, settings or surroundings, found before anything began."""

    exit_status = 2


class SettingsError(UsageError):
    """A setting that is unknown or has a value that is not allowed."""


class StorageError(VidpipeError):
    """A file or folder cannot be written or read: disk full, no permission, gone."""


class DatabaseError(UsageError):
    """The database is locked, damaged, newer than this program, or no database."""


class DatabaseHeldError(DatabaseError):
    """Another process holds the database and does not let it go; it may still do so."""


class NotFoundError(UsageError):
    """There is no project, scene or take of that name, or the prefix fits several."""


class LeaseLostError(VidpipeError):
    """Another process drives this project now; nothing more may be written for it here."""


class DiskFullError(StorageError):
    """There is no room for what comes next; nothing that was paid for is lost."""


class MediaError(VidpipeError):
    """A picture, clip or film is broken, or cannot be read or made."""
