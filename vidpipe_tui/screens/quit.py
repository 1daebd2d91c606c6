"""What happens to the work when the studio is left."""

from __future__ import annotations

from vidpipe_tui.screens.dialogs import Ask, Choice


class QuitDialog(Ask):
    """Asks whether to detach or to stop; the result is 'detach', 'stop' or 'stay'."""

    def __init__(self, films: int) -> None:
        what = "A film is being made" if films == 1 else f"{films} films are being made"
        super().__init__(
            "Quit?",
            f"{what} here. Detached, it goes on in the background and can be watched from any studio. "
            "Stopped, it can be resumed; nothing that is paid for is lost.",
            (Choice("d", "detach", "detach"), Choice("s", "stop and quit", "stop"), Choice("escape", "stay", "stay")),
        )
