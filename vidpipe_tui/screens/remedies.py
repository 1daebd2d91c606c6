"""What helps a scene in trouble: a milder prompt, adopting an operation, submitting again, giving up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vidpipe_tui.domain.commands import NewTake, RunOptions
from vidpipe_tui.screens.dialogs import AskText, confirm
from vidpipe_tui.widgets.words import money

if TYPE_CHECKING:
    from vidpipe_tui.screens.scene_commands import SceneCommands


async def soften(screen: SceneCommands, index: int) -> None:
    """Has the motion prompt written anew, more mildly, after its price; then asks for a take with it."""
    studio = await screen.studio()
    place = (index, "video_motion_prompt")
    prompt = (await studio.drafts(screen.project_id)).get(place)
    if prompt is None:
        price = await studio.soften_price(screen.project_id, index)
        text = "The text model writes the motion prompt anew, more mildly; you see it before anything is filmed."
        if price:
            ask = confirm(f"Soften the prompt of scene {index + 1}?", f"{text}\nIt costs about {money(price)}.", "ask")
            if await screen.app.push_screen_wait(ask) != "yes":
                return
        prompt = await studio.soften(screen.project_id, index)
        # Paid for: whatever becomes of the dialog, it is there again as a draft.
        await studio.save_draft(screen.project_id, *place, prompt)
    if await screen.ask_for_new_take(index, "clip", prompt):
        await studio.clear_draft(screen.project_id, *place)


async def adopt(screen: SceneCommands, index: int) -> None:
    """Asks which operation the clip in doubt is."""
    scene = screen.scene
    known = scene.clip.operation_name if scene is not None and scene.clip is not None else None
    dialog = AskText(
        f"Adopt an operation for scene {index + 1}",
        "The provider's name of the operation, as its console shows it. It is polled and fetched, not paid again.",
        value=known or "",
        done="adopt",
        check=lambda text: "" if text.strip() else "The name of an operation, such as operations/8f3a.",
    )
    operation = await screen.app.push_screen_wait(dialog)
    if operation is not None:
        await (await screen.studio()).adopt(screen.project_id, index, operation.strip())


async def resubmit(screen: SceneCommands, index: int) -> None:
    """Submits a clip in doubt again, after saying that it may be paid twice."""
    studio = await screen.studio()
    price = (await studio.take_consequence(screen.project_id, NewTake(index, "clip"))).own
    text = f"The first submission may have been taken on; then it is paid twice. This one costs {money(price)}."
    ask = confirm(f"Film scene {index + 1} again?", text, "submit again", loses=True)
    if await screen.app.push_screen_wait(ask) == "yes":
        await studio.resubmit(screen.project_id, index)
        await studio.start(screen.project_id, RunOptions(retry_ended=False))


async def give_up(screen: SceneCommands, index: int) -> None:
    """Gives a clip in doubt up."""
    text = "The film is made without this scene. A new take can still be asked for later."
    ask = confirm(f"Give scene {index + 1} up?", text, "give up", loses=True)
    if await screen.app.push_screen_wait(ask) == "yes":
        await (await screen.studio()).give_up(screen.project_id, index)
