"""Fixtures every level shares: settings that point into the test's own folder, and a landing zone there."""

import os
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from include.settings import Settings, settings
from tests.builders import LandingZone, keys_file
from tests.core import core_policy, core_project

os.environ.setdefault("AIRFLOW__CORE__LOAD_EXAMPLES", "False")
os.environ.setdefault("AIRFLOW__USAGE_DATA_COLLECTION__ENABLED", "False")


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget whatever REGSOSEK_* the shell or the Makefile set: a test says itself where things are."""
    for name in [name for name in os.environ if name.startswith("REGSOSEK_")]:
        monkeypatch.delenv(name)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(scope="module", autouse=True)
def _core_where_marked(request: pytest.FixtureRequest) -> Iterator[None]:
    """Build the core of the project alone in a file that is marked so."""
    with core_project() if request.node.get_closest_marker("core") else nullcontext():
        yield


@pytest.fixture
def pointed_at(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Callable[..., Settings]:
    """Point the settings at folders below one root; more settings by name."""
    is_core = request.node.get_closest_marker("core") is not None

    def point(root: Path, **more: object) -> Settings:
        if is_core:
            root.mkdir(parents=True, exist_ok=True)
            more = {"publication_policy": core_policy(root)} | more
        places = {name: root / name for name in ("landing", "raw", "published", "state", "scratch")}
        files = {"warehouse": root / "regsosek.duckdb", "keys_file": keys_file(root)}
        for name, value in {**places, **files, **more}.items():
            monkeypatch.setenv(f"REGSOSEK_{name.upper()}", str(value))
        settings.cache_clear()
        return settings()

    return point


@pytest.fixture
def here(tmp_path: Path, pointed_at: Callable[..., Settings]) -> Settings:
    """Settings that point below the test's folder."""
    return pointed_at(tmp_path)


@pytest.fixture
def zone(here: Settings) -> LandingZone:
    """A landing zone with a frame and nothing else."""
    return LandingZone(Path(here.landing)).with_frame()


# Files that take a minute and more: first, so that no worker of two waits for the other at the end.
LONGEST = (
    "e2e/test_nights", "warehouse/test_order", "warehouse/test_landing_properties", "warehouse/test_corrections",
    "warehouse/test_rule_dates", "e2e/test_recomputed", "e2e/test_loop", "e2e/test_airflow_night",
    "warehouse/test_gate_history",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; within a file the order stays."""

    def place(item: pytest.Item) -> int:
        return next((n for n, name in enumerate(LONGEST) if f"{name}.py" in item.path.as_posix()), len(LONGEST))

    items.sort(key=place)
