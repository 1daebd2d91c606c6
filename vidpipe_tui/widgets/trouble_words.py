"""Trouble in the studio's own words: what is wrong, and the keys that lead out of it. Pure functions.

Sentences are stored for the command line, whose way out is a command; this is the one place that puts keys there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from vidpipe_tui.domain.statuses import ProjectStatus, SceneStatus
from vidpipe_tui.domain.views import ProjectView, SceneView, Trouble
from vidpipe_tui.keys.registry import BY_ID, keys_shown
from vidpipe_tui.widgets.words import counted, money, one_line

_RESUMED = frozenset({"timed_out", "broken_download", "transient"})
"""Kinds of trouble that a plain resume tries to mend; anything else was paid for, or would only fail again."""

_OF_SCENES = {
    "in_doubt": "Look for it at the provider first.",
    "lost": "It was paid for; a new take is paid for again.",
    "given_up": "",
    "refused": "",
    "timed_out": "Asking again is free.",
    "broken_download": "Asking again is free.",
}
"""What is worth knowing beside the remedies, by kind of a scene's trouble; the remedies stand under it."""

_WAYS: tuple[tuple[str, str], ...] = (
    (r"Watch it with `vidpipe resume ID`, or stop it with `vidpipe stop ID`", "{stop} stops it"),
    (r"Look at it in the studio, or go on with `vidpipe approve ID`", "{review} reviews"),
    (r"Raise it with `vidpipe resume ID --budget USD`", "{budget} raises it, {run} goes on"),
    (r"(?:[Gg]o|going) on( later)? with `vidpipe resume[^`]*`", r"{run} goes on\1"),
    (r"try again with `vidpipe resume[^`]*`", "{run} tries again"),
    (r"Make some with `vidpipe resume[^`]*`", "{run} makes some"),
    (r"`vidpipe resume[^`]*`", "{run}"),
    (
        r"(?:Settle|settle) it(?: first)? with `vidpipe doubt[^`]*`(?: and --adopt[^.]*)?",
        "{adopt} adopts it, {resubmit} films again, {give_up} gives it up",
    ),
    (
        r"Look at the provider, then `vidpipe doubt[^`]*` with --adopt[^.]*",
        "{adopt} adopts it, {resubmit} films again, {give_up} gives it up",
    ),
    (r"(?:Submit it again|Make a new one) with `vidpipe regenerate[^`]*`", "{new_take} makes a new take"),
    (r"Stop it first with `vidpipe stop ID`", "{stop} stops it"),
    (r"Bring it back with `vidpipe delete ID --undo`", "{undo} in the list brings it back"),
    (r"`vidpipe (?:list|status)[^`]*` shows [^.]*\.", ""),
    (r"`vidpipe config` lists every key", "{settings} lists every key"),
    (r"; `vidpipe doctor` lists", "; the doctor (in {palette}) lists"),
    (r"`vidpipe doctor` lists", "The doctor (in {palette}) lists"),
    (r"Frames of [^.:]* could hold them steady in every later take: `vidpipe reference ID`\.", ""),
)
"""Ways out as the command line says them, and as the studio does; braces name commands of the registry."""
_PATTERNS = tuple((re.compile(pattern), words) for pattern, words in _WAYS)


@dataclass(frozen=True, slots=True)
class Remedy:
    """A command that solves trouble, as it stands under the sentence."""

    command: str
    words: str


def key_of(command: str) -> str:
    """The first key of a command, as people read it."""
    return keys_shown(BY_ID[command].keys[:1])


def in_keys(text: str) -> str:
    """A sentence made for the command line on one line, with the studio's keys as the way out."""
    text = one_line(text)
    if "`vidpipe" not in text:
        return text
    for pattern, words in _PATTERNS:
        text = pattern.sub(re.sub(r"\{(\w+)\}", lambda found: key_of(found[1]), words), text)
    return text.strip()


def remedies_of(scene: SceneView) -> tuple[Remedy, ...]:
    """The commands that solve what is wrong with a scene, best first."""
    status, kind = scene.status.value, scene.trouble.kind if scene.trouble is not None else ""
    if status == "rai_filtered":
        words: tuple[tuple[str, str], ...] = (
            ("soften", "soften the prompt"),
            ("new_take", "new take"),
            ("edit", "edit"),
        )
    elif status == "in_doubt":
        words = (("adopt", "adopt the operation"), ("resubmit", "submit again"), ("give_up", "give up"))
    elif status == "failed" and kind in _RESUMED:
        words = (("run", "try again"), ("new_take", "new take"), ("edit", "edit"))
    elif status == "failed" or scene.trouble is not None:
        words = (("new_take", "new take"), ("edit", "edit"))
    else:
        return ()
    return tuple(Remedy(command, text) for command, text in words)


def scene_sentence(scene: SceneView) -> str:
    """What is wrong with a scene; the keys are those of its remedies. '' for nothing."""
    if scene.trouble is None:
        return ""
    hint = _OF_SCENES.get(scene.trouble.kind)
    if hint is None:
        hint = in_keys(scene.trouble.hint)
    return one_line(f"{scene.trouble.message} {hint}")


def project_sentence(project: ProjectView, trouble: Trouble) -> str:
    """What is wrong with the whole film, and the keys that lead on."""
    message, run = one_line(trouble.message), key_of("run")
    if trouble.kind == "budget":
        if project.budget is None or money(project.budget) not in message:
            return f"The budget was reached and has been changed since: {run} goes on."
        return f"{message} {key_of('budget')} raises the budget, {run} goes on."
    if trouble.kind == "in_doubt":
        numbers = [str(scene.number) for scene in project.scenes if scene.status is SceneStatus.IN_DOUBT]
        if not numbers:
            return f"What was in doubt is decided: {run} goes on."
        which = f"In scene {numbers[0]}" if len(numbers) == 1 else "In each of them"
        adopt, again, give_up = (key_of(remedy) for remedy in ("adopt", "resubmit", "give_up"))
        return f"{message} {which} {adopt} adopts its operation, {again} films it again, {give_up} gives it up."
    if trouble.kind == "interrupted":
        return _stopped(project, run)
    if not project.scenes and project.status is ProjectStatus.FAILED:
        return message  # the middle of the screen says the keys
    return in_keys(f"{message} {trouble.hint}")


def _stopped(project: ProjectView, run: str) -> str:
    """Operations are named in the log; here it is enough that they are not lost."""
    from vidpipe_tui.widgets.scene_facts import filming

    count = sum(filming(scene) is not None for scene in project.scenes)
    if not count:
        return f"Stopped. {run} goes on."
    go, them = ("go", "them") if count > 1 else ("goes", "it")
    return f"{counted(count, 'clip')} {go} on at the provider; {run} fetches {them}."


def empty_words(project: ProjectView) -> str:
    """What stands where the scenes will be, as long as there are none."""
    run = key_of("run")
    if project.driven:
        return "The storyboard is being written; scenes appear here."
    if project.storyboard_raw is not None:
        outside = key_of("edit_outside")
        return f"The model's answer was no storyboard. {outside} opens it in your editor, {run} asks again."
    if project.trouble is not None and project.status is ProjectStatus.FAILED:
        return f"There is no storyboard. {run} asks for one again; for another prompt begin a new film in the list."
    return f"There is no storyboard yet. Press {run} to run: it is written first."
