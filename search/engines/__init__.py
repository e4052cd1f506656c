"""The engines: modules of this folder called `<scheme>_engine`, found by being there."""

from __future__ import annotations

import importlib
import pkgutil
from typing import cast

from bulletin.errors import ConfigError, did_you_mean
from search.ports import Engine

_SUFFIX = "_engine"
# Engines whose library comes with an extra of another name.
_EXTRAS = {"tantivy": "large"}


def schemes() -> list[str]:
    """The URL schemes for which there is an engine. Nothing is imported for this."""
    return sorted(
        module.name.removesuffix(_SUFFIX) for module in pkgutil.iter_modules(__path__) if module.name.endswith(_SUFFIX)
    )


def engine_for(url: str) -> Engine:
    """The engine that `url` names. ConfigError for an unknown scheme, or one whose library is not installed."""
    scheme = url.partition("://")[0].partition(":")[0].lower()
    if scheme not in schemes():
        raise ConfigError(f"There is no search engine {scheme!r} (index {url!r}).", did_you_mean(scheme, schemes()))
    try:
        return cast(Engine, importlib.import_module(f"{__name__}.{scheme}{_SUFFIX}"))
    except ModuleNotFoundError as error:
        raise not_installed(scheme, error) from error


def not_installed(scheme: str, error: ModuleNotFoundError) -> ConfigError:
    """What to tell where an engine's library cannot be imported."""
    message = f"The search engine {scheme!r} needs {error.name}, which is not installed."
    return ConfigError(message, f"Install it: pip install 'gongbao[{_EXTRAS.get(scheme, scheme)}]'")
