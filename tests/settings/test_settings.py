from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from vidpipe_tui.config.loading import configure, known_keys, load_settings, notices, provenance, reset
from vidpipe_tui.errors import SettingsError

EXAMPLE = Path(__file__).parents[2] / ".env.example"
WRONG = {
    "pipeline.max_scenes": ["0", "201", "many", "1.5", "", "1e2", "-1"],
    "pipeline.default_scenes": ["0", "x"],
    "pipeline.default_style": ["bogus", "", "[red]"],
    "pipeline.default_aspect_ratio": ["4:3", "", "16x9"],
    "pipeline.default_clip_duration": ["0", "16", "4.5"],
    "pipeline.retry_base_delay": ["-1", "nan", "inf", "soon"],
    "pipeline.retry_max_attempts": ["0"],
    "pipeline.video_poll_max": ["0"],
    "pipeline.video_gen_concurrency": ["0", "1000"],
    "pipeline.provider": [" "],
    "storage.database_url": ["", "x.db", "postgresql://h/x", "sqlite://", "sqlite:///:memory:", "sqlite+aiosqlite:///"],
    "storage.tmp_dir": ["", "  "],
    "pricing.file": [""],
    "google.request_timeout": ["0", "inf", "nan"],
    "google.text_rpm": ["-1"],
    "google.use_vertex_ai": ["perhaps"],
    "google.base_url": ["localhost:80", "ftp://x"],
    "google.output_gcs_uri": ["/tmp/x"],
    "local.height": ["10", "99999", "tall"],
    "local.clip_seconds": ["-1", "nan"],
    "local.faults": [
        "clip",
        "clip:0:lost",
        "clip:1:bogus",
        "cow:1:lost",
        "clip@0:1:lost",
        "clip:1:lost,,x",
        "storyboard@1:1:lost",
    ],
    "ui.images": ["sixel"],
    "ui.on_hangup": ["explode"],
    "ui.ascii": ["maybe"],
    "ui.keymap": ["quit", "[1]"],
}
Config = Callable[[str], Path]


def variable(key: str) -> str:
    return "VIDPIPE_" + key.upper().replace(".", "__")


@pytest.fixture
def config(home: Path) -> Config:
    """Writes the user's `config.toml`."""

    def write(text: str) -> Path:
        path = home / "config" / "vidpipe" / "config.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


def sources() -> dict[str, str]:
    return {key: source for key, _, source in provenance(load_settings()) if source != "default"}


def test_each_source_stands_over_the_next(monkeypatch: pytest.MonkeyPatch, config: Config) -> None:
    assert load_settings().pipeline.max_scenes == 15
    path = config("[pipeline]\nmax_scenes = 2\ndefault_scenes = 2\nretry_base_delay = 0.5\n")
    assert load_settings().pipeline.max_scenes == 2
    Path(".env").write_text("export VIDPIPE_PIPELINE__MAX_SCENES='3' # three\nVIDPIPE_PIPELINE__DEFAULT_SCENES=3\n")
    assert load_settings().pipeline.max_scenes == 3
    monkeypatch.setenv("vidpipe_pipeline__max_scenes", "4")
    assert load_settings().pipeline.max_scenes == 4
    settings = configure({"pipeline": {"max_scenes": 5}})
    assert settings.pipeline.max_scenes == 5
    assert settings.pipeline.default_scenes == 3
    assert settings.pipeline.retry_base_delay == 0.5
    found = {key: source for key, _, source in provenance(settings)}
    assert found["pipeline.max_scenes"] == "command line"
    assert found["pipeline.default_scenes"] == ".env"
    assert found["pipeline.retry_base_delay"] == str(path)
    assert found["pipeline.filtered_retries"] == "default"
    assert found["local.height"] == "environment"


def test_a_section_can_be_given_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDPIPE_MODELS", '{"video_gen": "x"}')
    monkeypatch.setenv("VIDPIPE_UI__KEYMAP__QUIT", "f10")
    assert load_settings().models.video_gen == "x"
    assert load_settings().ui.keymap == {"quit": "f10"}
    assert {"models.video_gen", "ui.keymap"} <= set(sources())


@pytest.mark.parametrize(("key", "value"), [(key, value) for key, values in WRONG.items() for value in values])
def test_a_wrong_value_is_a_sentence_with_key_value_and_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    monkeypatch.setenv(variable(key), value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    said = caught.value.message
    assert key in said or variable(key) in said
    assert repr(value) in said or value in said
    assert re.search(r"allowed is \S", said)
    assert "Input should" not in said
    assert caught.value.exit_status == 2
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[pipeline]\nmax_scenes = 0\n", "pipeline.max_scenes is 0; allowed is 1 or more"),
        ("[pipeline]\nmax_scenes = [1]\n", "pipeline.max_scenes is [1]; allowed is a whole number"),
        ("[pipeline]\nmax_scene = 1\n", "did you mean pipeline.max_scenes?"),
        ("[pipelines]\nx = 1\n", "pipelines is no setting"),
        ("max_scenes = 1\n", "did you mean pipeline.max_scenes?"),
        ("pipeline = 3\n", "is 3; allowed is a table"),
        ("[pipeline\n", "is not valid TOML"),
        ("[ui]\nkeymap = {quit = 3}\n", "ui.keymap is 3; allowed is text"),
        ('[storage]\ntmp_dir = "a\\u0000b"\n', "storage.tmp_dir"),
    ],
)
def test_a_wrong_config_file_is_a_sentence(config: Config, text: str, said: str) -> None:
    config(text)
    with pytest.raises(SettingsError, match=re.escape(said)):
        load_settings()


def test_a_config_file_that_cannot_be_read_is_a_sentence(config: Config) -> None:
    path = config("")
    path.unlink()
    path.mkdir()
    with pytest.raises(SettingsError, match="cannot be read"):
        load_settings()


@pytest.mark.parametrize(
    "name", ["VIDPIPE_BOGUS", "VIDPIPE_PIPELINE__MAX_SCENE", "vidpipe_x__y", "VIDPIPE_GOOGLE__KEY"]
)
def test_an_unknown_name_of_ours_is_refused_wherever_it_stands(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with monkeypatch.context() as patch, pytest.raises(SettingsError, match=f"{name} in the environment"):
        patch.setenv(name, "1")
        load_settings()
    Path(".env").write_text(f"{name}=1\n")
    with pytest.raises(SettingsError, match=f"(?i){name} in .env"):
        load_settings()


def test_switches_for_debugging_are_no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIDPIPE_DEBUG", "1")
    monkeypatch.setenv("VIDPIPE_DEBUG_LOOP", "x.log")
    assert load_settings().pipeline.provider == "local"


def test_foreign_keys_and_odd_lines_of_a_dotenv_are_none_of_our_business(capfd: pytest.CaptureFixture[str]) -> None:
    Path(".env").write_bytes(
        b"DATABASE_URL=postgres://x\nSECRET=1\nstorage__tmp_dir=/x\n= =\n\xff\xfe odd\nVIDPIPE_PIPELINE__MAX_SCENES=3\n"
    )
    assert load_settings().pipeline.max_scenes == 3
    assert capfd.readouterr() == ("", "")


def test_a_dotenv_that_cannot_be_read_is_left_alone() -> None:
    Path(".env").mkdir()
    assert load_settings().pipeline.max_scenes == 15


@pytest.mark.parametrize(
    "line",
    [
        "VIDPIPE_STORAGE__DATABASE_URL=sqlite:////tmp/evil.db",
        "vidpipe_storage__database_url=sqlite:////tmp/evil.db",
        'VIDPIPE_STORAGE={"database_url": "sqlite:////tmp/evil.db"}',
        "VIDPIPE_GOOGLE__BASE_URL=http://evil.example",
        'VIDPIPE_GOOGLE={"base_url": "http://evil.example"}',
    ],
)
def test_a_dotenv_sets_neither_the_database_nor_a_base_address_and_that_is_said(line: str) -> None:
    Path(".env").write_text(line + "\n")
    settings = load_settings()
    assert "evil" not in str(settings.storage.database_url)
    assert settings.google.base_url is None
    (notice,) = notices()
    assert line.partition("=")[0].upper() in notice
    assert "ignored" in notice


def test_the_key_is_found_under_the_names_other_tools_use(monkeypatch: pytest.MonkeyPatch, config: Config) -> None:
    def key() -> str:
        found = load_settings().google.api_key
        return found.get_secret_value() if found is not None else ""

    config('[google]\napi_key = "from-toml"\n')
    assert key() == "from-toml"
    Path(".env").write_text("GEMINI_API_KEY=from-dotenv\n")
    assert key() == "from-dotenv"
    monkeypatch.setenv("GEMINI_API_KEY", "")
    assert key() == "from-dotenv"
    assert sources()["google.api_key"] == ".env"
    monkeypatch.setenv("GOOGLE_API_KEY", "from-google")
    assert key() == "from-google"
    monkeypatch.setenv("GEMINI_API_KEY", "from-gemini")
    assert key() == "from-gemini"
    monkeypatch.setenv("VIDPIPE_GOOGLE__API_KEY", "from-own")
    assert key() == "from-own"
    assert sources()["google.api_key"] == "environment"


@pytest.mark.parametrize("value", ['{"api_key": "sesame-open"', '{"api_key": ["sesame-open"]}', "sesame-open"])
def test_a_secret_is_in_no_text_and_no_mistake(monkeypatch: pytest.MonkeyPatch, config: Config, value: str) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("GEMINI_API_KEY", "sesame-open")
        settings = load_settings()
        assert "sesame" not in f"{settings!r} {settings} {settings.model_dump()} {list(provenance(settings))}"
    monkeypatch.setenv("VIDPIPE_GOOGLE", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "sesame" not in caught.value.sentence()
    monkeypatch.delenv("VIDPIPE_GOOGLE")
    config('google = "sesame-open"\n')
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "sesame" not in caught.value.sentence()


def test_settings_are_built_on_first_use() -> None:
    source = (
        "from vidpipe_tui.config import loading\nprint(loading._current)\n"
        "from vidpipe_tui.config import Settings, settings\nprint(isinstance(settings, Settings))"
    )
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout.split() == ["None", "True"]


def test_the_settings_in_use_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from vidpipe_tui import config

    first = config.settings
    monkeypatch.setenv("VIDPIPE_PIPELINE__MAX_SCENES", "3")
    assert config.settings is first
    reset()
    assert config.settings.pipeline.max_scenes == 3


def test_every_fixed_key_is_there_with_its_default(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.delenv("VIDPIPE_LOCAL__HEIGHT")
    monkeypatch.delenv("VIDPIPE_PIPELINE__DEFAULT_CLIP_DURATION")
    values = {key: value for key, value, _ in provenance(load_settings())}
    fixed = {
        "storage.database_url": f"sqlite+aiosqlite:///{home}/data/vidpipe/vidpipe.db",
        "storage.tmp_dir": home / "data" / "vidpipe" / "projects",
        "pipeline.provider": "local",
        "pipeline.default_style": "cinematic",
        "pipeline.default_aspect_ratio": "16:9",
        "pipeline.default_clip_duration": 4,
        "pipeline.default_scenes": None,
        "pipeline.max_scenes": 15,
        "pipeline.image_gen_delay": None,
        "pipeline.video_poll_interval": None,
        "pipeline.video_poll_max": None,
        "pipeline.video_gen_concurrency": None,
        "pipeline.crossfade_seconds": 0.0,
        "pipeline.retry_max_attempts": 5,
        "pipeline.retry_base_delay": 2.0,
        "pipeline.retry_max_wait": 120.0,
        "pipeline.filtered_retries": 1,
        "models.storyboard_llm": None,
        "models.image_gen": None,
        "models.video_gen": None,
        "models.video_resolution": "720p",
        "models.image_size": "1K",
        "google.api_key": None,
        "google.use_vertex_ai": None,
        "google.project_id": None,
        "google.location": "us-central1",
        "google.base_url": None,
        "google.request_timeout": 120.0,
        "google.text_rpm": 0,
        "google.image_rpm": 0,
        "google.video_rpm": 0,
        "google.output_gcs_uri": None,
        "local.height": 720,
        "local.storyboard_seconds": 0.0,
        "local.image_seconds": 0.0,
        "local.clip_seconds": 0.0,
        "local.request_timeout": 120.0,
        "local.faults": "",
        "local.call_log": None,
        "pricing.file": home / "config" / "vidpipe" / "prices.toml",
        "ui.images": "auto",
        "ui.keymap": {},
        "ui.on_hangup": "stop",
    }
    assert {key: values.get(key, "missing") for key in fixed} == fixed
    assert all(known_keys().values())


def test_the_example_documents_every_key_with_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VIDPIPE_LOCAL__HEIGHT")
    monkeypatch.delenv("VIDPIPE_PIPELINE__DEFAULT_CLIP_DURATION")
    text = EXAMPLE.read_text("utf-8")
    assert all(line.startswith("#") or not line for line in text.splitlines())
    lines = dict(re.findall(r"^# (VIDPIPE_\w+)=(.*)$", text, re.MULTILINE))
    assert list(lines) == [variable(key) for key in known_keys()]
    told = " ".join(line.removeprefix("# ") for line in text.splitlines())
    for key, description in known_keys().items():
        assert description in told, key
    defaults = load_settings().model_dump()
    for name, value in lines.items():
        monkeypatch.setenv(name, value)
    shown = load_settings().model_dump()
    for machine in (("storage", "database_url"), ("storage", "tmp_dir"), ("pricing", "file")):
        defaults[machine[0]].pop(machine[1])
        shown[machine[0]].pop(machine[1])
    assert shown == defaults
