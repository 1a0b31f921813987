"""The schema version of each mart, and what a change of its columns asks of it (docs/adr/0016)."""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from include.publication.package import FIRST_VERSION
from include.publication.snapshot import PublicationError

_VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)")
_MAJOR, _MINOR = "major", "minor"


@dataclass(frozen=True)
class Change:
    """One difference between a mart as readers have it and as it would be published, and the version it asks for."""

    mart: str
    what: str
    level: str


def read_versions(path: Path) -> dict[str, str]:
    """Read the schema versions, by mart. A mart without a line is at its first, ``1.0.0``.

    Raises:
        PublicationError: a version is no ``major.minor.patch``, or a mart stands twice.
    """
    versions: dict[str, str] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for number, line in enumerate(csv.DictReader(lines), start=2):
            mart, version = line["mart"], line["version"]
            if not _VERSION.fullmatch(version):
                raise PublicationError(
                    f"{path.name} line {number}: {mart} has version {version!r}, not like {FIRST_VERSION}"
                )
            if mart in versions:
                raise PublicationError(f"{path.name} line {number}: {mart} stands twice")
            versions[mart] = version
    return versions


def require_compatible(live: Iterable[dict], drafted: Iterable[dict], versions: dict[str, str]) -> None:
    """Let pass marts whose versions say how their columns changed since what is live.

    A mart, column or type that went, and another grain, break a reader: they need a new major version. A column that
    came needs a new minor one. The order of columns is free, as readers name them; a new mart is free too.

    Args:
        live: resources of the live data package of the tier.
        drafted: resources of the one that would follow.
        versions: by mart; also of marts that are published no more.

    Raises:
        PublicationError: a version is too low; names the mart, what changed and both versions.
    """
    now = _marts(drafted)
    for mart, before in _marts(live).items():
        old, new = before.get("schema_version", FIRST_VERSION), versions.get(mart, FIRST_VERSION)
        for change in _changes(before, now.get(mart)):
            if _parts(new) < _at_least(old, change.level):
                raise PublicationError(
                    f"{change.what}: a {change.level} change of the schema, but its version was {old} and is {new}; "
                    f"raise it in schema_versions.csv or take the change back"
                )
        if _parts(new) < _parts(old):
            raise PublicationError(f"mart {mart}: schema version {new} lies before the live {old}")


def _marts(resources: Iterable[dict]) -> dict[str, dict]:
    return {resource["name"]: resource for resource in resources if "schema" in resource}


def _changes(before: dict, after: dict | None) -> list[Change]:
    mart = before["name"]
    if after is None:
        return [Change(mart, f"mart {mart} is gone", _MAJOR)]
    # Packages of before this version of the code say only the coarser type of Frictionless.
    fields = [*before["schema"]["fields"], *after["schema"]["fields"]]
    kind = "data_type" if all("data_type" in field for field in fields) else "type"
    old, new = _types(before, kind), _types(after, kind)
    gone = [Change(mart, f"mart {mart}: column {name} is gone", _MAJOR) for name in old if name not in new]
    retyped = [
        Change(mart, f"mart {mart}: column {name} was {old[name]} and is {new[name]}", _MAJOR)
        for name in old
        if name in new and old[name] != new[name]
    ]
    grains = [set(resource["schema"]["primaryKey"]) for resource in (before, after)]
    said = " and ".join(f"{word} {', '.join(sorted(grain))}" for word, grain in zip(("was", "is"), grains, strict=True))
    regrained = [Change(mart, f"mart {mart}: its key {said}", _MAJOR)] if grains[0] != grains[1] else []
    came = [Change(mart, f"mart {mart}: column {name} is new", _MINOR) for name in new if name not in old]
    return gone + retyped + regrained + came


def _types(resource: dict, kind: str) -> dict[str, str]:
    return {field["name"]: field[kind] for field in resource["schema"]["fields"]}


def _at_least(old: str, level: str) -> tuple[int, ...]:
    major, minor, _ = _parts(old)
    return (major + 1, 0, 0) if level == _MAJOR else (major, minor + 1, 0)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
