"""A snapshot that takes over what did not change by hard link, and writes only the marts of the events anew."""

import shutil
from pathlib import Path, PurePosixPath

import duckdb

from include.durable import sync_tree
from include.publication.base import Base, require_sound
from include.publication.edition import Edition, Writer
from include.publication.link import link
from include.publication.metadata.forms import FOLDER as FORMS
from include.publication.package import (
    DICTIONARY,
    PACKAGE,
    dictionary,
    headed,
    read_dictionary,
    resources,
    write_papers,
)
from include.publication.privacy import require_encrypted
from include.publication.schema_version import require_compatible
from include.publication.snapshot import swap_in, write_mart

GATE = "shock"
# Apart from a night's `.beside-`: each takes away what its own earlier run left, and never what the other is writing.
_BESIDE = ".response.beside-"


def write_overlay(
    connection: duckdb.DuckDBPyConnection, published: Path, base: Base, edition: Edition, writer: Writer
) -> dict[str, int]:
    """Write a snapshot of the marts of ``edition`` and, linked, of all else in ``base``; return the new marts' rows.

    Nothing is live yet. A snapshot of that name that is whole stays, and must be equal.

    Raises:
        BaseError: the base is not as its papers say.
        PublicationError: as for a night's snapshot.
        PrivacyError: a new file is not encrypted.
    """
    require_sound(base)
    snapshots = published / edition.tier / "snapshots"
    for leftover in snapshots.glob(f"{_BESIDE}*"):
        shutil.rmtree(leftover)
    beside, home = snapshots / f"{_BESIDE}{edition.name}", snapshots / edition.name
    beside.mkdir()
    linked = _take_over(base, beside, {mart.name for mart in edition.marts})
    rows = {mart.name: write_mart(connection, beside, mart, edition, writer) for mart in edition.marts}
    made = resources(beside, edition, rows)
    before = [resource for resource in base.package["resources"] if resource["name"] in rows]
    require_compatible(before, made, edition.schema_versions)
    _write_papers(beside, base, edition, made, writer.says(beside), linked)
    require_encrypted(beside, linked)
    sync_tree(beside)
    swap_in(beside, home, writer)
    return rows


def _take_over(base: Base, beside: Path, changed: set[str]) -> dict[str, str]:
    """Link every file of the base but its papers, the changed marts and their lists; return their checksums."""
    kept = {
        path: sha256 for path, sha256 in base.sums.items()
        if path not in (PACKAGE, DICTIONARY)
        and not {PurePosixPath(path).parts[0], PurePosixPath(path).stem} & {*changed, FORMS}
    }  # fmt: skip
    for path in kept:
        link(base.folder / path, beside / path)
    return kept


def _write_papers(
    beside: Path, base: Base, edition: Edition, made: list[dict], says: dict, linked: dict[str, str]
) -> None:
    """Say of the linked files what the base said, of the new ones what is new, in a night's order."""
    changed = {mart["name"] for mart in made}
    kept = [r for r in base.package["resources"] if not {r["name"], r.get("of")} & changed]
    marts = [resource for resource in [*kept, *made] if resource["format"] == "parquet"]
    lists = [resource for resource in [*kept, *says["resources"]] if resource["format"] != "parquet"]
    package = {
        **says,
        "resources": [*sorted(marts, key=lambda mart: mart["name"]), *sorted(lists, key=lambda of: of["name"])],
        "gates": _by_gate([v for v in base.package["gates"] if v["gate"] != GATE] + edition.gate_results),
        "versions": base.package.get("versions", {}),
        "keyed_digests": {p: d for p, d in base.package["keyed_digests"].items() if p in linked}
        | says["keyed_digests"],
        "list_rows": {p: d for p, d in base.package.get("list_rows", {}).items() if p in linked} | says["list_rows"],
    }
    lines = [line for line in read_dictionary(base.folder) if line[0] not in changed] + dictionary(edition)
    write_papers(beside, headed(edition, package), sorted(lines, key=lambda line: line[0]), linked)


def _by_gate(verdicts: list[dict]) -> list[dict]:
    return sorted(verdicts, key=lambda verdict: verdict["gate"])
