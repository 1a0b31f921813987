"""Settings: frozen, from the environment, and clear about what is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from include.settings import Settings, SettingsError, settings


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(SettingsError, match="REGSOSEK_LANDING: Field required"):
        settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("timezone", "Asia/Malang"),
        ("field_start", "15 October"),
        ("load_per_enumerator", "0"),
        ("engine", "pandas"),
        ("memory_limit", "80%"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, pointed_at: Callable, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"REGSOSEK_{name.upper()}"):
        pointed_at(tmp_path, **{name: value})


def test_a_window_that_runs_backward_is_refused(tmp_path: Path, pointed_at: Callable) -> None:
    with pytest.raises(SettingsError, match="FIELD_END lies before"):
        pointed_at(tmp_path, field_start="2022-11-01", field_end="2022-10-01")


def test_settings_are_frozen(here: Settings) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        here.engine = "duckdb"
