"""Rows that somebody else wrote, with only the columns the data model fixes, are shown and can be gone on with."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.cli.conftest import Command

ROWS = """
INSERT INTO projects (id, prompt, style, aspect_ratio, target_clip_duration, status)
  VALUES ('aaaa0000000000000000000000000001', 'A fox [red]runs[/].', 'cinematic', '1:1', 1, 'pending');
INSERT INTO projects (id, prompt, style, aspect_ratio, target_clip_duration, status, error_message)
  VALUES ('bbbb0000000000000000000000000002', 'A bear.', 'handmade', '16:9', 4, 'failed', 'It broke.');
INSERT INTO scenes (id, project_id, scene_index, scene_description, start_frame_prompt, end_frame_prompt,
                    video_motion_prompt, status)
  VALUES ('00000000000000000000000000000003', 'bbbb0000000000000000000000000002', 0, 'a', 'b', 'c', 'd', 'failed');
INSERT INTO keyframes (id, scene_id, position, prompt_used, file_path, mime_type, source)
  VALUES ('00000000000000000000000000000004', '00000000000000000000000000000003', 'start', 'b', 'x/y.png', 'image/png',
          'generated');
INSERT INTO video_clips (id, scene_id, status)
  VALUES ('00000000000000000000000000000005', '00000000000000000000000000000003', 'failed');
INSERT INTO pipeline_runs (id, project_id)
  VALUES ('00000000000000000000000000000006', 'bbbb0000000000000000000000000002');
INSERT INTO files (original_filename, original_path, storage_path) VALUES ('a.png', 'a.png', '');
INSERT INTO files (original_filename, original_path, storage_path) VALUES ('b.png', 'b.png', '');
INSERT INTO jobs (job_type) VALUES ('import');
INSERT INTO job_files (job_id, file_id) VALUES (1, 1);
INSERT INTO duplicates (file_id, duplicate_of_id, match_type, similarity_score) VALUES (2, 1, 'exact', 1.0);
INSERT INTO user_decisions (file_id, decision_type, decision_value) VALUES (1, 'approve', '');
"""


def fill(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.executescript(ROWS)


def test_fixed_rows_are_listed_shown_and_counted(vidpipe: Command, ready: Path) -> None:
    fill(ready)
    projects = {project["id"][:4]: project for project in vidpipe("list", "--json").json["projects"]}
    assert set(projects) == {"aaaa", "bbbb"}
    assert projects["aaaa"]["title"]
    bear = vidpipe("status", "bbbb", "--json").json
    assert bear["status"] == "failed"
    assert bear["error_message"] == "It broke."
    assert bear["scenes"][0]["index"] == 0
    assert bear["scenes"][0]["number"] == 1
    assert bear["scenes"][0]["clip"]["status"] == "failed"
    for command in (["list"], ["status", "bbbb"], ["status", "aaaa"], ["ledger"], ["stop", "aaaa"]):
        ended = vidpipe(*command)
        assert ended.status == 0, ended.err
    assert "[red]runs[/]" in vidpipe("status", "aaaa").out


def test_a_fixed_row_can_be_driven_to_its_film(vidpipe: Command, ready: Path) -> None:
    fill(ready)
    ended = vidpipe("resume", "aaaa", "--json", VIDPIPE_PIPELINE__MAX_SCENES="1")
    assert ended.status == 0, ended.err
    assert ended.json["status"] == "complete"
    assert Path(ended.json["output_path"]).is_file()
