"""Dialogs, form, palette, help and the screens that are read, over a made-up service."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, TextArea
from textual.widgets._toast import Toast

from tests.studio.fake import FakeStudio, opener
from tests.studio.films import project
from tests.studio.stage import text_of
from tests.studio.waiting import burst, until
from vidpipe_tui.app import VidpipeApp
from vidpipe_tui.door import Door
from vidpipe_tui.errors import UsageError
from vidpipe_tui.interface import Interface
from vidpipe_tui.keys import registry
from vidpipe_tui.keys.binding import checked_keymap
from vidpipe_tui.keys.registry import BY_ID, COMMANDS, keys_shown
from vidpipe_tui.remembered import recall
from vidpipe_tui.screens import help as help_screen
from vidpipe_tui.screens.help import HelpScreen
from vidpipe_tui.screens.ledger import LedgerScreen
from vidpipe_tui.screens.new_project import NewProjectScreen
from vidpipe_tui.screens.palette import PaletteScreen
from vidpipe_tui.screens.project import ProjectScreen
from vidpipe_tui.screens.projects import ProjectsScreen
from vidpipe_tui.screens.settings import SettingsScreen
from vidpipe_tui.themes import ANSI, DARK, LIGHT
from vidpipe_tui.widgets.choice_field import ChoiceField
from vidpipe_tui.widgets.project_list import ProjectList
from vidpipe_tui.widgets.reader import Reader

SIZES = [(80, 24), (140, 40)]


def studio_app(studio: FakeStudio, **interface: Any) -> VidpipeApp:
    return VidpipeApp(Door(opener(studio)), Interface(**interface))


async def stand(pilot: Pilot[int], app: VidpipeApp) -> None:
    await until(lambda: bool(app.screen.query(ProjectList)) and app.screen.query_one(ProjectList).rows.total > 0)
    await pilot.pause()


def read(app: VidpipeApp) -> str:
    return "\n".join(line.text for line in app.screen.query_one(Reader).lines)


def test_help_fits_into_80_columns() -> None:
    room = 80 - 3 - help_screen._KEYS - help_screen._TITLE
    assert not [command.id for command in COMMANDS if len(command.help) > room]
    assert not [command.id for command in COMMANDS if len(keys_shown(command.keys)) >= help_screen._KEYS]
    assert not [command.id for command in COMMANDS if len(command.title) >= help_screen._TITLE]


async def test_the_palette_shows_keys_at_80_columns() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app)
        await pilot.press("ctrl+p")
        await until(lambda: any("Opens what" in line and "enter" in line for line in text_of(app).splitlines()))


async def test_digits_are_in_the_help_of_the_player_and_cannot_be_changed() -> None:
    assert keys_shown(BY_ID["tenth"].keys) == "0-9"
    good, complaints = checked_keymap({"tenth": "f5"})
    assert not good
    assert "digits" in complaints[0]


@pytest.mark.parametrize("size", SIZES)
async def test_help_has_every_key_of_the_list_and_every_state(size: tuple[int, int]) -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=size) as pilot:
        await stand(pilot, app)
        await pilot.press("question_mark")
        await until(lambda: isinstance(app.screen, HelpScreen) and bool(app.screen.query(Reader)))
        await pilot.pause()
        for words in ("Starts a new film", "Deletes; it can be undone", "Groups by state", "ctrl+q", "in doubt"):
            assert words in read(app)
        assert "Shows and chooses the next take" not in read(app)
        await pilot.press("G")
        await pilot.pause()
        assert "failed" in text_of(app)
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, ProjectsScreen))


async def test_the_palette_finds_and_does_a_command() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        await pilot.press("ctrl+p")
        await until(lambda: isinstance(app.screen, PaletteScreen))
        await pilot.press(*"doctor")
        await until(lambda: "doctor" in read(app).splitlines()[0])
        await pilot.press("enter")
        await until(lambda: "No key is set" in text_of(app))


@pytest.mark.parametrize(
    ("words", "title"),
    [("remove", "delete"), ("again", "run"), ("rename", "edit"), ("cost", "ledger"), ("exit", "quit")],
)
async def test_the_palette_knows_what_people_call_a_command(words: str, title: str) -> None:
    app = studio_app(FakeStudio([project(2)]))
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        burst(app, "ctrl+p", *words)
        await until(lambda: isinstance(app.screen, PaletteScreen) and app.screen.query_one(Input).value == words)
        await until(lambda: any(line.startswith(f"{title} ") for line in read(app).splitlines()[:4]))


def test_other_words_belong_to_commands() -> None:
    assert set(registry._WORDS) <= set(BY_ID)


async def test_the_palette_lists_only_what_can_be_done() -> None:
    app = studio_app(FakeStudio([project(2)]))
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        await pilot.press("ctrl+p")
        await until(lambda: isinstance(app.screen, PaletteScreen))
        await pilot.pause()
        titles = [line.split("  ")[0] for line in read(app).splitlines()]
        assert "run" in titles
        assert "stop" not in titles
        assert "accept" not in titles


@pytest.mark.parametrize("size", SIZES)
async def test_the_form_starts_in_the_prompt_and_makes_and_runs_a_film(size: tuple[int, int]) -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=size) as pilot:
        await stand(pilot, app)
        await pilot.press("n")
        await until(lambda: isinstance(app.focused, TextArea))
        await pilot.press(*"A fox.", "tab", *"Fox")
        assert isinstance(app.focused, Input)
        await until(lambda: bool(studio.asked("estimate")))
        await until(lambda: "Free with the local provider" in text_of(app))
        await pilot.press("ctrl+s")
        await until(lambda: bool(studio.asked("start")))
        (new,) = studio.asked("create")[0]
        assert (new.prompt, new.title) == ("A fox.", "Fox")
        await until(lambda: type(app.screen).__name__ == "ProjectScreen")


async def test_a_price_that_was_not_seen_is_shown_before_anything_is_made() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(100, 40)) as pilot:
        await stand(pilot, app)
        await pilot.press("n")
        await until(lambda: isinstance(app.focused, TextArea))
        app.screen.query_one("#field-provider", ChoiceField).offer(("google", "local"))
        app.screen.query_one("#field-provider", ChoiceField).choose("google")
        await pilot.press(*"A fox.", "ctrl+s")
        await until(lambda: "The film will cost about" in text_of(app))
        assert not studio.asked("create")
        await pilot.press("escape")
        await until(lambda: isinstance(app.focused, TextArea))
        assert not studio.asked("create")
        await pilot.press("ctrl+s")
        await until(lambda: "The film will cost about" in text_of(app), "it asks also where the price was seen")
        assert "Your budget" not in text_of(app)
        await pilot.press("escape")
        app.screen.query_one("#field-budget", Input).value = "0.01"
        await pilot.press("ctrl+s")
        await until(lambda: "Your budget of $0.01 is reached before that" in text_of(app))
        await pilot.press("enter")
        await until(lambda: bool(studio.asked("start")))


async def test_what_a_film_was_made_of_is_no_draft_and_the_film_is_the_chosen_one() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(100, 40)) as pilot:
        await stand(pilot, app)
        await pilot.press("n")
        await until(lambda: isinstance(app.focused, TextArea))
        await pilot.press(*"A fox.", "ctrl+s")
        await until(lambda: isinstance(app.screen, ProjectScreen))
        made = app.screen.project_id
        assert recall()["project"] == str(made)
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, ProjectsScreen))
        await until(lambda: app.screen.query_one(ProjectList).row.id == made)
        await pilot.press("n")
        await until(lambda: isinstance(app.focused, TextArea))
        assert not app.focused.text


async def test_a_form_that_was_made_a_film_of_keeps_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its screen is still there for a moment, and what was typed last was to be kept in just that moment."""
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(100, 40)) as pilot:
        await stand(pilot, app)
        await pilot.press("n")
        await until(lambda: isinstance(app.focused, TextArea))
        form = app.screen
        assert isinstance(form, NewProjectScreen)
        monkeypatch.setattr(form, "dismiss", lambda _: None)
        await pilot.press(*"A fox.", "ctrl+s")
        await until(lambda: bool(studio.asked("start")))
        form._keep()
        form._paused()
        assert form.is_attached
        assert not recall().get("draft")


async def test_a_long_text_in_a_field_of_one_line_can_be_read() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(100, 40)) as pilot:
        await stand(pilot, app)
        await pilot.press("n")
        await until(lambda: isinstance(app.focused, TextArea))
        title = app.screen.query_one("#field-title", Input)
        title.focus()
        await pilot.press(*["x"] * 60)
        await pilot.pause()
        assert not title.show_horizontal_scrollbar or not title.scrollbar_size_horizontal


async def test_the_form_keeps_what_is_typed_without_a_pause() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(100, 40)) as pilot:
        await stand(pilot, app)
        await pilot.press("n")
        await until(lambda: isinstance(app.focused, TextArea))
        for _ in range(300):
            await pilot.press("x")
            if "xxx" in str((recall().get("draft") or {}).get("prompt")):
                break
        else:
            raise AssertionError("nothing was kept while somebody typed")


async def test_a_wrong_value_gets_a_sentence_and_nothing_is_made() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(100, 40)) as pilot:
        await stand(pilot, app)
        await pilot.press("n")
        await until(lambda: isinstance(app.focused, TextArea))
        await pilot.press("ctrl+s")
        await until(lambda: "Say what happens in the film" in text_of(app))
        await pilot.press(*"A fox.")
        app.screen.query_one("#field-clip_seconds", Input).focus()
        await pilot.press(*"99", "ctrl+s")
        await until(lambda: "A whole number from 1 to 15." in text_of(app))
        assert not studio.asked("create")


async def test_what_was_typed_is_there_again_after_esc() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(100, 40)) as pilot:
        await stand(pilot, app)
        await pilot.press("n")
        await until(lambda: isinstance(app.focused, TextArea))
        await pilot.press(*"A fox.")
        screen = app.screen
        assert isinstance(screen, NewProjectScreen)
        await until(lambda: screen._draft.get("prompt") == "A fox.")
        while isinstance(app.screen, NewProjectScreen):
            await pilot.press("escape")
            await pilot.pause()
        await pilot.press("n")
        await until(lambda: isinstance(app.focused, TextArea))
        assert app.screen.query_one(TextArea).text == "A fox."


async def test_quit_warns_only_when_work_runs_here_and_detaches() -> None:
    studio = FakeStudio([project(0)])
    app = studio_app(studio)
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app)
        await pilot.press("ctrl+q")
        await until(lambda: "d detach" in text_of(app))
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, ProjectsScreen))
        await pilot.press("ctrl+q")
        await until(lambda: "d detach" in text_of(app))
        await pilot.press("d")
        await until(lambda: studio.detached)
        await until(lambda: app.return_value == 0)
    resting = FakeStudio([project(2)])
    app = studio_app(resting)
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app)
        await pilot.press("ctrl+q")
        await until(lambda: app.return_value == 0)
    assert not resting.asked("detach")


@pytest.mark.parametrize(("key", "words"), [("dollar_sign", "in flight"), ("comma", "pipeline.provider")])
@pytest.mark.parametrize("size", SIZES)
async def test_ledger_and_settings_scroll_and_copy(size: tuple[int, int], key: str, words: str) -> None:
    app = studio_app(FakeStudio())
    copied: list[str] = []
    app.copy_to_clipboard = copied.append  # type: ignore[method-assign]
    async with app.run_test(size=size) as pilot:
        await stand(pilot, app)
        await pilot.press(key)
        await until(lambda: words in text_of(app))
        await pilot.press("G", "y")
        await until(lambda: bool(copied))
        reader = app.screen.query_one(Reader)
        assert reader.cursor == len(reader.lines) - 1
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, ProjectsScreen))


async def test_the_ledger_opens_the_scene_of_a_call_and_goes_back_to_a_film_that_is_below() -> None:
    studio = FakeStudio()
    app = studio_app(studio)
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        await pilot.press("dollar_sign")
        await until(lambda: "in flight" in text_of(app))
        await pilot.press("S", "S")
        ledger = app.screen
        assert isinstance(ledger, LedgerScreen)
        call = next(call for call in ledger._shown if call.scene_index and call.scene_index > 1)
        ledger.reader.move_to(ledger._shown.index(call))
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, ProjectScreen) and app.screen.project is not None)
        film = app.screen
        assert isinstance(film, ProjectScreen)
        assert (film.project_id, film.spot()[0]) == (call.project_id, call.scene_index)
        film.go_to(0)
        await pilot.press("dollar_sign")
        await until(lambda: isinstance(app.screen, LedgerScreen) and "in flight" in text_of(app))
        app.screen.reader.move_to(app.screen._shown.index(call))  # type: ignore[attr-defined]
        app.screen.action_open()  # type: ignore[attr-defined]
        await until(lambda: app.screen is film)
        assert film.spot()[0] == call.scene_index
        await pilot.press("escape")
        await until(lambda: app.screen is ledger)


async def test_secrets_are_masked_in_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "very-secret-key")
    app = studio_app(FakeStudio())
    async with app.run_test(size=(140, 60)) as pilot:
        await stand(pilot, app)
        await pilot.press("comma")
        await until(lambda: "google.api_key" in read(app) if app.screen.query(Reader) else False)
        assert "very-secret-key" not in read(app)
        assert "********" in read(app)


async def test_an_error_of_the_service_is_a_notice_not_an_end() -> None:
    studio = FakeStudio()
    studio.failing["duplicate"] = UsageError("The disk is [full].", hint="Make room.")
    app = studio_app(studio)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await stand(pilot, app)
        await pilot.press("D")
        await until(lambda: "The disk is [full]. Make room." in " ".join(text_of(app).split()))


async def test_own_keys_count_and_wrong_ones_are_told() -> None:
    studio = FakeStudio()
    app = studio_app(studio, keymap={"duplicate": "f6", "cursor_down": "f7", "nonsense": "q", "delete": "n"})
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await stand(pilot, app)
        await until(lambda: "nonsense" in text_of(app) and "that new has" in " ".join(text_of(app).split()))
        await pilot.press("f7")
        assert app.screen.query_one(ProjectList).cursor == 1
        await pilot.press("f6")
        await until(lambda: bool(studio.asked("duplicate")))


async def test_jump_goes_to_a_pane() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        await pilot.press("slash")
        await until(lambda: isinstance(app.focused, Input))
        await pilot.press("ctrl+o")
        await until(lambda: type(app.screen).__name__ == "JumpScreen")
        letters = [letter for letter, pane in app.screen._panes.items() if isinstance(pane, ProjectList)]
        await pilot.press(letters[0])
        await until(lambda: isinstance(app.focused, ProjectList))


async def test_themes_go_round_and_nothing_breaks() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(100, 30)) as pilot:
        await stand(pilot, app)
        seen = set()
        for _ in range(3):
            await app.run_action("theme")
            await pilot.pause()
            seen.add(app.theme)
            assert "Neon rain" in text_of(app)
        assert len(seen) == 3


@pytest.mark.parametrize("theme", ["no-such-theme", "nord", "vidpipe-light", "vidpipe-ansi", "textual-ansi"])
async def test_any_theme_opens(theme: str) -> None:
    app = studio_app(FakeStudio(), theme=theme)
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await stand(pilot, app)
        await pilot.press("ctrl+p")
        await until(lambda: isinstance(app.screen, PaletteScreen))
        if theme == "no-such-theme":
            assert any("which is no theme" in notice.message for notice in app._notifications)


async def test_a_fault_of_ours_ends_with_a_sentence_and_a_log_without_secrets(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "very-secret-key")
    app = studio_app(FakeStudio())

    def fails() -> None:
        local_secret = "very-secret-key"
        raise RuntimeError(f"broken with {local_secret}")

    with pytest.raises(RuntimeError):
        async with app.run_test(size=(80, 24)) as pilot:
            await stand(pilot, app)
            app.call_later(fails)
            await until(lambda: app.return_code == 1)
    from vidpipe_tui.crash import log_file

    logged = log_file().read_text("utf-8")
    assert "broken with ********" in logged
    assert "very-secret-key" not in logged + "".join(capsys.readouterr())


async def test_the_service_may_fail_to_open_and_open_the_next_time() -> None:
    studio = FakeStudio()
    tries = []

    def opens() -> Any:
        tries.append(1)
        if len(tries) == 1:
            raise UsageError("Locked.")
        return opener(studio)()

    door = Door(opens)
    with pytest.raises(UsageError, match="Locked"):
        await door.open()
    assert door.studio is None
    first, second = await asyncio.gather(door.open(), door.open())
    assert first is second is studio
    await door.close()


@pytest.mark.parametrize(("called", "theme"), [("light", LIGHT), ("dark", DARK), ("ansi", ANSI)])
def test_our_own_themes_have_short_names(called: str, theme: str) -> None:
    assert studio_app(FakeStudio(), theme=called).theme == theme


async def test_notices_are_two_at_most_and_stay_behind_but_for_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vidpipe_tui.app._LEAVING_SECONDS", 0.0)
    app = studio_app(FakeStudio())
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await stand(pilot, app)
        for word in ("one", "two", "three"):
            app.say(word)
            await pilot.pause()
        await until(lambda: [notice.message for notice in app._notifications] == ["two", "three"])
        app.say("broken", severity="error")
        await until(lambda: [notice.message for notice in app._notifications] == ["three", "broken"])
        await pilot.press("comma")
        await until(lambda: isinstance(app.screen, SettingsScreen) and len(app._notifications) == 1)
        assert [notice.message for notice in app._notifications] == ["broken"]


async def test_no_notice_covers_the_sentence_about_too_little_room() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(59, 15), notifications=True) as pilot:
        await until(lambda: "The studio needs" in text_of(app))
        app.say("something that matters")
        await until(lambda: bool(app.screen.query(Toast)))
        assert not any(toast.display for toast in app.screen.query(Toast))
        await pilot.resize_terminal(100, 30)
        await until(lambda: any(toast.display for toast in app.screen.query(Toast)))


async def test_the_form_explains_the_field_one_is_in() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(80, 24)) as pilot:
        await stand(pilot, app)
        await pilot.press("n")
        await until(lambda: "A sentence is enough" in text_of(app))
        app.screen.query_one("#field-review").focus()
        await until(lambda: "before it goes on. Left and right change it." in text_of(app))
        app.screen.query_one("#field-reference").focus()
        await until(lambda: "fox.png=fox" in text_of(app))


async def test_settings_begin_with_words_and_take_the_width_there_is() -> None:
    app = studio_app(FakeStudio())
    async with app.run_test(size=(200, 40)) as pilot:
        await stand(pilot, app)
        await pilot.press("comma")
        await until(lambda: isinstance(app.screen, SettingsScreen) and len(app.screen.reader.lines) > 5)
        lines = app.screen.query_one(Reader).lines
        assert lines[0].text.strip()
        assert max(len(line.text) for line in lines) > 150
