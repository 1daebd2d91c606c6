"""The ledger: every paid call, newest first, and what it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from rich.cells import cell_len
from textual.binding import BindingType

from vidpipe_tui.domain.statuses import CallState
from vidpipe_tui.errors import VidpipeError
from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.screens.reading import ReadingScreen
from vidpipe_tui.widgets.background import latest
from vidpipe_tui.widgets.line import Part
from vidpipe_tui.widgets.reader import ReaderLine
from vidpipe_tui.widgets.states import DONE, DOUBT, FAILED, PENDING, WORKING, Look
from vidpipe_tui.widgets.words import fit, money, one_line

if TYPE_CHECKING:
    from vidpipe_tui.domain.views import CallView, LedgerView

_LOOKS: dict[CallState, Look] = {
    CallState.INTENT: PENDING,
    CallState.SUBMITTED: WORKING,
    CallState.SUCCEEDED: DONE,
    CallState.FAILED: FAILED,
    CallState.UNKNOWN: DOUBT,
}
_MODEL = 22
_ROOMY = 120
"""Columns from which the units of a call stand there whole."""
_ORDERS = ("newest first", "dearest first", "by project")


class LedgerScreen(ReadingScreen):
    """The calls of one project, or of all. `/` filters by any word of a line, `S` changes the order."""

    NAME = "Ledger"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for("ledger")

    def __init__(self, project_id: UUID | None = None) -> None:
        super().__init__()
        self._project_id = project_id
        self._ledger: LedgerView | None = None
        self._shown: list[CallView] = []
        self._text = ""
        self._order = 0

    def on_mount(self) -> None:
        """Reads the ledger."""
        self.say("reading ...")
        latest(self, self._read, "ledger")

    async def _read(self) -> None:
        try:
            self._ledger = await (await self.studio_app.service()).ledger(self._project_id)
        except VidpipeError as error:
            self.show([ReaderLine(((error.sentence(), "state--failed"),), error.sentence())])
            return
        self._show()

    def _show(self) -> None:
        ledger = self._ledger
        if ledger is None:
            return
        totals = ledger.totals
        words = self._text.lower().split()
        calls = [call for call in ledger.calls if all(word in _searched(call) for word in words)]
        keys = (lambda call: -call.id, lambda call: -_price(call), lambda call: call.project_title)
        self._shown = sorted(calls, key=keys[self._order])
        titles = [call.project_title for call in self._shown]
        lines = [
            self._line(call, again=titles[at - 1 : at] == [call.project_title]) for at, call in enumerate(self._shown)
        ]
        if not lines:
            sentence = "No call has these words. esc shows all." if words else "Nothing was paid for yet."
            lines = [ReaderLine(((sentence, "line--muted"),))]
        self.show(lines)
        parts = [_ORDERS[self._order], f"{len(calls):,} calls"]
        parts += [f"{money(totals.in_flight)} in flight"] if totals.in_flight else []
        parts += [f"{money(totals.unknown)} in doubt"] if totals.unknown else []
        self.say(" ─ ".join([*parts, f"{money(totals.spent)} in all"]))

    def _line(self, call: CallView, *, again: bool) -> ReaderLine:
        """A call; a title that stands above already is not said again."""
        look = _LOOKS[call.state]
        width = self.size.width
        units = 22 if width >= _ROOMY else 14
        title = max(10, min(36, width - 52 - units))
        scene = f"scene {call.scene_index + 1}" if call.scene_index is not None else ""
        cost = "-" if look is FAILED else money(_price(call))
        parts: tuple[Part, ...] = (
            (call.time.astimezone().strftime("%d %b %H:%M  "), "line--muted"),
            (f"{look.mark(self.studio_app.plain)} ", look.css_class),
            (fit("" if again else one_line(call.project_title) or "-", title) + " ", ""),
            (fit(scene, 10) + fit(call.kind, 11) + fit(one_line(call.units), units), "line--muted"),
            (fit(cost, 9, right=True) + "  ", ""),
        )
        room = width - 3 - sum(cell_len(text) for text, _ in parts)
        model = fit(one_line(call.model), _MODEL) + " " if call.error and room >= 2 * _MODEL else ""
        last = fit(one_line(call.error or call.model), room - cell_len(model))
        parts += ((model, "line--muted"), (last, "" if call.error else "line--muted"))
        return ReaderLine(
            parts, " ".join(str(part) for part in (call.time.isoformat(), call.project_id, *_facts(call)))
        )

    def command_state(self, command: str) -> bool | None:
        """Opening needs a call that belongs to a project."""
        if command == "open":
            call = self._call
            return call is not None and call.project_id is not None and self._project_id is None
        return super().command_state(command)

    @property
    def _call(self) -> CallView | None:
        cursor = self.reader.cursor if self.is_mounted else 0
        return self._shown[cursor] if cursor < len(self._shown) else None

    def action_open(self) -> None:
        """Opens the scene of the chosen call, or its project."""
        if (call := self._call) is not None and call.project_id is not None:
            self.studio_app.open_project(call.project_id, scene=call.scene_index)

    def action_sort(self) -> None:
        """The next order."""
        self._order = (self._order + 1) % len(_ORDERS)
        self._show()

    def action_filter(self) -> None:
        """Asks for words."""
        from vidpipe_tui.screens.dialogs import AskText

        self.app.push_screen(AskText("Filter", value=self._text, done="filter"), self._filtered)

    def _filtered(self, text: str | None) -> None:
        if text is not None:
            self._text = text.strip()
            self._show()

    def leave(self) -> None:
        """`esc` shows all again, then goes back."""
        if self._text:
            self._filtered("")
        else:
            super().leave()


def _price(call: CallView) -> float:
    """What a call counts for: what it cost if that is known, else its estimate; a failed one nothing."""
    if call.state is CallState.FAILED:
        return 0.0
    return call.cost if call.cost is not None else call.cost_estimate


def _facts(call: CallView) -> tuple[object, ...]:
    return (call.kind, call.provider, call.model, call.state.value, call.units, call.cost, call.operation, call.error)


def _searched(call: CallView) -> str:
    return " ".join(str(fact) for fact in (call.project_title, *_facts(call))).lower()
