"""Clips on both roads: submitted, polled by name alone, fetched whole; every ending in its state."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from tests.google import emulator_media as media
from tests.google.conftest import MakeProvider
from tests.google.emulator import Emulator
from tests.google.requests_of import clip
from vidpipe_tui.errors import DiskFullError, StorageError, UsageError
from vidpipe_tui.providers.base import OperationState
from vidpipe_tui.providers.errors import ExpiredError, NoAccessError, RetryLaterError

OMNI, VEO = "gemini-omni-1.2-flash", "veo-3.1-generate-001"
WAYS = [("key", OMNI), ("express", OMNI), ("express", VEO), ("project", OMNI), ("project", VEO)]
Frames = tuple[Path, Path]


async def submitted(make: MakeProvider, frames: Frames, road: str, model: str, **changes: Any) -> tuple[Any, str]:
    provider = make(road)
    return provider, (await provider.videos.submit(clip(frames, model=model, **changes))).operation_name


@pytest.mark.parametrize(("road", "model"), WAYS)
async def test_a_clip_from_submission_to_file(
    make: MakeProvider, emulator: Emulator, frames: Frames, tmp_path: Path, road: str, model: str
) -> None:
    provider, name = await submitted(make, frames, road, model)
    assert name == emulator.answers.names()[0]
    answer = await provider.videos.poll(name)
    assert answer.state is OperationState.DONE
    assert len(answer.result) < 500
    target = tmp_path / "clip.mp4"
    target.write_bytes(b"older and longer than nothing")
    await provider.videos.fetch(name, answer.result, target)
    assert target.read_bytes() == media.clip("16:9", 4.0)
    assert emulator.accepted("clip") == 1


@pytest.mark.parametrize(("road", "model"), WAYS)
async def test_another_process_polls_and_fetches_by_name_alone(
    make: MakeProvider, emulator: Emulator, frames: Frames, tmp_path: Path, road: str, model: str
) -> None:
    _provider, name = await submitted(make, frames, road, model)
    other = make(road)
    answer = await other.videos.poll(name)
    third = make(road)
    await third.videos.fetch(name, answer.result, tmp_path / "clip.mp4")
    assert (tmp_path / "clip.mp4").read_bytes() == media.clip("16:9", 4.0)


@pytest.mark.parametrize("road", ["key", "project"])
async def test_omni_gets_both_frames_and_its_options(
    make: MakeProvider, emulator: Emulator, frames: Frames, road: str
) -> None:
    await submitted(make, frames, road, OMNI, seconds=6.0, resolution="1080p", aspect_ratio="9:16")
    call = emulator.calls("clip")[0]
    contents = call.body["input"][0]["content"]
    assert [base64.b64decode(one["data"]) for one in contents[1:]] == [path.read_bytes() for path in frames]
    assert contents[0]["text"] == "Slow pan right, single continuous shot."
    wanted = call.body["response_format"]
    assert (wanted["duration"], wanted["resolution"], wanted["aspect_ratio"]) == ("6s", "1080p", "9:16")
    assert call.body["background"] is True
    assert call.body["store"] is True
    assert ("locations/global" in call.path) == (road == "project")


async def test_veo_gets_both_frames_and_its_options(make: MakeProvider, emulator: Emulator, frames: Frames) -> None:
    provider = make("project", output_gcs_uri="gs://films/takes")
    await provider.videos.submit(clip(frames, model=VEO, seconds=8.0, audio=False, seed=2**32 - 1))
    body = emulator.calls("clip")[0].body
    sent = [base64.b64decode(body["instances"][0][name]["bytesBase64Encoded"]) for name in ("image", "lastFrame")]
    assert sent == [path.read_bytes() for path in frames]
    assert body["parameters"] == {
        "sampleCount": 1,
        "storageUri": "gs://films/takes",
        "durationSeconds": 8,
        "seed": 2**32 - 1,
        "aspectRatio": "16:9",
        "resolution": "720p",
        "generateAudio": False,
    }


@pytest.mark.parametrize("model", [OMNI, VEO])
@pytest.mark.parametrize("road", ["express", "project"])
async def test_clips_in_cloud_storage_are_fetched_from_there(
    make: MakeProvider, emulator: Emulator, frames: Frames, tmp_path: Path, road: str, model: str
) -> None:
    provider = make(road, output_gcs_uri="gs://films/takes")
    name = (await provider.videos.submit(clip(frames, model=model))).operation_name
    answer = await provider.videos.poll(name)
    assert answer.result.startswith("gs://films/takes/")
    await make(road).videos.fetch(name, answer.result, tmp_path / "clip.mp4")
    assert (tmp_path / "clip.mp4").read_bytes() == media.clip("16:9", 4.0)
    assert emulator.calls("fetch")[0].path == "/storage/v1/b/films/o/takes%2Ffile0001.mp4"


@pytest.mark.parametrize("form", ["/download/storage/v1/b/films/o/takes%2Ffile0001.mp4", "/films/takes/file0001.mp4"])
async def test_other_forms_of_cloud_storage_are_tried_where_something_stands_in_for_it(
    make: MakeProvider, emulator: Emulator, frames: Frames, tmp_path: Path, form: str
) -> None:
    emulator.answers.storage_form = form
    provider = make("project", output_gcs_uri="gs://films/takes")
    name = (await provider.videos.submit(clip(frames, model=VEO))).operation_name
    await provider.videos.fetch(name, (await provider.videos.poll(name)).result, tmp_path / "clip.mp4")
    assert (tmp_path / "clip.mp4").read_bytes() == media.clip("16:9", 4.0)


async def test_an_api_key_goes_to_no_bucket_of_googles_own(make: MakeProvider, tmp_path: Path) -> None:
    provider = make("express", base_url=None)
    with pytest.raises(NoAccessError, match="API key cannot open"):
        await provider.videos.fetch("v1_1", "gs://films/a.mp4", tmp_path / "clip.mp4")


async def test_the_file_is_asked_of_the_base_address_not_of_the_host_in_its_address(
    make: MakeProvider, emulator: Emulator, frames: Frames, tmp_path: Path
) -> None:
    provider, name = await submitted(make, frames, "key", OMNI)
    answer = await provider.videos.poll(name)
    assert answer.result.startswith("https://generativelanguage.googleapis.com/")
    await provider.videos.fetch(
        name, "https://elsewhere.invalid/v9/files/file0001:download?alt=media", tmp_path / "a.mp4"
    )
    assert [call.path for call in emulator.calls("fetch")] == ["/v1/files/file0001:download"]
    with pytest.raises(ExpiredError):
        await provider.videos.fetch(name, "https://elsewhere.invalid/clip.mp4", tmp_path / "a.mp4")


async def test_an_operation_runs_until_it_is_ready(make: MakeProvider, emulator: Emulator, frames: Frames) -> None:
    emulator.answers.clip_seconds = 3600
    for model in (OMNI, VEO):
        provider, name = await submitted(make, frames, "project", model)
        answer = await provider.videos.poll(name)
        assert answer.state is OperationState.RUNNING
        assert answer.progress == (0.4 if model == VEO else None)
        emulator.answers.operations[name].ready = 0.0
        assert (await provider.videos.poll(name)).state is OperationState.DONE


@pytest.mark.parametrize("model", [OMNI, VEO])
@pytest.mark.parametrize(
    ("fault", "state", "says"),
    [
        ("filtered", OperationState.FILTERED, "violence"),
        ("empty", OperationState.FILTERED, "without a video"),
        ("error=3u", OperationState.FILTERED, "usage guidelines"),
        ("error=3", OperationState.REFUSED, "did not work"),
        ("error=9", OperationState.REFUSED, "did not work"),
        ("error=4", OperationState.TRANSIENT, "did not work"),
        ("error=8", OperationState.TRANSIENT, "did not work"),
        ("error=13", OperationState.TRANSIENT, "did not work"),
        ("error=14", OperationState.TRANSIENT, "did not work"),
        ("error=5", OperationState.LOST, "did not work"),
    ],
)
async def test_every_ending_has_its_state_and_its_reason(
    make: MakeProvider, emulator: Emulator, frames: Frames, model: str, fault: str, state: OperationState, says: str
) -> None:
    emulator.script(f"clip:1:{fault}")
    provider, name = await submitted(make, frames, "project", model)
    answer = await provider.videos.poll(name)
    assert answer.state is state
    assert says in answer.reason


@pytest.mark.parametrize(
    ("road", "name"),
    [
        ("key", "v1_unknown"),
        ("project", "v1_unknown"),
        ("project", "projects/film/locations/us-central1/publishers/google/models/veo-3.1-generate-001/operations/9"),
    ],
)
async def test_an_operation_google_does_not_know_is_lost(make: MakeProvider, road: str, name: str) -> None:
    provider = make(road)
    answer = await provider.videos.poll(name)
    assert answer.state is OperationState.LOST
    assert answer.reason
    assert await provider.videos.cancel(name) is False


async def test_a_clip_of_another_road_is_not_given_up(make: MakeProvider, emulator: Emulator, frames: Frames) -> None:
    _key, interaction = await submitted(make, frames, "key", OMNI)
    _project, operation = await submitted(make, frames, "project", VEO)
    del emulator.answers.operations[interaction]
    with pytest.raises(NoAccessError, match="Gemini Developer API"):
        await make("project").videos.poll(interaction)
    with pytest.raises(NoAccessError, match="Vertex AI"):
        await make("key").videos.poll(operation)


async def test_omni_is_cancelled_and_veo_cannot_be(make: MakeProvider, emulator: Emulator, frames: Frames) -> None:
    emulator.answers.clip_seconds = 3600
    provider, name = await submitted(make, frames, "key", OMNI)
    assert await provider.videos.cancel(name) is True
    assert (await provider.videos.poll(name)).state is OperationState.LOST
    other, operation = await submitted(make, frames, "project", VEO)
    assert await other.videos.cancel(operation) is False


@pytest.mark.parametrize("fault", ["500", "503", "reset", "html", "garbage", "short", "rate_limit=7", "overloaded"])
@pytest.mark.parametrize(("road", "model"), [("key", OMNI), ("project", VEO)])
async def test_a_poll_that_fails_is_asked_again(
    make: MakeProvider, emulator: Emulator, frames: Frames, road: str, model: str, fault: str
) -> None:
    emulator.script(f"poll:1:{fault}")
    provider, name = await submitted(make, frames, road, model)
    with pytest.raises(RetryLaterError) as caught:
        await provider.videos.poll(name)
    assert caught.value.wait_seconds == (7 if "=7" in fault else None)
    assert len(emulator.calls("poll")) == 1
    assert (await provider.videos.poll(name)).state is OperationState.DONE


@pytest.mark.parametrize("fault", ["500", "reset", "short", "empty", "rate_limit=7"])
@pytest.mark.parametrize("road", ["key", "project"])
async def test_a_broken_download_is_fetched_again(
    make: MakeProvider, emulator: Emulator, frames: Frames, tmp_path: Path, road: str, fault: str
) -> None:
    emulator.script(f"fetch:1:{fault}")
    provider = make(road, output_gcs_uri="gs://films" if road == "project" else None)
    name = (await provider.videos.submit(clip(frames, model=OMNI))).operation_name
    result = (await provider.videos.poll(name)).result
    with pytest.raises(RetryLaterError):
        await provider.videos.fetch(name, result, tmp_path / "clip.mp4")
    await provider.videos.fetch(name, result, tmp_path / "clip.mp4")
    assert (tmp_path / "clip.mp4").read_bytes() == media.clip("16:9", 4.0)
    assert (emulator.accepted("clip"), len(emulator.calls("fetch"))) == (1, 2)


async def test_a_slow_download_may_take_longer_than_a_call(
    make: MakeProvider, emulator: Emulator, frames: Frames, tmp_path: Path
) -> None:
    emulator.script("fetch:1:slow")
    provider = make("key", request_timeout=0.3)
    name = (await provider.videos.submit(clip(frames))).operation_name
    result = (await provider.videos.poll(name)).result
    await provider.videos.fetch(name, result, tmp_path / "clip.mp4")
    assert (tmp_path / "clip.mp4").read_bytes() == media.clip("16:9", 4.0)


async def test_a_download_that_falls_silent_ends(
    make: MakeProvider, emulator: Emulator, frames: Frames, tmp_path: Path
) -> None:
    emulator.script("fetch:1:hang")
    provider = make("key", request_timeout=0.3)
    name = (await provider.videos.submit(clip(frames))).operation_name
    result = (await provider.videos.poll(name)).result
    with pytest.raises(RetryLaterError, match="time limit"):
        await provider.videos.fetch(name, result, tmp_path / "clip.mp4")


async def test_a_file_that_is_gone_has_expired(make: MakeProvider, frames: Frames, tmp_path: Path) -> None:
    provider = make("key")
    with pytest.raises(ExpiredError):
        await provider.videos.fetch("v1_1", "files/gone", tmp_path / "clip.mp4")
    with pytest.raises(ExpiredError):
        await provider.videos.fetch("v1_unknown", "inline", tmp_path / "clip.mp4")


async def test_a_disk_without_room_is_said_and_not_taken_for_a_bad_download(make: MakeProvider, frames: Frames) -> None:
    for road in ("key", "express"):
        provider, name = await submitted(make, frames, road, OMNI)
        result = (await provider.videos.poll(name)).result
        with pytest.raises(StorageError):
            await provider.videos.fetch(name, result, Path("/dev/full/clip.mp4"))
    provider, name = await submitted(make, frames, "key", OMNI)
    with pytest.raises(DiskFullError):
        await provider.videos.fetch(name, (await provider.videos.poll(name)).result, Path("/dev/full"))


async def test_a_refused_last_frame_is_said_remembered_and_checked(
    make: MakeProvider, emulator: Emulator, frames: Frames
) -> None:
    emulator.script("clip:1:last_frame")
    with pytest.raises(NoAccessError, match="end a clip on a given frame"):
        await make("project").videos.submit(clip(frames, model=VEO))
    again = make("project")
    limits = again.catalogue.video(VEO)
    assert limits.last_frame is False
    with pytest.raises(UsageError, match="refuses to end a clip"):
        limits.check(ratio="16:9", seconds=4.0, resolution="720p", audio=True)
    line = next(check for check in await again.doctor() if check.name == "google last frame")
    assert line.ok is False
    assert make("express").catalogue.video(VEO).last_frame is True
    assert emulator.accepted("clip") == 0
