"""Keyframes show what the scene says, go on from one another, and are the same for the same input."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from vidpipe_tui.providers.local.paint import SceneBrief, from_png, paint_end, paint_start, to_png
from vidpipe_tui.providers.local.paint.picture import state_of
from vidpipe_tui.providers.local.paint.places import RECIPES
from vidpipe_tui.providers.local.paint.reading import read_end, read_start
from vidpipe_tui.providers.local.paint.words import concepts
from vidpipe_tui.providers.local.paint.world import World

SIZE = (320, 180)
STYLES = (
    "cinematic",
    "anime",
    "documentary",
    "watercolour",
    "noir",
    "pixel art",
    "oil painting",
    "sketch",
    "cyberpunk",
    "pastel",
    "comic",
    "vintage",
    "ukiyo-e",
    "fantasy",
    "horror",
    "synthwave",
    "claymation",
    "",
)


def brief(text: str, style: str = "cinematic", **more: object) -> SceneBrief:
    return SceneBrief(style=style, scene_description=text, start_frame_prompt=text, **more)  # type: ignore[arg-type]


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGB"), np.float32)


def apart(a: Image.Image, b: Image.Image) -> float:
    return float(np.abs(pixels(a) - pixels(b)).mean())


def test_no_style_is_the_cinematic_one() -> None:
    scene = "A field at noon"
    plain = paint_start(brief(scene, ""), size=SIZE, seed=3)
    assert apart(plain, paint_start(brief(scene, "cinematic"), size=SIZE, seed=3)) == 0


@pytest.mark.parametrize("style", STYLES)
def test_each_style_paints_and_looks_its_own(style: str) -> None:
    text = "A woman walks along the beach by a lighthouse at noon"
    picture = paint_start(brief(text, style), size=SIZE, seed=3)
    assert picture.size == SIZE
    assert pixels(picture).std() > 18
    others = [paint_start(brief(text, other), size=SIZE, seed=3) for other in STYLES[1:6] if other != style]
    assert min(apart(picture, other) for other in others) > 4


@pytest.mark.parametrize("place", sorted(RECIPES))
@pytest.mark.parametrize("size", [(320, 180), (180, 320), (180, 180)])
def test_every_place_can_be_painted_in_every_ratio(place: str, size: tuple[int, int]) -> None:
    from vidpipe_tui.providers.local.paint.picture import paint_world

    picture = paint_world(World(place=place, root=5, rain=0.4, snow=0.3, fog=0.5), size)
    assert picture.size == size
    assert pixels(picture).std() > 8


@pytest.mark.parametrize(
    ("text", "place", "kind", "dark"),
    [
        ("A red fox crosses a snowy forest at dawn", "forest", "fox", False),
        ("Ein alter Fischer rudert nachts auf dem Meer", "sea", "boat", True),
        ("雪の夜、少年が駅で待つ", "station", "child", True),
        ("🚀🌌", "space", "rocket", True),
        ("Der Ritter reitet zur Burg in den Bergen", "castle", "knight", False),
        ("A whale", "underwater", "whale", False),
        ("An astronaut", "space", "astronaut", False),
        ("In the dining car a detective reads a letter", "cafe", "detective", False),
        ("A girl walks through the fish market in Tokyo at night", "alley", "child", True),
        ("A woman dances in Paris at night", "street", "woman", True),
        ("A surfer waits", "beach", "man", False),
        ("Two old men play chess in the park every day", "garden", "man", False),
        ("She waits at the harbour", "harbour", "woman", False),
    ],
)
def test_place_subject_and_time_come_from_the_text(text: str, place: str, kind: str, dark: bool) -> None:
    world = read_start(brief(text), 1)
    assert world.place == place
    assert kind in {figure.kind for figure in world.figures}
    assert (world.hour > 21 or world.hour < 4) == dark


def test_a_named_colour_dresses_its_subject() -> None:
    fox = read_start(brief("a white fox in the woods"), 1).figures[0]
    assert min(fox.colour) > 200


def test_only_those_are_many_who_are_said_to_be() -> None:
    world = read_start(brief("A father cooks for his two children in the kitchen while the cat sleeps"), 1)
    assert sorted(figure.kind for figure in world.figures) == ["cat", "child", "child", "man"]
    world = read_start(brief("Two children and a dog run through a field of flowers"), 1)
    assert sorted(figure.kind for figure in world.figures) == ["child", "child", "dog"]
    assert "flower" not in world.props


def test_each_does_what_its_own_sentence_says() -> None:
    world = read_start(brief("An old man sits in his room. Rain runs down the glass. A dog sleeps."), 1)
    assert {figure.kind: figure.pose for figure in world.figures} == {"man": "sit", "dog": "sleep"}


def test_a_place_that_is_only_headed_for_is_not_where_the_scene_plays() -> None:
    assert read_start(brief("A truck on the highway drives toward the mountains"), 1).place == "road"


def test_night_is_darker_than_noon_and_snow_is_whiter() -> None:
    noon, night, snow = (
        paint_start(brief(f"A field, {words}"), size=SIZE, seed=2) for words in ("noon", "night", "noon in winter snow")
    )
    assert pixels(night).mean() < pixels(noon).mean() * 0.6
    ground = slice(120, 180)
    assert np.ptp(pixels(snow)[ground].mean(axis=(0, 1))) < np.ptp(pixels(noon)[ground].mean(axis=(0, 1)))


def test_equal_input_gives_equal_bytes_and_a_seed_another_picture() -> None:
    scene = brief("A fox in the forest")
    assert to_png(paint_start(scene, size=SIZE, seed=4)) == to_png(paint_start(scene, size=SIZE, seed=4))
    assert to_png(paint_start(scene, size=SIZE, seed=4)) != to_png(paint_start(scene, size=SIZE, seed=5))


def test_the_end_is_later_in_the_same_place() -> None:
    scene = brief("A dog runs over the meadow", video_motion_prompt="static")
    start = from_png(to_png(paint_start(scene, size=SIZE, seed=4)))
    end = paint_end(scene, start, size=SIZE, seed=4)
    a, b = state_of(start), state_of(end)
    assert a is not None
    assert b is not None
    assert (a.place, a.root) == (b.place, b.root)
    assert b.hour > a.hour
    assert b.figures[0].x != a.figures[0].x
    assert 3 < apart(start, end) < 45


def test_another_place_is_travelled_to_with_the_same_subject() -> None:
    scene = brief("The fox leaves the forest", end_frame_prompt="The fox stands on the beach at night")
    start = paint_start(SceneBrief(start_frame_prompt="A fox in the forest at noon"), size=SIZE, seed=4)
    end = state_of(paint_end(scene, start, size=SIZE, seed=4))
    assert end is not None
    assert end.place == "beach"
    assert [figure.kind for figure in end.figures] == ["fox"]
    assert end.hour == pytest.approx(23.0)


def test_figures_stay_in_view_over_many_scenes() -> None:
    world = read_start(brief("A fox runs through the forest"), 1)
    for index in range(12):
        moves = ("push in", "pan right", "pull out", "pan left")[index % 4]
        world = read_end(brief("The fox runs on", video_motion_prompt=moves, scene_index=index), world, index)
        assert all(0.05 < figure.x < 0.95 and figure.size < 2.5 for figure in world.figures)
        assert 1.0 <= world.zoom <= 1.35


@pytest.mark.parametrize(
    ("note", "check"),
    [
        ("darker", lambda a, b: pixels(b).mean() < pixels(a).mean() - 8),
        ("heller", lambda a, b: pixels(b).mean() > pixels(a).mean() + 8),
        ("more snow", lambda a, b: apart(a, b) > 8),
        ("closer", lambda a, b: apart(a, b) > 4),
        ("夜", lambda a, b: pixels(b).mean() < pixels(a).mean() - 20),
        ("add a castle", lambda a, b: apart(a, b) > 1),
    ],
)
def test_a_reviewers_note_changes_the_picture(note: str, check: object) -> None:
    plain = paint_start(brief("A woman on a meadow at noon"), size=SIZE, seed=4)
    noted = paint_start(brief("A woman on a meadow at noon", note=note), size=SIZE, seed=4)
    assert check(plain, noted)  # type: ignore[operator]


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "P"])
def test_a_photograph_is_moved_on_from_its_pixels(mode: str) -> None:
    y, x = np.mgrid[:240, :300]
    photo = Image.fromarray(np.stack([x * 0.8, y, 255 - x * 0.5], axis=2).astype(np.uint8)).convert(mode)
    end = paint_end(brief("Night falls over the city"), photo, size=SIZE, seed=1)
    assert end.size == SIZE
    assert state_of(end) is None
    assert pixels(end).mean() < pixels(photo.convert("RGB")).mean()


def test_state_of_another_version_or_broken_state_counts_as_none() -> None:
    picture = paint_start(brief("A field"), size=SIZE, seed=1)
    for state in ("", "{}", "[1]", '{"v": 99}', '{"v":1,"figures":3}'):
        picture.info["vidpipe-world"] = state
        assert state_of(picture) is None
        assert paint_end(brief("A field"), picture, size=SIZE, seed=1).size == SIZE


def test_what_a_picture_says_survives_png() -> None:
    picture = paint_start(brief("Two birds over the sea 🐦"), size=SIZE, seed=1)
    again = from_png(to_png(picture))
    assert state_of(again) == state_of(picture) is not None
    assert np.array_equal(pixels(again), pixels(picture))


@pytest.mark.parametrize("text", ["", "?" * 50, "[red]x[/red]", "a" * 100_000, "🦊" * 99, "\x1b[2J", "ÄÖÜ ß"])
def test_odd_texts_can_be_painted(text: str) -> None:
    assert paint_start(brief(text, style=text[:30], note=text[:80]), size=(180, 180), seed=0).size == (180, 180)


def test_words_are_found_in_three_languages_and_longest_first() -> None:
    assert concepts("subjects", "Die Leuchtturmwärterin streichelt eine Katze") == ["woman", "cat"]
    assert concepts("subjects", "電車が来る") == ["train"]
    assert concepts("places", "the Unterwasserwelt and a Bergsee") == ["underwater", "lake"]


@pytest.mark.parametrize(
    ("text", "prop"),
    [
        ("Thirty seconds about tea", "cup"),
        ("Ein Schachspiel im Park", "chess"),
        ("A football match", "goal"),
        ("雪だるま", "snowman"),
        ("🌋", "volcano"),
        ("A robot finds the last flower", "flower"),
    ],
)
def test_the_thing_a_scene_is_about_stands_in_the_picture(text: str, prop: str) -> None:
    from dataclasses import replace

    from vidpipe_tui.providers.local.paint.picture import paint_world

    world = read_start(brief(text), 1)
    assert prop in world.props
    assert apart(paint_world(world, SIZE), paint_world(replace(world, props=()), SIZE)) > 0.15


def test_people_are_as_old_as_is_said_and_hold_what_is_theirs() -> None:
    figures = read_start(brief("An old man plays the violin. A young woman with a suitcase listens."), 1).figures
    assert {f.kind: (f.old, f.holds) for f in figures} == {"man": (True, "violin"), "woman": (False, "suitcase")}
