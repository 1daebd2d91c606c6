"""How two scenes meet: the last frame of one beside the first frame of the next."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from vidpipe_tui.domain.views import ProjectView
from vidpipe_tui.keys.binding import bindings_for
from vidpipe_tui.pictures.fit import ratio_of
from vidpipe_tui.screens.base import StudioScreen
from vidpipe_tui.themes import style_sheet
from vidpipe_tui.widgets.bars import CommandLine, TopLine
from vidpipe_tui.widgets.line import Line
from vidpipe_tui.widgets.preview import Preview
from vidpipe_tui.widgets.scene_facts import scene_name
from vidpipe_tui.widgets.words import one_line


class SeamScreen(StudioScreen[None]):
    """Walks from seam to seam of a film."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_for("move", "seam")
    CSS_PATH: ClassVar[list[Any]] = [style_sheet("pictures.tcss"), style_sheet("review.tcss")]

    def __init__(self, project: ProjectView, index: int) -> None:
        super().__init__()
        self._project = project
        self._index = max(0, min(index, len(project.scenes) - 2))

    def compose(self) -> ComposeResult:
        """Top line, two pictures, what is said about the transition."""
        yield TopLine(node_id="seam-top")
        with Horizontal(id="pair"):
            for side in ("left", "right"):
                with Vertical(classes="side"):
                    yield Line(node_id=f"{side}-words")
                    yield Preview(node_id=f"{side}-picture")
        yield Line(node_id="seam-words")
        yield CommandLine()

    def on_mount(self) -> None:
        """Shows the first seam."""
        self._show()

    def _show(self) -> None:
        scenes = self._project.scenes
        if len(scenes) < 2:
            self.query_one(TopLine).show(((one_line(self._project.title), "line--bright"),))
            self.query_one("#seam-words", Line).show((("A film of one scene has no seam.", "line--muted"),))
            return
        before, after = scenes[self._index], scenes[self._index + 1]
        title = f"Seam {self._index + 1} of {len(scenes) - 1}"
        self.query_one(TopLine).show(
            (("Seam  ", "line--bright"), (one_line(self._project.title), "line--muted")), ((title, "line--muted"),)
        )
        ratio = ratio_of(self._project.aspect_ratio)
        for side, scene, frame, slot in (("left", before, before.end, "end"), ("right", after, after.start, "start")):
            words = f"{slot} of {scene.number}  {scene_name(scene)}"
            self.query_one(f"#{side}-words", Line).show(((words, "line--bright"),))
            self.query_one(f"#{side}-picture", Preview).show(
                frame.path if frame is not None else None,
                words="not drawn yet",
                told=frame.prompt_used[:400] if frame else "",
                ratio=ratio,
            )
        inherited = after.start is not None and after.start.source == "inherited"
        join = "a cut" if after.cut else "the same frame" if inherited or after.start is None else "two frames"
        note = one_line(before.transition_notes)
        self.query_one("#seam-words", Line).show(((f"{join}   ", ""), (note, "line--muted")))

    def _move_to(self, index: int) -> None:
        self._index = max(0, min(index, len(self._project.scenes) - 2))
        self._show()

    def action_cursor_down(self) -> None:
        """The next seam."""
        self._move_to(self._index + 1)

    def action_cursor_up(self) -> None:
        """The seam before."""
        self._move_to(self._index - 1)

    action_cursor_right = action_page_down = action_cursor_down
    action_cursor_left = action_page_up = action_cursor_up

    def action_first(self) -> None:
        """The first seam."""
        self._move_to(0)

    def action_last(self) -> None:
        """The last seam."""
        self._move_to(len(self._project.scenes))

    def action_seam(self) -> None:
        """The same key leaves."""
        self.leave()
