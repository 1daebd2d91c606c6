"""Finds providers by name, through the entry point group `vidpipe.providers`, and reads the person's own prices."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, cast

from vidpipe_tui.errors import SettingsError, UsageError
from vidpipe_tui.providers.base import Provider, ProviderContext

if TYPE_CHECKING:
    from vidpipe_tui.providers.models import Catalogue

GROUP = "vidpipe.providers"
_OWN = {"local": "vidpipe_tui.providers.local", "google": "vidpipe_tui.providers.google"}
_PRICE_KEYS = ("input_per_million", "output_per_million", "image", "second")


def names() -> list[str]:
    """Every provider that is installed, our own first."""
    installed = {entry.name for entry in entry_points(group=GROUP)}
    return [*_OWN, *sorted(installed - set(_OWN))]


def create(name: str, context: ProviderContext) -> Provider:
    """The provider of that name; raises UsageError where there is none, or where it cannot work as it is set up."""
    if name in _OWN:
        factory = cast("Callable[[ProviderContext], Provider]", import_module(_OWN[name]).create)
        return factory(context)
    for entry in entry_points(group=GROUP):
        if entry.name == name:
            factory = cast("Callable[[ProviderContext], Provider]", entry.load())
            return factory(context)
    raise UsageError(f"There is no provider called {name!r}.", hint=f"Installed are {', '.join(names())}.")


def priced_catalogue(provider: Provider, prices: Mapping[str, Mapping[str, float]]) -> Catalogue:
    """The provider's models with the person's own prices over the shipped ones."""
    return provider.catalogue.priced(prices)


def load_prices(path: Path) -> Mapping[str, Mapping[str, float]]:
    """The person's price file: `[models."ID"]` tables, US dollars; {} where there is none. Raises SettingsError."""
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"The price file {path} cannot be read: {error}.", hint="Mend it or take it away."
        ) from None
    models = data.get("models", {})
    prices: dict[str, dict[str, float]] = {}
    for model, table in models.items() if isinstance(models, dict) else ():
        if not isinstance(table, dict):
            raise SettingsError(f"{path}: {model} is no table.", hint=f'Write [models."{model}"] and prices below it.')
        for key, value in table.items():
            if key not in _PRICE_KEYS or isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
                raise SettingsError(
                    f"{path}: {key} = {value!r} of {model} is no price.",
                    hint=f"Allowed are {', '.join(_PRICE_KEYS)}, in US dollars, 0 or more.",
                )
            prices.setdefault(model, {})[key] = float(value)
    unknown = set(data) - {"models"}
    if unknown:
        raise SettingsError(f"{path}: {min(unknown)} is not known there.", hint='Prices stand in [models."ID"] tables.')
    return prices
