"""What one snapshot of one tier is made of, and what a tier's own way of writing must offer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from include.publication.catalogue import Mart
from include.publication.policy import PublishedMart


@dataclass(frozen=True)
class Edition:
    """One tier's snapshot: its name, its marts as policy and contracts have them, and what it says of its making.

    ``relations`` names the relation that a mart's rows are read from, where that is not the mart itself.
    """

    tier: str
    name: str
    marts: list[PublishedMart]
    catalogue: dict[str, Mart]
    made_from: dict[str, str]
    gate_results: list[dict]
    relations: dict[str, str] = field(default_factory=dict)
    schema_versions: dict[str, str] = field(default_factory=dict)
    dated_versions: dict = field(default_factory=dict)


# Builds pages into a draft's folder from the marts in it and from what its package says.
Report = Callable[[Path, dict], None]


class Writer(Protocol):
    """How a tier puts its partitions on disk."""

    def write(self, table: pa.Table, folder: Path, mart: str, kab_code: str) -> None:
        """Write one kab/kota's rows of one mart below a snapshot's folder."""

    def counts(self) -> dict[str, int]:
        """How many files of each kind were written beside the marts."""

    def says(self, folder: Path) -> dict:
        """What the data package says beyond its marts; under ``resources`` what else lies in the folder."""

    def is_same(self, one: Path, other: Path) -> bool:
        """Say whether two whole snapshots hold the same content."""
