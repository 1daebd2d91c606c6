"""The settings: every key, its type, its range, its default, and the sentence that documents it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from vidpipe_tui.config import paths
from vidpipe_tui.domain.vocabulary import ASPECT_RATIOS, STYLES


def _empty_is_unset(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def _real_path(value: Any) -> Any:
    if isinstance(value, str) and (not value.strip() or "\0" in value):
        raise ValueError("a path")
    return value


Unset = BeforeValidator(_empty_is_unset)
FilePath = Annotated[Path, BeforeValidator(_real_path)]
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
OptionalSeconds = Annotated[Seconds | None, Unset]
OptionalText = Annotated[str | None, Unset]


class Section(BaseModel):
    """A table of settings; a key it does not have is an error."""

    model_config = ConfigDict(extra="forbid", validate_default=False)


class Storage(Section):
    """Where things are kept."""

    database_url: str = Field(
        default_factory=paths.default_database_url, description="Address of the database, as SQLAlchemy writes it."
    )
    tmp_dir: FilePath = Field(
        default_factory=lambda: paths.data_folder() / "projects", description="Folder of pictures, clips and films."
    )

    @field_validator("tmp_dir")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if paths.database_path(value) is None or "\0" in value:
            raise ValueError("an address like sqlite+aiosqlite:////home/me/vidpipe.db")
        return value.replace("sqlite://", "sqlite+aiosqlite://", 1) if value.startswith("sqlite://") else value


class Pipeline(Section):
    """How films are made."""

    provider: str = Field("local", description="Who makes pictures and clips: local, google, or an installed one.")
    default_style: str = Field("cinematic", description=f"Style of new projects: {', '.join(STYLES)}.")
    default_aspect_ratio: Literal["16:9", "9:16", "1:1"] = Field("16:9", description="Ratio of new projects.")
    default_clip_duration: int = Field(4, ge=1, le=15, description="Seconds per clip.")
    default_scenes: Annotated[int | None, Unset] = Field(
        None, ge=1, le=200, description="Scenes of a new project; unset: as many as the prompt has beats."
    )
    max_scenes: int = Field(15, ge=1, le=200, description="The most scenes a project may have.")
    image_gen_delay: OptionalSeconds = Field(
        None, description="Seconds between two pictures; unset: the provider's own."
    )
    video_poll_interval: OptionalSeconds = Field(
        None, description="Seconds between two polls; unset: the provider's own."
    )
    video_poll_max: Annotated[int | None, Unset] = Field(
        None, ge=1, description="Polls of one clip in one run; unset: the provider's own."
    )
    video_gen_concurrency: Annotated[int | None, Unset] = Field(
        None, ge=1, le=100, description="Clips at a time; unset: the provider's own."
    )
    crossfade_seconds: Seconds = Field(0.0, description="Crossfade between clips of new projects.")
    retry_max_attempts: int = Field(5, ge=1, le=100, description="Calls for one thing in one run.")
    retry_base_delay: Seconds = Field(2.0, description="First wait before asking again; doubles each time.")
    retry_max_wait: Seconds = Field(120.0, description="A limit that asks for a longer wait stops the run.")
    filtered_retries: int = Field(1, ge=0, le=10, description="How often a filtered clip is asked for again as it was.")

    @field_validator("default_style")
    @classmethod
    def _style(cls, value: str) -> str:
        if value.strip().lower() not in STYLES:
            raise ValueError(f"one of {', '.join(STYLES)}")
        return value.strip().lower()

    @field_validator("provider")
    @classmethod
    def _named(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("local, google, or the name of an installed provider")
        return value.strip()

    @field_validator("default_aspect_ratio", mode="before")
    @classmethod
    def _ratio(cls, value: Any) -> Any:
        if value not in ASPECT_RATIOS:
            raise ValueError(f"one of {', '.join(ASPECT_RATIOS)}")
        return value


class Models(Section):
    """Which models are asked; unset: the provider's own choice."""

    storyboard_llm: OptionalText = Field(None, description="Text model for storyboards.")
    image_gen: OptionalText = Field(None, description="Image model for keyframes.")
    video_gen: OptionalText = Field(None, description="Video model for clips.")
    video_resolution: str = Field("720p", description="Resolution of clips: 360p, 720p, 1080p, 4k, by model.")
    image_size: str = Field("1K", description="Size of keyframes: 1K, 2K, 4K, by model.")


class Google(Section):
    """Gemini Developer API (key) or Vertex AI (project and location)."""

    api_key: Annotated[SecretStr | None, Unset] = Field(
        None, description="API key; GEMINI_API_KEY and GOOGLE_API_KEY are read too."
    )
    use_vertex_ai: Annotated[bool | None, Unset] = Field(None, description="True: Vertex AI; unset or false: API key.")
    project_id: OptionalText = Field(None, description="Google Cloud project, for Vertex AI.")
    location: str = Field("us-central1", description="Google Cloud location, for Vertex AI.")
    base_url: OptionalText = Field(None, description="Another base address for all calls.")
    request_timeout: Annotated[float, Field(gt=0, le=3600)] = Field(120.0, description="Seconds a call may take.")
    text_rpm: int = Field(0, ge=0, description="Text calls a minute; 0: no limit of ours.")
    image_rpm: int = Field(0, ge=0, description="Pictures a minute; 0: no limit of ours.")
    video_rpm: int = Field(0, ge=0, description="Clips submitted a minute; 0: no limit of ours.")
    output_gcs_uri: OptionalText = Field(None, description="gs:// folder that Veo writes to.")

    @field_validator("base_url")
    @classmethod
    def _address(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"https?://[^\s/]", value):
            raise ValueError("an address like https://host:port")
        return value

    @field_validator("output_gcs_uri")
    @classmethod
    def _bucket(cls, value: str | None) -> str | None:
        if value is not None and not re.match(r"gs://[^\s/]", value):
            raise ValueError("a folder like gs://bucket/folder")
        return value


class Local(Section):
    """The embedded provider, and how it can be told to be slow or to fail."""

    height: int = Field(720, ge=90, le=2160, description="Height of pictures and clips; width follows the ratio.")
    storyboard_seconds: Seconds = Field(0.0, description="A storyboard takes at least that long.")
    image_seconds: Seconds = Field(0.0, description="A picture takes at least that long.")
    clip_seconds: Seconds = Field(0.0, description="A clip takes at least that long.")
    request_timeout: Annotated[float, Field(gt=0, le=3600)] = Field(120.0, description="When a hanging call ends.")
    faults: str = Field("", description="kind:nth:what, comma-separated; kind storyboard|image|clip|poll|fetch.")
    call_log: Annotated[Path | None, Unset] = Field(None, description="File that gets a line per accepted call.")

    @field_validator("faults")
    @classmethod
    def _parseable(cls, value: str) -> str:
        from vidpipe_tui.providers.local.faults import parse_faults

        parse_faults(value)
        return value


class Pricing(Section):
    """Your own prices."""

    file: FilePath = Field(
        default_factory=lambda: paths.config_folder() / "prices.toml",
        description='Prices over the shipped table: [models."ID"] with image, second, input_per_million, ...',
    )


class Interface(Section):
    """The studio."""

    theme: str = Field(
        "vidpipe-dark", description="Theme of the studio: vidpipe-dark, vidpipe-light, or one of Textual's."
    )
    images: Literal["auto", "pixels", "blocks", "off"] = Field(
        "auto", description="How keyframes are shown; pixels: in kitty and Ghostty."
    )
    keymap: dict[str, str] = Field(default_factory=dict, description='Your own keys: {"command": "key,key"}.')
    on_hangup: Literal["stop", "detach"] = Field("stop", description="What a dropped line does to a running film.")
    reduced_motion: bool = Field(False, description="True: nothing moves that need not.")
    ascii: bool = Field(False, description="True: plain ASCII glyphs.")


class Settings(BaseSettings):
    """All settings. Build them with `load_settings()`, which reads every source and turns errors into sentences."""

    model_config = SettingsConfigDict(
        env_prefix="VIDPIPE_", env_nested_delimiter="__", extra="forbid", nested_model_default_partial_update=True
    )

    storage: Storage = Field(default_factory=Storage)
    pipeline: Pipeline = Field(default_factory=Pipeline)
    models: Models = Field(default_factory=Models)
    google: Google = Field(default_factory=Google)
    local: Local = Field(default_factory=Local)
    pricing: Pricing = Field(default_factory=Pricing)
    ui: Interface = Field(default_factory=Interface)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line, environment, `.env`, `config.toml`, defaults; in this order."""
        from vidpipe_tui.config.loading import ConfigFileSource, DotenvSource, KeyNamesSource

        return (
            init_settings,
            env_settings,
            KeyNamesSource(settings_cls),
            DotenvSource(settings_cls),
            ConfigFileSource(settings_cls),
        )
