"""One sentence instead of a mess, where the terminal is too small."""

from __future__ import annotations

from textual.geometry import Size
from textual.widgets import Static

MIN_WIDTH, MIN_HEIGHT = 60, 16


def too_small(size: Size) -> bool:
    """Whether the studio cannot be laid out in `size` (cells)."""
    return 0 < size.width < MIN_WIDTH or 0 < size.height < MIN_HEIGHT


class TooSmall(Static):
    """Covers its screen while the terminal is too small; whatever runs goes on behind it."""

    def __init__(self) -> None:
        super().__init__(
            f"The studio needs {MIN_WIDTH} columns and {MIN_HEIGHT} rows: please make the terminal larger. "
            "The work goes on meanwhile.",
            markup=False,
        )

    def on_mount(self) -> None:
        """Nothing covers the sentence."""
        self.screen.add_class("-too-small")

    def on_unmount(self) -> None:
        """There is room again."""
        self.screen.remove_class("-too-small")
