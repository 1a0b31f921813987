"""What an attacker reads: mart ``area_profile`` of the snapshots that were live, in order, and of drafts."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import duckdb

from include.publication.attacker.attack import Finding, Snapshot, attack
from include.publication.pointer import ever_live

MART = "area_profile"
NIGHTS = 5


class DisclosureError(RuntimeError):
    """A draft would tell a small count, or a small change; the message names attribute and area, never the number."""


def require_nothing_follows(published: Path, drafts: Iterable[Path], smallest: int) -> None:
    """Let drafts pass from which nothing small can be worked out: alone, with each other, or with the last nights.

    Raises:
        DisclosureError: names everything found.
    """
    drafts = [draft for draft in drafts if (draft / MART).exists()]
    if drafts:
        found = attack_snapshots([*were_live(published)[-NIGHTS:], *drafts], smallest)
        if found:
            raise DisclosureError("nothing is published: " + "; ".join(found[:20]))


def were_live(published: Path, tier: str = "open") -> list[Path]:
    """The snapshots of a tier that ever were live and are still there, by the first time they were."""
    folders = [published / tier / "snapshots" / name for name in ever_live(published, tier)]
    return [folder for folder in folders if (folder / MART).exists()]


def attack_snapshots(folders: list[Path], smallest: int) -> list[str]:
    """Say what can be worked out from snapshots, in the order of their publication."""
    told = [read_snapshot(folder) for folder in folders]
    found = []
    for name in sorted({name for attributes in told for name in attributes}):
        seen = [attributes[name] for attributes in told if name in attributes]
        areas = {area for _, of in seen for area in of}
        # An area that a snapshot does not name came with a later frame.
        snapshots = [replace(snapshot, outside=snapshot.outside | (areas - of)) for snapshot, of in seen]
        findings: list[Finding] = attack(snapshots, areas, smallest)
        found += [f"{name}: {finding}" for finding in findings]
    return found


def read_snapshot(folder: Path) -> dict[str, tuple[Snapshot, set[str]]]:
    """Of each attribute what a snapshot shows, and the finest areas it names."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            "select attribute, area_code, category, families, attribute_families, status"
            " from read_parquet(?, hive_partitioning = false) order by all",
            [f"{folder / MART}/**/*.parquet"],
        ).fetchall()
    by_attribute: dict[str, list[tuple]] = {}
    for attribute, *row in rows:
        by_attribute.setdefault(attribute, []).append(tuple(row))
    return {attribute: _snapshot(of) for attribute, of in by_attribute.items()}


def _snapshot(rows: list[tuple]) -> tuple[Snapshot, set[str]]:
    digits = max(len(area) for area, *_ in rows)
    finest = {area for area, *_ in rows if len(area) == digits}
    cells = {(area, category): families for area, category, families, *_ in rows if families is not None}
    totals = {area: total for area, _, families, total, _ in rows if total is not None}
    outside = frozenset(area for area, *_, status in rows if status == "not_counted_yet" and area in finest)
    return Snapshot(cells, totals, outside), finest
