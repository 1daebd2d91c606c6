"""The film step: every selected clip checked and joined, the film and its manifest put in place."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Mapping, Sequence
from datetime import UTC
from fractions import Fraction
from pathlib import Path
from typing import Any

from vidpipe_tui.db.statuses import move_clip
from vidpipe_tui.db.takes import add_file, begin_film, drop_film, finish_film, select_clip
from vidpipe_tui.domain.graph import Graph, Scene
from vidpipe_tui.domain.inputs import film_inputs
from vidpipe_tui.domain.statuses import ClipStatus
from vidpipe_tui.domain.text import shorten
from vidpipe_tui.durable import storage_errors, sync_file, sync_folder, write_atomically
from vidpipe_tui.pipeline.artefacts import FileChangedError, describe, require_unchanged, withdrawn_if_fenced
from vidpipe_tui.pipeline.context import RunContext
from vidpipe_tui.pipeline.crash_points import reach

JOB = "vidpipe_tui.media.jobs:join_film"
PRIORITY = 20
"""Behind keyframes and clips: they hold others up, a join does not."""


async def join_film(context: RunContext, graph: Graph) -> None:
    """Joins the selected clips into a new take of the film. Raises MediaError, StorageError or DiskFullError."""
    scenes = [scene for scene in graph.scenes if scene.clip is not None]
    paths = await _checked(context, scenes)
    if paths is None:
        return
    context.require_room(sum(path.stat().st_size for path in paths) * 2)
    out = _free_name(context, graph)
    async with context.transaction("film.intent") as transaction:
        film = await begin_film(
            transaction.session,
            graph.id,
            file_path=context.files.relative(out),
            input_hash=film_inputs(graph),
            crossfade_seconds=graph.crossfade_seconds,
        )
        transaction.say("film", f"Joining {len(scenes)} clip{'' if len(scenes) == 1 else 's'}.")
    part = context.files.temporary(graph.id, "output", ".mp4")
    try:
        result = await context.pool.run(
            JOB, _terms(graph, scenes, paths, part), priority=PRIORITY, on_progress=_teller(context)
        )
        with context.must_finish(), storage_errors(out):
            await context.confirm_lease()
            reach("before:film.file")
            out = await asyncio.to_thread(_put_in_place, context, graph, part)
            reach("after:film.file")
            await _record(context, graph, scenes, paths, film, out, result)
    except BaseException:
        part.unlink(missing_ok=True)
        await _drop(context, film.id)
        raise


async def _drop(context: RunContext, film_id: int) -> None:
    """Forgets a join that came to nothing; one that was recorded before it was cut off stays."""
    async with context.transaction("film.dropped") as transaction:
        await drop_film(transaction.session, film_id)


async def _checked(context: RunContext, scenes: Sequence[Scene]) -> list[Path] | None:
    """The clips' files, or None when one is not what it was: then its take is set aside, to be fetched again."""
    paths = []
    for scene in scenes:
        clip = scene.clip
        assert clip is not None
        try:
            what = f"The clip of scene {scene.number}"
            paths.append(await require_unchanged(context, clip.path or "", clip.sha256, what))
        except FileChangedError as error:
            async with context.transaction("film.file") as transaction:
                await move_clip(
                    transaction.session,
                    clip.id,
                    ClipStatus.FAILED,
                    error_kind="broken_download",
                    error_message=error.sentence(),
                )
                await select_clip(transaction.session, scene.id, None)
                transaction.say("film", error.sentence(), scene_index=scene.index, level="error")
            return None
    return paths


def _free_name(context: RunContext, graph: Graph) -> Path:
    taken = {film.path for film in graph.films}
    number = 1
    while True:
        path = context.files.get_output_path(graph.id, "final.mp4" if number == 1 else f"final_{number}.mp4")
        if not path.exists() and context.files.relative(path) not in taken:
            return path
        number += 1


def _terms(graph: Graph, scenes: Sequence[Scene], paths: Sequence[Path], part: Path) -> dict[str, Any]:
    clips = [
        {"path": str(path), "title": chapter_title(scene), "scene_index": scene.index}
        for scene, path in zip(scenes, paths, strict=True)
    ]
    return {
        "clips": clips,
        "out": str(part),
        "crossfade_seconds": graph.crossfade_seconds,
        "title": graph.title,
        "comment": shorten(graph.prompt, 2000),
    }


def chapter_title(scene: Scene) -> str:
    """The chapter of a scene: its number and the beginning of what happens."""
    return f"{scene.number}. {shorten(' '.join(scene.scene_description.split()), 80)}"


def _teller(context: RunContext) -> Any:
    def tell(progress: float) -> None:
        context.hint("film", f"joining, {progress:.0%}", progress=progress)

    return tell


def _put_in_place(context: RunContext, graph: Graph, part: Path) -> Path:
    """Gives the film the first free name, never over another file; returns it."""
    sync_file(part)
    while True:
        out = _free_name(context, graph)
        try:
            os.link(part, out)
        except FileExistsError:
            continue
        except OSError:  # a file system without links
            if out.exists():
                raise
            part.rename(out)
        part.unlink(missing_ok=True)
        sync_folder(out.parent)
        return out


async def _record(
    context: RunContext,
    graph: Graph,
    scenes: Sequence[Scene],
    paths: Sequence[Path],
    film: Any,
    out: Path,
    result: Mapping[str, Any],
) -> None:
    new = await describe(
        context,
        out,
        mime_type="video/mp4",
        kind="video",
        size=(int(result["width"]), int(result["height"])),
        seconds=float(result["duration_seconds"]),
    )
    manifest = _manifest(context, graph, scenes, paths, out, new.sha256, result)
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    async with withdrawn_if_fenced(out), context.transaction("film.take") as transaction:
        # Inside the transaction, where the lease is ours for certain: a manifest speaks of the film that is selected.
        await asyncio.to_thread(write_atomically, out.with_name("manifest.json"), text.encode())
        reach("after:film.manifest")
        file_id = await add_file(transaction.session, graph.id, new)
        await finish_film(
            transaction.session,
            film,
            file_path=new.path,
            file_id=file_id,
            duration_seconds=float(result["duration_seconds"]),
            join_seconds=float(result["seconds"]),
        )
        how = "copied" if result["copied"] else "encoded"
        transaction.say("film", f"The film is done: {out.name}, {result['duration_seconds']:.1f} s, {how}.")


def _manifest(
    context: RunContext,
    graph: Graph,
    scenes: Sequence[Scene],
    paths: Sequence[Path],
    out: Path,
    sha256: str,
    result: Mapping[str, Any],
) -> dict[str, Any]:
    folder = context.files.get_project_dir(graph.id)

    def below(path: Path) -> str:
        return path.relative_to(folder).as_posix()

    entries = []
    for scene, path, span in zip(scenes, paths, result["spans"], strict=True):
        clip = scene.clip
        assert clip is not None
        start, end = scene.start, scene.end
        entries.append(
            {
                "index": scene.index,
                "start_seconds": round(float(span[0]), 6),
                "end_seconds": round(float(span[1]), 6),
                "clip": {
                    "file": below(path),
                    "sha256": clip.sha256,
                    "duration_seconds": clip.duration_seconds,
                    "take": clip.take,
                },
                "start_frame": below(context.files.absolute(start.path)) if start else None,
                "end_frame": below(context.files.absolute(end.path)) if end else None,
            }
        )
    return {
        "project_id": str(graph.id),
        "title": graph.title,
        "created_at": graph.created_at.replace(tzinfo=UTC).isoformat(),
        "duration_seconds": result["duration_seconds"],
        "crossfade_seconds": graph.crossfade_seconds,
        "scenes": entries,
        "missing": [
            {"index": scene.index, "reason": missing_reason(scene)} for scene in graph.scenes if scene.clip is None
        ],
        "film": {
            "file": below(out),
            "sha256": sha256,
            "width": result["width"],
            "height": result["height"],
            "fps": _plain_rate(result["fps"]),
            "video_codec": result["video_codec"],
            "audio_codec": result["audio_codec"],
            "copied": result["copied"],
            "seconds": result["seconds"],
        },
    }


def _plain_rate(fps: str) -> float | int:
    rate = Fraction(fps)
    return rate.numerator if rate.denominator == 1 else round(float(rate), 4)


def missing_reason(scene: Scene) -> str:
    """Why a scene has no clip, as a sentence."""
    if scene.trouble is not None:
        return scene.trouble.message
    newest = scene.newest_clip
    if newest is not None and newest.error_message:
        return newest.error_message
    return "An earlier scene of its chain was refused, so its keyframes could not be drawn."
