"""Reads the settings from every source, says where each value is from, and turns mistakes into sentences."""

from __future__ import annotations

import difflib
import json
import os
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, InitSettingsSource
from pydantic_settings.exceptions import SettingsError as SourceError

from vidpipe_tui.config.dotenv import KEY_NAMES, PREFIX, dotenv_values_of_ours
from vidpipe_tui.config.paths import config_file
from vidpipe_tui.config.schema import Settings
from vidpipe_tui.errors import SettingsError

NOT_SETTINGS = ("VIDPIPE_DEBUG", "VIDPIPE_DEBUG_LOOP")
_overrides: dict[str, Any] = {}
_current: Settings | None = None


class DotenvSource(EnvSettingsSource):
    """Our keys of the `.env` in the current folder."""

    def _load_env_vars(self) -> Mapping[str, str | None]:
        values = dotenv_values_of_ours()[0]
        named = next((values[name] for name in KEY_NAMES if values.get(name)), None)
        lowered: dict[str, str | None] = {key.lower(): value for key, value in values.items() if key not in KEY_NAMES}
        if named and "vidpipe_google__api_key" not in lowered:
            lowered["vidpipe_google__api_key"] = named
        return lowered


class KeyNamesSource(InitSettingsSource):
    """The API key under the names other tools use: GEMINI_API_KEY, GOOGLE_API_KEY."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        key = next((os.environ[name] for name in KEY_NAMES if os.environ.get(name)), None)
        super().__init__(settings_cls, init_kwargs={"google": {"api_key": key}} if key else {})


class ConfigFileSource(InitSettingsSource):
    """The user's `config.toml`."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls, init_kwargs=read_config_file())


def read_config_file() -> dict[str, Any]:
    """The tables of `config.toml`, {} where there is none; raises SettingsError when it cannot be read."""
    path = config_file()
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read: {error.strerror}.", hint="Make it readable or take it away."
        ) from None
    except ValueError as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.", hint="Mend that line.") from None
    for name, value in tables.items():
        if name in Settings.model_fields and not isinstance(value, dict):
            raise SettingsError(
                f"{name} in {path} is {_shown(name, value)}; allowed is a table.",
                hint=f"Write [{name}] and its keys below it.",
            )
    return tables


def known_keys() -> dict[str, str]:
    """Every settings key (`section.name`) with its description."""
    keys = {}
    for section, field in Settings.model_fields.items():
        table = field.annotation
        if isinstance(table, type) and issubclass(table, BaseModel):
            for name, inner in table.model_fields.items():
                keys[f"{section}.{name}"] = inner.description or ""
    return keys


def load_settings(overrides: Mapping[str, Any] | None = None) -> Settings:
    """Reads all sources. `overrides` are nested values from the command line. Raises SettingsError with a sentence."""
    _refuse_unknown_names(os.environ, "the environment")
    _refuse_unknown_names(dotenv_values_of_ours()[0], ".env")
    try:
        return Settings(**(dict(overrides or {})))
    except ValidationError as error:
        raise SettingsError(_sentence(error), hint="`vidpipe config` lists every key.") from None
    except SourceError as error:
        raise _unreadable(error) from None


def _unreadable(error: SourceError) -> SettingsError:
    """The sentence for a value that is to be JSON and is none; pydantic names only the section."""
    for where, names in (("the environment", os.environ), (".env", dotenv_values_of_ours()[0])):
        for name, value in names.items():
            if name.upper() in _json_names() and not _is_json(value):
                return SettingsError(
                    f"{name} in {where} is {_shown(name.removeprefix(PREFIX), value)}; allowed is a table as JSON.",
                    hint='Write it like {"key": "value"}.',
                )
    return SettingsError(f"A setting cannot be read: {error}.", hint="Lists and tables are written as JSON.")


def _json_names() -> set[str]:
    return {f"{PREFIX}{section}".upper() for section in Settings.model_fields} | {"VIDPIPE_UI__KEYMAP"}


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def configure(overrides: Mapping[str, Any]) -> Settings:
    """Lays command line values over everything else from now on, and returns the effective settings."""
    _overrides.clear()
    _overrides.update(overrides)
    reset()
    return current()


def current() -> Settings:
    """The effective settings, read once."""
    global _current  # noqa: PLW0603  # the one place that holds them
    if _current is None:
        _current = load_settings(_overrides)
    return _current


def reset() -> None:
    """Forgets the settings; the next use reads them again."""
    global _current  # noqa: PLW0603
    _current = None


def notices() -> list[str]:
    """Sentences about what was left out on purpose."""
    return [
        f"{name} in .env is ignored: a folder may not change it. Set it in the environment or in {config_file()}."
        for name in dotenv_values_of_ours()[1]
    ]


def provenance(settings: Settings) -> Iterator[tuple[str, Any, str]]:
    """(key, value, source) of every setting in the schema's order; secrets are masked."""
    sources = [
        ("command line", _nested(_overrides)),
        ("environment", _named(os.environ)),
        (".env", _named(dotenv_values_of_ours()[0])),
        (str(config_file()), _nested(read_config_file())),
    ]
    for key in known_keys():
        section, name = key.split(".", 1)
        value = getattr(getattr(settings, section), name)
        if isinstance(value, SecretStr):
            value = "********"
        yield key, value, next((where for where, keys in sources if key in keys), "default")


def _nested(tables: Mapping[str, Any]) -> set[str]:
    """The keys (`section.name`) that nested tables set."""
    return {f"{section}.{name}" for section, table in tables.items() if isinstance(table, Mapping) for name in table}


def _named(variables: Mapping[str, str]) -> set[str]:
    """The keys that variables set: one by one, inside of a key, a whole section as JSON, or the API key by name."""
    found = {"google.api_key"} if any(variables.get(name) for name in KEY_NAMES) else set()
    by_name = {f"{PREFIX}{key.replace('.', '__')}".upper(): key for key in known_keys()}
    for name, value in variables.items():
        upper = name.upper()
        key = by_name.get(upper) or by_name.get(upper.rpartition("__")[0])
        if key is not None:
            found.add(key)
        elif upper in _json_names():
            found |= _nested({upper.removeprefix(PREFIX).lower(): json.loads(value)})
    return found


def _refuse_unknown_names(names: Mapping[str, str], where: str) -> None:
    known = {f"{PREFIX}{key.replace('.', '__')}".upper(): key for key in known_keys()}
    sections = {f"{PREFIX}{section}".upper() for section in Settings.model_fields}
    for name in names:
        upper = name.upper()
        if not upper.startswith(PREFIX) or upper in known or upper in NOT_SETTINGS or upper in sections:
            continue
        if upper.startswith("VIDPIPE_UI__KEYMAP__"):
            continue
        near = difflib.get_close_matches(upper, known, n=1)
        hint = f"Did you mean {near[0]}?" if near else "`vidpipe config` lists every key."
        raise SettingsError(f"{name} in {where} is no setting of vidpipe.", hint=hint)


def _sentence(error: ValidationError) -> str:
    parts = []
    for problem in error.errors(include_url=False):
        key = ".".join(str(part) for part in problem["loc"][:2])
        if problem["type"] == "extra_forbidden":
            near = difflib.get_close_matches(key, known_keys(), n=1)
            parts.append(f"{key} is no setting of vidpipe" + (f" (did you mean {near[0]}?)." if near else "."))
            continue
        parts.append(f"{key} is {_shown(key, problem.get('input'))}; allowed is {_allowed(dict(problem))}.")
    return " ".join(dict.fromkeys(parts))


def _shown(key: str, value: Any) -> str:
    if key.lower() in {"google", "google.api_key"}:  # what holds a key, or may
        return "********"
    return repr(value[:80] + "..." if isinstance(value, str) and len(value) > 80 else value)


def _allowed(problem: Mapping[str, Any]) -> str:
    context = problem.get("ctx", {})
    kinds = {
        "int_parsing": "a whole number",
        "int_from_float": "a whole number",
        "int_type": "a whole number",
        "float_parsing": "a number",
        "float_type": "a number",
        "finite_number": "a finite number",
        "bool_parsing": "true or false",
        "bool_type": "true or false",
        "string_type": "text",
        "path_type": "a path",
        "literal_error": str(context.get("expected", "")).replace("'", ""),
        "value_error": str(context.get("error", "")),
        "greater_than_equal": f"{context.get('ge')} or more",
        "less_than_equal": f"at most {context.get('le')}",
        "greater_than": f"more than {context.get('gt')}",
        "dict_type": "a table",
        "model_type": "a table",
    }
    return (kinds.get(problem["type"]) or str(problem["msg"])).replace(".0 or more", " or more")
