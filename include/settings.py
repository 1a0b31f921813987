"""Where things are and how the field work is bounded: the environment, read once and frozen."""

import os
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "REGSOSEK_"
PROJECT = Path(__file__).resolve().parent.parent


class SettingsError(ValueError):
    """A setting is missing or wrong; the message names the environment variable to correct."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError("no such time zone") from None
    return name


def closed_to_others(path: Path) -> Path:
    """Let a file of secrets pass that its owner alone may read.

    Raises:
        ValueError: no such file, or its mode lets group or others in.
    """
    if not path.is_file():
        raise ValueError(f"{path} is no file; make one with `python -m include.publication.keys --keys {path} --make`")
    if path.stat().st_mode & 0o077:
        raise ValueError(f"{path} is open to group or others; `chmod 600 {path}`")
    return path


def _store_without_credentials(url: str) -> str:
    if not url:
        return url
    parts = urlsplit(url)
    is_s3 = parts.scheme == "s3" and parts.netloc
    is_folder = parts.scheme == "file" and not parts.netloc and parts.path.strip("/")
    if "@" in url or parts.query or parts.fragment or not (is_s3 or is_folder):
        raise ValueError(
            "write s3://bucket/folder or file:///folder, without user or password: those are read from AWS_*"
        )
    return url.rstrip("/")


AbsolutePath = Annotated[Path, AfterValidator(Path.absolute)]
SecretFile = Annotated[AbsolutePath, AfterValidator(closed_to_others)]


class Settings(BaseSettings):
    """Every ``REGSOSEK_*`` variable. Paths have no default: a guessed folder hides a mistake."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    landing: str = Field(description="Landing zone: a folder or an fsspec URL (file://, s3://); only read")
    raw: AbsolutePath = Field(description="Raw store: one Parquet partition per arrival day")
    warehouse: AbsolutePath = Field(description="DuckDB warehouse file; rebuildable from raw")
    published: AbsolutePath = Field(description="Published snapshots, three tiers and one pointer")
    published_mirror: Annotated[str, AfterValidator(_store_without_credentials)] = Field(
        "", description="Mirror of what is live: s3://bucket/folder or file:///folder; empty, none (docs/adr/0019)"
    )
    state: AbsolutePath = Field(description="What raw cannot give back: run log, gate results, Data Docs")
    scratch: AbsolutePath = Field(description="dbt's target and logs; may be deleted between nights")
    keys_file: SecretFile = Field(description="Keys of the operational tier, mode 0600 (docs/keys.md)")
    pseudonym_key: SecretStr | None = Field(
        None,
        description="Key of the pseudonyms, 32 bytes in base64; without it that of the keys file (docs/privacy.md)",
    )
    engine: Literal["duckdb"] = Field("duckdb", description="SQL engine of the marts")
    memory_limit: str = Field(
        "8GiB", pattern=r"^[0-9]+(MiB|GiB|MB|GB)$", description="What DuckDB may hold while dbt builds"
    )
    field_start: date = Field(date(2022, 10, 15), description="First day of the field window")
    field_end: date = Field(date(2023, 1, 12), description="Last day of the field window (three months)")
    timezone: Annotated[str, AfterValidator(_known_zone)] = Field("Asia/Jakarta", description="Zone of an arrival day")
    load_per_enumerator: int = Field(250, ge=1, description="Load norm: families per enumerator")
    mappings: AbsolutePath = Field(
        PROJECT / "include" / "intake" / "exports" / "mappings",
        description="Mappings of other field tools' exports, one YAML file each",
    )
    thresholds: AbsolutePath = Field(
        PROJECT / "expectations" / "thresholds.yaml", description="Limits of the gates, each with its reason"
    )
    publication_policy: AbsolutePath = Field(
        PROJECT / "include" / "publication" / "publication_policy.csv",
        description="What is published where; no line, no publication",
    )
    smallest_cell: int = Field(
        5, ge=2, description="Families below which a count by an attribute, or a change of one, is not shown"
    )
    schema_versions: AbsolutePath = Field(
        PROJECT / "include" / "publication" / "schema_versions.csv",
        description="Schema version of each mart, raised when its columns change (docs/adr/0016)",
    )

    snapshots_kept: int = Field(
        7, ge=2, description="As-of days whose snapshots housekeeping keeps, besides the last of each week"
    )

    @model_validator(mode="after")
    def _window_runs_forward(self) -> "Settings":
        if self.field_end < self.field_start:
            raise ValueError(f"{PREFIX}FIELD_END lies before {PREFIX}FIELD_START")
        return self

    @model_validator(mode="after")
    def _mirror_lies_apart(self) -> "Settings":
        scheme, _, folder = self.published_mirror.partition("://")
        here, there = self.published.resolve(), Path(folder).resolve()
        if scheme == "file" and (here.is_relative_to(there) or there.is_relative_to(here)):
            raise ValueError(f"{PREFIX}PUBLISHED_MIRROR and {PREFIX}PUBLISHED lie in one another")
        return self


def landing_zone() -> str:
    """The landing zone's setting alone, for the one process that may know no other: Airflow's triggerer.

    Raises:
        SettingsError: it is not set.
    """
    try:
        return os.environ[f"{PREFIX}LANDING"]
    except KeyError:
        raise SettingsError(f"settings: {PREFIX}LANDING: Field required") from None


@cache
def settings() -> Settings:
    """Read the settings from the environment, once a process.

    Raises:
        SettingsError: names every variable that is missing or wrong.
    """
    try:
        return Settings()  # type: ignore[call-arg]  # pydantic-settings fills the fields from the environment
    except ValidationError as error:
        problems = [
            f"{PREFIX}{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" if e["loc"] else e["msg"]
            for e in error.errors(include_input=False, include_url=False)
        ]
        raise SettingsError("settings: " + "; ".join(problems)) from None
