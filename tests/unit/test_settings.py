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
        ("published_mirror", "/somewhere"),
        ("published_mirror", "ftp://host/folder"),
        ("published_mirror", "s3:///folder"),
        ("published_mirror", "file:///"),
        ("published_mirror", "file://host/folder"),
        ("published_mirror", "s3://bucket/folder?versionId=1"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, pointed_at: Callable, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"REGSOSEK_{name.upper()}"):
        pointed_at(tmp_path, **{name: value})


def test_a_window_that_runs_backward_is_refused(tmp_path: Path, pointed_at: Callable) -> None:
    with pytest.raises(SettingsError, match="FIELD_END lies before"):
        pointed_at(tmp_path, field_start="2022-11-01", field_end="2022-10-01")


def test_credentials_in_the_mirrors_url_are_refused_and_not_repeated(tmp_path: Path, pointed_at: Callable) -> None:
    with pytest.raises(SettingsError, match=r"REGSOSEK_PUBLISHED_MIRROR: .*without user or password") as caught:
        pointed_at(tmp_path, published_mirror="s3://user:hush@bucket/folder")
    assert "hush" not in str(caught.value)


@pytest.mark.parametrize("folder", ["published", "published/mirror", "."])
def test_a_mirror_inside_of_what_it_mirrors_is_refused(tmp_path: Path, pointed_at: Callable, folder: str) -> None:
    with pytest.raises(SettingsError, match="REGSOSEK_PUBLISHED_MIRROR and REGSOSEK_PUBLISHED lie in one another"):
        pointed_at(tmp_path, published_mirror=f"file://{tmp_path}/{folder}")


@pytest.mark.parametrize("url", ["", "s3://bucket", "s3://bucket/folder/", "file:///mnt/mirror"])
def test_a_mirror_may_lie_in_a_bucket_or_a_folder(tmp_path: Path, pointed_at: Callable, url: str) -> None:
    assert pointed_at(tmp_path, published_mirror=url).published_mirror == url.rstrip("/")


def test_settings_are_frozen(here: Settings) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        here.engine = "duckdb"
