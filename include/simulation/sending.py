"""Packing the parcels and putting them into the folder of their arrival day."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import polars as pl

from include.contract import FAMILY_MEMBER, PERSON_MEMBER
from include.simulation.bundling import Bundles
from include.simulation.families import Province
from include.simulation.field_force import FieldForce
from include.simulation.parcels import Parcel, packed, parcels
from include.simulation.sheets import Sheets
from include.simulation.violations import Verdicts, no_verdicts

BUNDLE_SCHEMA = {
    "bundle_name": pl.String,
    "arrival_day": pl.String,
    "sha256": pl.String,
    "documents": pl.Int64,
    "persons": pl.Int64,
    "expected_outcome": pl.String,
    "expected_reason": pl.String,
}

# A defect before its id is given and its document's fate is known.
DEFECT_SCHEMA = {
    "kind": pl.String,
    "bundle_name": pl.String,
    "arrival_day": pl.String,
    "member": pl.String,
    "row_number": pl.Int64,
    "submission_id": pl.String,
    "revision": pl.String,
    "line": pl.String,
    "expected_outcome": pl.String,
    "expected_reason_or_rule": pl.String,
    "document_row": pl.Int64,
}


@dataclass(frozen=True)
class Sent:
    """The rows as sent, and one row a bundle in the columns of BUNDLE_SCHEMA, the sound ones first, in order.

    `rejected_reason` says of each family row what was done to it, `verdicts` which rules it breaks; `defects` lists
    all that was injected.
    """

    bundles: Bundles
    sheets: Sheets
    listed: pl.DataFrame
    rejected_reason: pl.Series
    verdicts: Verdicts
    defects: pl.DataFrame


def send(province: Province, force: FieldForce, bundles: Bundles, sheets: Sheets, folder: Path) -> Sent:
    """Write every bundle below `folder`, by arrival day."""
    listed = [put(parcel, packed(parcel), folder) for parcel in parcels(province, force, bundles, sheets)]
    rows = sheets.families.height
    return Sent(
        bundles=bundles,
        sheets=sheets,
        listed=bundle_list(listed),
        rejected_reason=pl.Series([None], dtype=pl.String).new_from_index(0, rows),
        verdicts=no_verdicts(),
        defects=pl.DataFrame(schema=DEFECT_SCHEMA),
    )


def bundle_list(listed: Iterable[tuple[object, ...]]) -> pl.DataFrame:
    """The list of bundles as a frame."""
    return pl.DataFrame(list(listed), schema=BUNDLE_SCHEMA, orient="row")


def put(
    parcel: Parcel, data: bytes, folder: Path, outcome: str = "accepted", reason: str | None = None
) -> tuple[object, ...]:
    """Write one bundle's bytes and return its row of the list."""
    path = folder / parcel.arrival_day / parcel.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    counts = (parcel.row_counts[FAMILY_MEMBER], parcel.row_counts[PERSON_MEMBER])
    return (parcel.name, parcel.arrival_day, sha256(data).hexdigest(), *counts, outcome, reason)
