"""Where tests find the real pages and texts, and what is left out where they are absent."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

#: A busy machine is no failure; and what holds today holds tomorrow: examples are drawn alike every time. To look for
#: others: pytest --hypothesis-profile=exploring.
settings.register_profile("untimed", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("exploring", settings.get_profile("untimed"), derandomize=False)
settings.load_profile("untimed")

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real pages and texts beside the repository."""
    return SHARED


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    absent = {
        "shared": not SHARED.is_dir(),
        "witness": not os.environ.get("GONGBAO_TEST_PYWB"),
        "browser": not os.environ.get("GONGBAO_TEST_REPLAYWEB"),
    }
    without = [item for item in items if any(gone and item.get_closest_marker(name) for name, gone in absent.items())]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if item not in without]
