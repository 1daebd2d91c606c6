"""Storyboards follow their prompt, whatever it is."""

from __future__ import annotations

import pytest

from vidpipe_tui.providers.local.paint.words import concepts
from vidpipe_tui.providers.local.storyboard import compose
from vidpipe_tui.providers.local.storyboard.motifs import STORIES
from vidpipe_tui.providers.local.storyboard.phrases import STYLES

FIELDS = ("scene_description", "start_frame_prompt", "end_frame_prompt", "video_motion_prompt", "transition_notes")


def board(prompt: str, count: int | None = None, **more: object) -> list[dict[str, str]]:
    return compose(prompt, style="cinematic", scene_count=count, clip_seconds=4, seed=7, **more)["scenes"]  # type: ignore[arg-type]


def test_sentences_become_scenes_in_order() -> None:
    scenes = board("Mara opens the shop. A cat walks in at noon! They drink tea together?")
    assert len(scenes) == 3
    for scene, words in zip(scenes, ("Mara opens the shop.", "A cat walks in at noon!", "They drink tea"), strict=True):
        assert words in scene["scene_description"]


def test_a_subject_named_once_stays_in_later_scenes_but_not_in_earlier_ones() -> None:
    scenes = board("The sun rises. A red fox crosses the forest. It stops and listens.")
    assert "fox" not in scenes[0]["scene_description"].lower()
    assert "red fox" in scenes[2]["scene_description"]
    assert "forest" in scenes[2]["scene_description"]


def test_one_line_gets_a_beginning_a_middle_and_an_end() -> None:
    scenes = board("A lighthouse keeper lights the lamp")
    assert len(scenes) == 3
    assert len({scene["scene_description"] for scene in scenes}) == 3
    assert all("lighthouse keeper" in scene["scene_description"] for scene in scenes)


@pytest.mark.parametrize("count", [1, 2, 3, 8, 15, 60])
@pytest.mark.parametrize(
    "prompt", ["A fox.", "One walks. Two run. Three sleep. Four sing.", "雪の夜。少年が待つ。", "🚀🌌"]
)
def test_as_many_scenes_as_asked_for_and_no_two_alike(prompt: str, count: int) -> None:
    scenes = board(prompt, count)
    assert len(scenes) == count
    assert len({scene["scene_description"] for scene in scenes}) == count


def test_fewer_scenes_than_sentences_keep_every_sentence() -> None:
    scenes = board("Alpha walks. Beta runs. Gamma sleeps. Delta sings. Epsilon eats.", 2)
    told = " ".join(scene["scene_description"] for scene in scenes)
    assert [told.index(name) for name in ("Alpha", "Beta", "Gamma", "Delta", "Epsilon")] == sorted(
        told.index(name) for name in ("Alpha", "Beta", "Gamma", "Delta", "Epsilon")
    )


@pytest.mark.parametrize(
    "prompt",
    [
        "1. A train leaves.\n2. It crosses a bridge.\n3. It arrives.",
        "- A train leaves\n- It crosses a bridge\n- It arrives",
        "Scene 1: A train leaves.\nScene 2: It crosses a bridge.\nScene 3: It arrives.",
        "Szene 1: Ein train leaves.\nSzene 2: crosses a bridge.\nSzene 3: arrives.",
        "A short film: 1) A train leaves. 2) It crosses a bridge. 3) It arrives.",
    ],
)
def test_numbered_and_listed_beats(prompt: str) -> None:
    scenes = board(prompt)
    assert len(scenes) == 3
    assert "leaves" in scenes[0]["scene_description"]
    assert "bridge" in scenes[1]["scene_description"]
    assert "arrives" in scenes[2]["scene_description"].lower()


def test_a_pasted_script_is_cut_at_its_sluglines() -> None:
    script = (
        "EXT. HARBOUR - NIGHT\nA ship arrives.\n\nCAPTAIN\nWe made it.\n\nCUT TO:\n\nINT. TAVERN - LATER\nSailors sing."
    )
    scenes = board(script)
    assert len(scenes) == 2
    assert "harbour" in scenes[0]["scene_description"].lower()
    assert "Captain: “We made it.”" in scenes[0]["scene_description"]
    assert "tavern" in scenes[1]["scene_description"].lower()
    assert "CUT TO" not in str(scenes)


def test_short_forms_and_numbers_do_not_end_a_sentence() -> None:
    assert len(board("Dr. Weiss waits at 3.30 p.m. sharp.", None)) == 3
    assert len(board("Dr. Weiss waits. Mr. Bond arrives.")) == 2


@pytest.mark.parametrize(
    "prompt",
    [
        "[red]hello[/red] world",
        "???",
        "x",
        "a" * 100_000,
        "word " * 20_000,
        "1.",
        "\n\n\n.",
        "🦊" * 50,
        "“”",
        "Ein Satz – und dann? Nichts!",
    ],
)
def test_odd_prompts_give_whole_storyboards(prompt: str) -> None:
    scenes = board(prompt)
    assert 1 <= len(scenes) <= 15
    for scene in scenes:
        assert all(isinstance(scene[name], str) and scene[name].strip() for name in FIELDS)
        assert max(len(scene[name]) for name in FIELDS) < 2500


def test_the_language_of_the_prompt_is_kept() -> None:
    assert "Keine Schrift" in board("Ein Fuchs läuft durch den Wald.")[0]["start_frame_prompt"]
    assert "文字なし" in board("狐が森を走る。")[0]["start_frame_prompt"]
    assert "No text in the picture" in board("A fox runs through the forest.")[0]["start_frame_prompt"]


def test_every_scene_has_a_camera_and_the_one_asked_for() -> None:
    assert all(concepts("camera", scene["video_motion_prompt"]) for scene in board("A fox. A dog. A cat. A bear.", 8))
    assert "tripod" in board("A static camera watches a lake.", 1)[0]["video_motion_prompt"]


def test_reference_tags_are_listed_where_they_are_named() -> None:
    scenes = board("Mara opens the shop. A dog barks.", tags=["Mara", "Otto"])
    assert scenes[0]["references"][0] == "Mara"
    assert "Mara" not in scenes[1]["references"]
    assert not any("Otto" in scene["references"] for scene in scenes)


def test_subjects_and_places_are_cast_and_named_by_their_scenes() -> None:
    prompt = "A fox runs through the forest. It stops. A bear sleeps."
    answer = compose(prompt, style="cinematic", scene_count=3, clip_seconds=4, seed=7, tags=["Bear"])
    assert answer["cast"] == [{"name": "fox", "kind": "character"}, {"name": "forest", "kind": "place"}]
    assert [scene["references"] for scene in answer["scenes"]][:2] == [["fox", "forest"]] * 2
    assert answer["scenes"][2]["references"] == ["Bear", "forest"]


@pytest.mark.parametrize("style", [*STYLES, "claymation", ""])
@pytest.mark.parametrize("prompt", ["Something.", "Etwas.", "何か。"])
def test_our_own_words_bring_nothing_into_the_picture(style: str, prompt: str) -> None:
    answer = compose(prompt, style=style, scene_count=9, clip_seconds=4, seed=3)
    for scene in answer["scenes"]:
        for name in FIELDS[:3]:
            for table in ("places", "times", "weather", "subjects", "props"):
                assert concepts(table, scene[name]) == [], (name, table, scene[name])


def test_equal_input_gives_equal_storyboards_and_seeds_vary_them() -> None:
    assert board("A fox runs.") == board("A fox runs.")
    other = compose("A fox runs.", style="cinematic", scene_count=None, clip_seconds=4, seed=8)["scenes"]
    assert other != board("A fox runs.")


def test_pronouns_mean_those_who_were_named() -> None:
    scenes = board("An old man waits. A little girl stops. She comes in and he hands her the violin. They dance.")
    told = [scene["scene_description"] for scene in scenes]
    assert "girl" in told[2]
    assert "old man" in told[2]
    assert "girl" in told[3]
    assert "old man" in told[3]
    astronaut = board("An astronaut drifts. She sees a light. She lands her ship.")
    assert all("astronaut" in scene["scene_description"] for scene in astronaut)


def test_words_of_the_story_do_not_move_the_camera() -> None:
    for prompt in ("He gets up and is still there.", "Two paths go left and right, down to the sea."):
        assert board(prompt, 1)[0]["video_motion_prompt"].startswith("Slow push in")
    assert board("A fox waits. The camera tilts up.", 1)[0]["video_motion_prompt"].startswith("Gentle tilt up")


def test_the_steps_of_one_sentence_become_scenes_and_none_is_lost() -> None:
    city = board(
        "24 hours in New York: dawn over the roofs, rush hour in the streets, lunch in the park, neon at night"
    )
    assert [scene["scene_description"].split(".")[0][:9] for scene in city[1:]] == [
        "Rush hour",
        "Lunch in ",
        "Neon at n",
    ]
    told = " ".join(
        scene["scene_description"].lower() for scene in board("A baker kneads, waits, opens the shop and sings")
    )
    assert all(word in told for word in ("kneads", "waits", "shop", "sings"))
    assert "macro" in board("Bees in a field of lavender, macro, slow motion")[2]["scene_description"]


def test_german_carries_subjects_on_in_the_nominative() -> None:
    scenes = board(
        "Eine Frau sieht einen kleinen Roboter. Es regnet. Der Roboter geht in den dunklen Wald. Es schneit."
    )
    assert "Weiter im Bild: eine Frau." in scenes[1]["scene_description"]
    assert "Derselbe Ort: Wald." in scenes[3]["scene_description"]


@pytest.mark.parametrize("tongue", ["en", "de", "ja"])
def test_every_idea_has_a_story_that_can_be_painted(tongue: str) -> None:
    for idea, beats in STORIES[tongue].items():
        assert all(concepts("subjects", beat) or concepts("places", beat) for beat in beats), idea
        assert any(concepts("times", beat) for beat in beats), idea


def test_an_idea_becomes_a_small_story() -> None:
    lonely = board("Loneliness")
    assert len(lonely) == 3
    assert lonely[0]["scene_description"].startswith("Loneliness: A woman")
    assert "woman" in lonely[2]["scene_description"]
    assert "Frau" in board("Einsamkeit")[0]["scene_description"]
    assert "fox" not in str(board("The passing of time"))
    assert "woman" not in board("A lonely fox")[0]["scene_description"]


def test_scenes_are_a_chain_but_for_the_places_of_a_script() -> None:
    story = board("A man waits in the kitchen at night. Rain falls. A girl stands on the street. She sleeps there.")
    assert not any(scene["opens_with_cut"] for scene in story)
    script = board("INT. KITCHEN - NIGHT\nA man waits.\n\nEXT. BEACH - DAWN\nHe runs.")
    assert [scene["opens_with_cut"] for scene in script] == [False, True]


def test_hour_and_weather_go_on_elsewhere_until_another_is_named() -> None:
    scenes = board("A man waits in the kitchen at night. It rains. A girl stands on the street. In the morning a fox.")
    assert "As before: night, rain" in scenes[2]["scene_description"]
    assert "As before" not in scenes[3]["scene_description"]


def test_a_landscape_elsewhere_is_nobodys_but_whose_it_says() -> None:
    scenes = board("A fox waits in the forest. A lighthouse in the storm. It lies on the beach.")
    assert "fox" not in scenes[1]["scene_description"].lower()
    assert "fox" in scenes[2]["scene_description"].lower()


def test_a_step_of_a_sentence_keeps_its_subject() -> None:
    scenes = board("A baker gets up at night, kneads the dough, and opens the shop as the sun rises over the village.")
    assert all("baker" in scene["scene_description"] for scene in scenes)
    script = board("INT. CAFE - NIGHT\nA man waits.\n\nEXT. HIGHWAY - DAWN\nA truck drives toward the mountains.")
    assert script[1]["opens_with_cut"]
