"""Going on, reviewing, making anew, joining again, deleting: what each command does and how it ends."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import FOX, THREE, Command, calls

DATABASE = Path("data/vidpipe/vidpipe.db")


def ask(statement: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(DATABASE)) as connection, connection:
        return connection.execute(statement).fetchall()


def slots(project: dict[str, Any]) -> list[tuple[int, int, int]]:
    """The selected takes of each scene: start, end, clip."""
    return [tuple(scene[slot]["take"] for slot in ("start", "end", "clip")) for scene in project["scenes"]]  # type: ignore[misc]


def test_resuming_a_complete_film_does_nothing(vidpipe: Command, film: str) -> None:
    before, logged = vidpipe("status", film, "--json").json, calls()
    assert len(logged) == 1 + 4 + 3
    ended = vidpipe("resume", film[:6], "--json")
    assert ended.status == 0, ended.err
    after = ended.json
    assert after["status"] == "complete"
    assert after["output_path"] == before["output_path"]
    assert slots(after) == slots(before) == [(1, 1, 1)] * 3
    assert calls() == logged
    assert len(ask("SELECT id FROM pipeline_runs")) == 2
    plain = vidpipe("resume", film)
    assert plain.out == before["output_path"] + "\n"


def test_a_project_is_shown_as_the_product_says(vidpipe: Command, film: str) -> None:
    project = vidpipe("status", film, "--json").json
    assert {
        "id", "title", "prompt", "status", "provider", "style", "aspect_ratio", "target_clip_duration", "created_at",
        "updated_at", "output_path", "error_message", "cost", "missing_scenes", "scenes",
    } <= set(project)  # fmt: skip
    assert set(project["cost"]) == {"estimated", "spent", "budget"}
    assert project["missing_scenes"] == []
    assert project["prompt"] == THREE
    for index, scene in enumerate(project["scenes"]):
        assert (scene["index"], scene["number"]) == (index, index + 1)
        assert {
            "status", "stale", "scene_description", "start_frame_prompt", "end_frame_prompt", "video_motion_prompt",
            "transition_notes", "start", "end", "clip",
        } <= set(scene)  # fmt: skip
        assert {"path", "source", "take", "takes"} <= set(scene["start"])
        assert {
            "path", "status", "operation_name", "duration_seconds", "take", "takes", "poll_count", "error_message",
        } <= set(scene["clip"])  # fmt: skip
        for slot in ("start", "end", "clip"):
            path = Path(scene[slot]["path"])
            assert path.is_absolute()
            assert path.is_file()
    assert Path(project["output_path"]).is_absolute()


@pytest.mark.parametrize(
    ("what", "scene", "stale", "takes"),
    [
        ("clip", 2, [], [(1, 1, 1), (1, 1, 2), (1, 1, 1)]),
        ("end", 1, [1, 2], [(1, 2, 1), (2, 1, 1), (1, 1, 1)]),
        ("start", 3, [3], [(1, 1, 1), (1, 1, 1), (2, 1, 1)]),
    ],
)
def test_a_new_take_is_made_selected_and_joined(
    vidpipe: Command, film: str, what: str, scene: int, stale: list[int], takes: list[tuple[int, int, int]]
) -> None:
    logged = len(calls())
    ended = vidpipe("regenerate", film, "--scene", scene, "--what", what, "--prompt", "A wolf howls.", "--json")
    assert ended.status == 0, ended.err
    project = ended.json
    assert slots(project) == takes
    made = project["scenes"][scene - 1][what]
    assert made["takes"] == made["take"] == 2
    assert "A wolf howls." in made["prompt_used"]
    assert [one["number"] for one in project["scenes"] if one["stale"]] == stale
    assert [call["scene"] for call in calls()[logged:]] == [scene - 1]
    assert project["output_path"].endswith("final_2.mp4" if what == "clip" else "final.mp4")
    assert (Path(project["output_path"]).parent / "final.mp4").is_file()
    assert project["scenes"][scene - 1]["cut"] is (what == "start")
    assert all(
        Path(path).is_file()
        for (path,) in ask(f"SELECT '{Path.cwd()}/data/vidpipe/projects/' || file_path FROM keyframes")
    )


def test_with_cascade_what_hangs_on_a_new_take_is_made_too(vidpipe: Command, film: str) -> None:
    ended = vidpipe("regenerate", film, "--scene", 2, "--what", "end", "--cascade", "--json")
    assert ended.status == 0, ended.err
    assert not any(scene["stale"] for scene in ended.json["scenes"])
    assert slots(ended.json) == [(1, 1, 1), (1, 2, 2), (2, 2, 2)]
    assert "Made again too" in ended.err


def test_resume_redoes_what_is_stale_only_with_cascade(vidpipe: Command, film: str) -> None:
    assert vidpipe("regenerate", film, "--scene", 3, "--what", "start", "--json").status == 0
    kept = vidpipe("resume", film, "--json")
    assert kept.status == 0
    assert kept.json["scenes"][2]["stale"]
    redone = vidpipe("resume", film, "--cascade", "--json")
    assert redone.status == 0, redone.err
    assert slots(redone.json)[2] == (2, 2, 2)
    assert not any(scene["stale"] for scene in redone.json["scenes"])


@pytest.mark.parametrize(
    "arguments",
    [
        ["--scene", "0"],
        ["--scene", "4"],
        ["--scene", "-1"],
        ["--scene", "1", "--prompt", " "],
        ["--scene", "1", "--prompt", "x" * 9000],
        ["--scene", "1", "--seed", "-1"],
        ["--scene", "1", "--budget", "nan"],
    ],
    ids=["none", "beyond", "negative", "blank", "long", "seed", "budget"],
)
def test_a_wrong_wish_for_a_take_changes_nothing(vidpipe: Command, film: str, arguments: list[str]) -> None:
    before = vidpipe("status", film, "--json").json
    ended = vidpipe("regenerate", film, "--what", "clip", *arguments, "--json")
    assert ended.status == 2, ended
    assert ended.error
    assert vidpipe("status", film, "--json").json == before
    assert ask("SELECT * FROM take_requests") == []


def test_stitch_joins_again_with_another_crossfade(vidpipe: Command, film: str) -> None:
    logged = calls()
    ended = vidpipe("stitch", film, "--crossfade", 0.25, "--json")
    assert ended.status == 0, ended.err
    manifest = json.loads((Path(ended.json["output_path"]).parent / "manifest.json").read_text())
    assert manifest["crossfade_seconds"] == 0.25
    assert manifest["film"]["copied"] is False
    assert manifest["duration_seconds"] == pytest.approx(3 - 2 * 0.25, abs=0.1)
    assert calls() == logged
    too_long = vidpipe("stitch", film, "--crossfade", 0.5, "--json")
    assert too_long.status == 2
    assert "half the shortest clip" in too_long.json["error"]["hint"]
    assert vidpipe("status", film, "--json").json["crossfade_seconds"] == 0.25


def test_stitch_without_a_clip_is_refused_and_changes_nothing(vidpipe: Command) -> None:
    made = vidpipe("generate", FOX, "--review", "storyboard", "--scenes", 1, "--json").json
    ended = vidpipe("stitch", made["id"], "--json")
    assert ended.status == 2, ended
    assert "no clip" in ended.error
    assert vidpipe("status", made["id"], "--json").json["status"] == "storyboard_review"


def test_review_stops_at_both_stages_and_approval_goes_on(vidpipe: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDPIPE_LOCAL__CALL_LOG", str(Path.cwd() / "data" / "calls.jsonl"))
    waits = vidpipe("generate", FOX, "--review", "both", "--scenes", 2, "--json")
    assert waits.status == 3
    assert waits.json["status"] == "storyboard_review"
    assert [call["kind"] for call in calls()] == ["storyboard"]
    project_id = waits.json["id"]
    assert vidpipe("resume", project_id, "--json").status == 3
    frames = vidpipe("approve", project_id, "--json")
    assert frames.status == 3
    assert frames.json["status"] == "keyframe_review"
    assert {call["kind"] for call in calls()} == {"storyboard", "image"}
    one = vidpipe("approve", project_id, "--scene", 1, "--no-run", "--json")
    assert one.status == 0
    assert one.json["status"] == "keyframe_review"
    assert [scene["end"]["approved"] for scene in one.json["scenes"]] == [True, None]
    done = vidpipe("approve", project_id, "--json")
    assert done.status == 0, done.err
    assert done.json["status"] == "complete"
    assert [call["kind"] for call in calls()].count("clip") == 2


@pytest.mark.parametrize("mode", ["storyboard", "keyframes"])
def test_each_review_mode_stops_once(vidpipe: Command, mode: str) -> None:
    waits = vidpipe("generate", FOX, "--review", mode, "--scenes", 1, "--json")
    assert waits.status == 3
    assert waits.json["status"] == ("storyboard_review" if mode == "storyboard" else "keyframe_review")
    done = vidpipe("approve", waits.json["id"], "--json")
    assert done.status == 0, done.err
    assert done.json["status"] == "complete"


def test_delete_hides_and_undo_brings_back(vidpipe: Command, film: str) -> None:
    gone = vidpipe("delete", film, "--json")
    assert gone.status == 0
    assert gone.json["ok"] is True
    assert vidpipe("list", "--json").json["projects"] == []
    assert [project["id"] for project in vidpipe("list", "--deleted", "--json").json["projects"]] == [film]
    for command in (
        ["resume", film],
        ["approve", film],
        ["stitch", film],
        ["stitch", film, "--crossfade", "0.1"],
        ["regenerate", film, "--scene", "1", "--what", "clip"],
        ["doubt", film, "--scene", "1", "--resubmit"],
    ):
        ended = vidpipe(*command, "--json")
        assert ended.status == 2
        assert "deleted" in ended.error
    assert ask("SELECT * FROM take_requests") == []
    assert ask("SELECT crossfade_seconds FROM projects") == [(0.0,)]
    back = vidpipe("delete", film, "--undo", "--json")
    assert back.json["ok"] is True
    assert vidpipe("delete", film, "--undo", "--json").status == 2
    assert vidpipe("list", "--json").json["projects"][0]["id"] == film
    assert vidpipe("resume", film, "--json").status == 0


def test_delete_now_takes_files_and_keeps_the_ledger(vidpipe: Command, film: str) -> None:
    asked = vidpipe("delete", film, "--now", "--json")
    assert asked.status == 2
    assert "--yes" in asked.json["error"]["hint"]
    count = ask("SELECT count(*) FROM api_calls")
    assert vidpipe("delete", film, "--now", "--yes", "--json").json["ok"] is True
    assert vidpipe("status", film, "--json").status == 2
    assert not (Path("data/vidpipe/projects") / film).exists()
    assert ask("SELECT count(*) FROM api_calls") == count
    assert ask("SELECT count(*) FROM scenes") == [(0,)]
    assert vidpipe("ledger", "--json").json["totals"]["calls"] == count[0][0]


def test_the_list_is_newest_first_and_limited(vidpipe: Command) -> None:
    assert vidpipe("list", "--json").json["projects"] == []
    for number in range(105):
        made = f"2026-01-01 00:{number // 60:02}:{number % 60:02}"
        ask(
            "INSERT INTO projects (id, prompt, style, aspect_ratio, target_clip_duration, status, created_at)"
            f" VALUES ('{number:032x}', 'Film {number}', 'noir', '16:9', 4, 'pending', '{made}')"
        )
    listed = vidpipe("list", "--json").json["projects"]
    assert [project["prompt"] for project in listed] == [f"Film {number}" for number in range(104, 4, -1)]
    assert "scenes" not in listed[0]
    assert len(vidpipe("list", "--limit", 3, "--json").json["projects"]) == 3
    assert len(vidpipe("list", "--all", "--json").json["projects"]) == 105
    assert len(vidpipe("list", "--limit", 2).out.splitlines()) == 3
    found = vidpipe("list", "--text", "film 77", "--json").json["projects"]
    assert [project["prompt"] for project in found] == ["Film 77"]


def test_following_prints_json_lines(vidpipe: Command, film: str) -> None:
    ended = vidpipe("status", film, "--follow", "--json")
    assert ended.status == 0
    lines = [json.loads(line) for line in ended.out.splitlines()]
    assert lines[-1]["project"]["id"] == film
    ids = [line["id"] for line in lines[:-1]]
    assert ids == sorted(ids)
    assert len(ids) > 10
    assert {"scene", "step", "level", "message", "time"} <= set(lines[0])
    unknown = vidpipe("status", "ffff", "--follow", "--json")
    assert unknown.status == 2
    assert len(unknown.out.splitlines()) == 1
    assert unknown.error


def test_stop_and_work_with_nothing_to_do_say_so(vidpipe: Command, film: str) -> None:
    stopped = vidpipe("stop", film, "--json")
    assert stopped.status == 0
    assert stopped.json["ok"] is True
    worked = vidpipe("work", "--json")
    assert worked.status == 0
    assert worked.json == {"ok": True, "projects": []}
    named = vidpipe("work", film, "--json")
    assert named.status == 0
    assert named.json["projects"][0]["id"] == film


def test_work_drives_what_was_left(vidpipe: Command) -> None:
    for number in (1, 2):
        ask(
            "INSERT INTO projects (id, prompt, style, aspect_ratio, target_clip_duration, status, scene_count)"
            f" VALUES ('{number:032x}', 'A fox.', 'noir', '1:1', 1, 'pending', 1)"
        )
    ended = vidpipe("work", "--json")
    assert ended.status == 0, ended.err
    assert [project["status"] for project in ended.json["projects"]] == ["complete", "complete"]


def test_an_estimate_has_stages_and_stores_nothing(vidpipe: Command, home: Path) -> None:
    free = vidpipe("estimate", THREE, "--json").json
    assert free["total"] == 0
    prices = home / "config" / "vidpipe" / "prices.toml"
    prices.parent.mkdir(parents=True)
    prices.write_text('[models."local-image"]\nimage = 0.5\n[models."local-video"]\nsecond = 0.25\n')
    priced = vidpipe("estimate", THREE, "--json").json
    assert priced["total"] == pytest.approx(4 * 0.5 + 3 * 0.25)
    assert priced["total"] == pytest.approx(sum(stage["total"] for stage in priced["stages"]))
    assert ask("SELECT count(*) FROM projects") == [(0,)]


def test_what_costs_asks_for_agreement_and_keeps_to_its_budget(vidpipe: Command, film: str, home: Path) -> None:
    prices = home / "config" / "vidpipe" / "prices.toml"
    prices.parent.mkdir(parents=True)
    prices.write_text('[models."local-video"]\nsecond = 1.0\n')
    for command in (["generate", FOX, "--scenes", "2"], ["regenerate", film, "--scene", "1", "--what", "clip"]):
        ended = vidpipe(*command, "--json")
        assert ended.status == 2
        assert "--yes" in ended.json["error"]["hint"]
    assert ask("SELECT count(*) FROM projects") == [(1,)]
    assert ask("SELECT * FROM take_requests") == []
    stopped = vidpipe("generate", FOX, "--scenes", 2, "--budget", 1.5, "--json")
    assert stopped.status == 1
    assert stopped.json["status"] == "stopped"
    assert stopped.json["cost"]["spent"] == 1.0
    assert "budget" in stopped.json["error_message"].lower()
    raised = vidpipe("resume", stopped.json["id"], "--budget", 3, "--json")
    assert raised.status == 0, raised.err
    assert raised.json["cost"] == {"estimated": 2.0, "spent": 2.0, "budget": 3.0}
    ledger = vidpipe("ledger", stopped.json["id"], "--json").json
    assert ledger["totals"]["spent"] == 2.0
    assert {
        "id", "time", "project_id", "scene", "kind", "provider", "model", "state", "operation", "units",
        "cost_estimate", "cost", "request_hash", "error",
    } <= set(ledger["calls"][0])  # fmt: skip
    assert vidpipe("resume", film, "--budget", "nan", "--json").status == 2


def test_a_filtered_scene_is_left_out_with_status_4(vidpipe: Command) -> None:
    ended = vidpipe("generate", FOX, "--scenes", 2, "--json", VIDPIPE_LOCAL__FAULTS="clip@2:*:filtered")
    assert ended.status == 4, ended.err
    assert ended.json["status"] == "complete"
    assert ended.json["missing_scenes"] == [1]
    manifest = json.loads((Path(ended.json["output_path"]).parent / "manifest.json").read_text())
    assert [entry["index"] for entry in manifest["missing"]] == [1]
    assert vidpipe("resume", ended.json["id"], "--json").json["missing_scenes"] == []


def test_a_failure_while_running_is_the_project_and_status_1(vidpipe: Command) -> None:
    ended = vidpipe("generate", FOX, "--scenes", 1, "--json", VIDPIPE_LOCAL__FAULTS="storyboard:*:not_json")
    assert ended.status == 1
    assert ended.json["status"] == "failed"
    assert ended.json["error_message"] in ended.err
    assert vidpipe("resume", ended.json["id"], "--json").status == 0
