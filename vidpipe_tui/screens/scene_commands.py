"""What can be done with one scene's frames and clip, the same in the project and in the review."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from vidpipe_tui.domain.commands import NewTake, RunOptions, SceneEdit
from vidpipe_tui.domain.statuses import SceneStatus
from vidpipe_tui.domain.views import ClipView, Consequence, FrameView, ProjectView, SceneView
from vidpipe_tui.screens import film_commands, remedies
from vidpipe_tui.screens.base import StudioScreen
from vidpipe_tui.screens.dialogs import Ask, Choice, confirm
from vidpipe_tui.widgets.scene_facts import stale_words, takes_made
from vidpipe_tui.widgets.trouble_words import key_of
from vidpipe_tui.widgets.words import money, one_line

if TYPE_CHECKING:
    from vidpipe_tui.screens.feed import ProjectFeed
    from vidpipe_tui.services.studio import Studio

_NEEDS: dict[str, frozenset[SceneStatus]] = {
    "soften": frozenset({SceneStatus.RAI_FILTERED, SceneStatus.FAILED}),
    "adopt": frozenset({SceneStatus.IN_DOUBT}),
    "resubmit": frozenset({SceneStatus.IN_DOUBT}),
    "give_up": frozenset({SceneStatus.IN_DOUBT}),
}
_TAKES = frozenset({"next_take", "previous_take", "flip"})


class SceneCommands(StudioScreen[None]):
    """A screen that always has one project and, in it, one spot: a scene and a slot (start, end, clip)."""

    project_id: UUID
    project: ProjectView | None = None
    feed: ProjectFeed | None = None

    def spot(self) -> tuple[int | None, str]:
        """Scene index and slot of what is chosen; (None, 'storyboard') for the storyboard."""
        raise NotImplementedError

    @property
    def scene(self) -> SceneView | None:
        """The chosen scene."""
        index, _ = self.spot()
        if self.project is None or index is None or not 0 <= index < len(self.project.scenes):
            return None
        return self.project.scenes[index]

    @property
    def thing(self) -> FrameView | ClipView | None:
        """The chosen frame or clip."""
        scene, slot = self.scene, self.spot()[1]
        return getattr(scene, slot) if scene is not None and slot in {"start", "end", "clip"} else None

    def scene_command_state(self, command: str) -> bool | None:
        """Whether a command about the chosen scene counts: remedies only where there is that trouble."""
        scene, thing = self.scene, self.thing
        if command in _NEEDS:
            return scene is not None and scene.status in _NEEDS[command]
        if command in _TAKES:
            return thing is not None and bool(set(takes_made(thing)) - {thing.take})
        if command == "pin":
            return thing is not None
        if command == "edit":
            return self.project is not None and bool(self.project.scenes)
        if command in {"edit_outside", "new_take", "seam"}:
            return scene is not None
        return True

    def work(self, work: Coroutine[Any, Any, object]) -> None:
        """Runs a command beside the screen, and reads the project again: not every change is announced."""
        self.studio_app.do(self._worked(work), group="scene commands", node=self, opens=True)

    async def _worked(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        finally:
            if self.feed is not None:
                self.feed.poke()

    async def studio(self) -> Studio:
        """The service."""
        return await self.studio_app.service()

    # ---- takes

    def action_next_take(self) -> None:
        """Chooses the next take."""
        self._choose_take(1)

    def action_previous_take(self) -> None:
        """Chooses the take before."""
        self._choose_take(-1)

    def _choose_take(self, step: int) -> None:
        (index, slot), thing = self.spot(), self.thing
        made = takes_made(thing) if thing is not None else ()
        if index is None or thing is None or not set(made) - {thing.take}:
            self.studio_app.say("There is only one take.", hint="n asks for another.")
            return
        place = made.index(thing.take) + step if thing.take in made else 0
        self.work(self._select(index, slot, made[place % len(made)]))

    async def _select(self, index: int, slot: str, take: int) -> None:
        studio = await self.studio()
        before = set(self.project.redone) if self.project is not None else set()
        await studio.select_take(self.project_id, index, slot, take)
        became = set((await studio.project(self.project_id)).redone) - before
        if became:
            self.studio_app.say(f"Take {take}. {stale_words(sorted(became))}", hint="u takes it back.")

    def action_pin(self) -> None:
        """Pins or frees what is chosen."""
        (index, slot), thing = self.spot(), self.thing
        if index is not None and thing is not None:
            self.work(self._pin(index, slot, not thing.pinned))

    async def _pin(self, index: int, slot: str, pinned: bool) -> None:
        await (await self.studio()).pin(self.project_id, index, slot, pinned)

    def action_new_take(self) -> None:
        """Asks for a new take with another prompt, seed or model; the price is shown before."""
        index, slot = self.spot()
        if index is not None:
            self.work(self.ask_for_new_take(index, slot))

    async def ask_for_new_take(self, index: int, slot: str, prompt: str | None = None) -> bool:
        """Asks what the take is to be and has it made; False where it was let be."""
        from vidpipe_tui.screens.new_take import NewTakeDialog

        project = self.project
        if project is None:
            return False
        dialog = NewTakeDialog(await self.studio(), project, project.scenes[index], slot, prompt)
        take = await self.app.push_screen_wait(dialog)
        if take is not None:
            await self.ask_for_take(take)
        return take is not None

    async def ask_for_take(self, take: NewTake) -> None:
        """Asks for a take that was agreed to, and has it made."""
        studio = await self.studio()
        await studio.new_take(self.project_id, take)
        if self.project is None or not self.project.driven:
            await studio.start(self.project_id, RunOptions(retry_ended=False))

    # ---- deciding and undoing

    def action_accept_all(self) -> None:
        """Accepts everything that waits."""
        self.work(self._accept_all())

    async def _accept_all(self) -> None:
        count = await (await self.studio()).approve_all(self.project_id)
        onward = "" if self.project is not None and self.project.driven else "r goes on, "
        self.studio_app.say(f"{count} accepted.", hint=f"{onward}u takes it back.")

    def action_undo(self) -> None:
        """Takes the last decision or edit back."""
        self.work(self._undo())

    async def _undo(self) -> None:
        what = await (await self.studio()).undo(self.project_id)
        self.studio_app.say(f"Taken back: {what}" if what else "There is nothing to take back.")
        self.taken_back(what or "")

    def taken_back(self, what: str) -> None:
        """Something was taken back; a screen that shows one thing at a time goes there."""

    def action_redo(self) -> None:
        """Does again what was taken back."""
        self.work(self._redo())

    async def _redo(self) -> None:
        what = await (await self.studio()).redo(self.project_id)
        self.studio_app.say(f"Done again: {what}" if what else "There is nothing to do again.")

    # ---- trouble

    def action_soften(self) -> None:
        """Asks for a milder prompt, after its price, and then for a take with it."""
        self._remedy(remedies.soften)

    def action_adopt(self) -> None:
        """Asks which operation the clip in doubt is."""
        self._remedy(remedies.adopt)

    def action_resubmit(self) -> None:
        """Submits a clip in doubt again, after saying that it may be paid twice."""
        self._remedy(remedies.resubmit)

    def action_give_up(self) -> None:
        """Gives a clip in doubt up."""
        self._remedy(remedies.give_up)

    def _remedy(self, remedy: Callable[[SceneCommands, int], Coroutine[Any, Any, None]]) -> None:
        index, _ = self.spot()
        if index is not None:
            self.work(remedy(self, index))

    # ---- texts

    def action_edit(self) -> None:
        """Opens the editor of the scene."""
        from vidpipe_tui.screens.editor import EditorScreen

        index, _ = self.spot()
        if self.project is not None and self.project.scenes:
            self.app.push_screen(EditorScreen(self.project, index or 0))

    def action_edit_outside(self) -> None:
        """Edits one field in the person's own editor."""
        if self.scene is not None:
            self.work(self._edit_outside(self.scene))

    async def _edit_outside(self, scene: SceneView) -> None:
        from vidpipe_tui.domain.commands import SCENE_FIELDS
        from vidpipe_tui.screens.outside import edit_text
        from vidpipe_tui.widgets.scene_pane import FIELD_LABELS

        choices = [Choice(str(place), FIELD_LABELS[name], name) for place, name in enumerate(SCENE_FIELDS, 1)]
        ask = Ask("Which text?", "It opens in your own editor.", (*choices, Choice("escape", "cancel", "")))
        field = await self.app.push_screen_wait(ask)
        if not field:
            return
        before = getattr(scene, field)
        text = await edit_text(self.studio_app, before, f"scene-{scene.number}-{field}")
        if text != before:
            await self.apply_edit(SceneEdit(scene.index, {field: text}))

    async def apply_edit(
        self, edit: SceneEdit | None, *, guide: Mapping[str, str] | None = None, question: str = ""
    ) -> bool:
        """Shows what the edit (of a scene, of parts of the style guide) makes stale and what redoing that costs, and
        applies it if that is agreed to.
        """
        studio = await self.studio()
        consequence = await studio.edit_consequence(self.project_id, edit, guide)
        if consequence.stale or consequence.estimate.total:
            to = "the style guide" if edit is None else f"scene {edit.scene_index + 1}"
            title = question or f"Apply the change to {to}{' and the style guide' if guide and edit else ''}?"
            text = consequence_text(consequence)
            if self.project is not None and self.project.driven:
                text += f"\nThe film is being made, also from what is stale: {key_of('stop')} stops it first."
            if await self.app.push_screen_wait(confirm(title, text, "apply")) != "yes":
                return False
        if edit is not None:
            await studio.edit_scene(self.project_id, edit)
        if guide:
            await studio.edit_style_guide(self.project_id, guide)
        return True

    def action_chain(self) -> None:
        """Opens the scene with a cut, or chains it to the one before; what that costs is shown first."""
        scene = self.scene
        if scene is not None and scene.index == 0:
            self.studio_app.say("The first scene has nothing before it to be chained to.")
        elif scene is not None:
            question = (
                f"Chain scene {scene.number} to the one before?" if scene.cut else f"Cut before scene {scene.number}?"
            )
            self.work(self.apply_edit(SceneEdit(scene.index, cut=not scene.cut), question=question))

    # ---- files

    def files(self) -> dict[str, Path]:
        """What there is to copy or open: the chosen picture or clip, and the film."""
        thing, found = self.thing, {}
        if thing is not None and thing.path is not None:
            found[self.spot()[1]] = thing.path
        if self.project is not None and self.project.output_path is not None:
            found["film"] = self.project.output_path
        return found

    def action_copy(self) -> None:
        """Copies the path of what is chosen or of the film, shown whole."""
        self.work(self._with_file("Copy which path?", self._copy_path))

    async def _copy_path(self, path: Path) -> None:
        self.app.copy_to_clipboard(str(path))

    def action_open_outside(self) -> None:
        """Opens the chosen file or the film in its own program."""
        self.work(self._with_file("Open which file?", self._open_path))

    async def _open_path(self, path: Path) -> None:
        await film_commands.open_outside(self.studio_app, path)

    async def _with_file(self, question: str, use: Any) -> None:
        files = self.files()
        if not files:
            self.studio_app.say("There is no file yet.")
            return
        chosen = next(iter(files))
        if len(files) > 1:
            text = "\n\n".join(f"{name}\n{path}" for name, path in files.items())
            choices = [Choice(name[0], name, name) for name in files]
            chosen = await self.app.push_screen_wait(Ask(question, text, (*choices, Choice("escape", "cancel", ""))))
        if chosen:
            await use(files[chosen])

    def action_seam(self) -> None:
        """Shows how this scene meets the next one."""
        from vidpipe_tui.screens.seam import SeamScreen

        index, _ = self.spot()
        if self.project is not None and index is not None:
            self.app.push_screen(SeamScreen(self.project, index))


def consequence_text(consequence: Consequence) -> str:
    """What becomes stale and what redoing that costs, in sentences."""
    lines = [stale_words(consequence.stale)]
    if consequence.cut:
        lines.append("The scene will open with a cut.")
    if consequence.stale:
        total = consequence.estimate.total
        price = f"costs about {money(total)}" if total else "costs nothing"
        lines.append(f"Redoing that {price}. Nothing is redone until you say so.")
    if consequence.estimate.note:
        lines.append(one_line(consequence.estimate.note))
    return "\n".join(line for line in lines if line)
