"""A bundle as an enumerator's tablet packs it: two CSV members and a manifest in a zip whose bytes never vary."""

import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from io import BytesIO

import numpy as np
import polars as pl

from include.contract import CONTRACT, FAMILY_MEMBER, FORM_VERSIONS, MANIFEST_MEMBER, PERSON_MEMBER
from include.simulation.bundling import Bundles
from include.simulation.draws import Draws, Ints
from include.simulation.families import Province
from include.simulation.field_force import FieldForce
from include.simulation.sheets import Sheets
from include.simulation.timing import UTC_OFFSET

# The first day that a zip can hold: a clock here would give other bytes each time.
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE_FILE = 3, 0o100644 << 16
_LEVEL = 6


@dataclass(frozen=True)
class Parcel:
    """What goes into one bundle; `row_counts` is what the manifest claims."""

    name: str
    arrival_day: str
    manifest: dict[str, object]
    members: dict[str, bytes]
    row_counts: dict[str, int]
    checksums: dict[str, str] = field(default_factory=dict)


def parcels(province: Province, force: FieldForce, bundles: Bundles, sheets: Sheets) -> Iterator[Parcel]:
    """One parcel a bundle, in order."""
    first_day, count = province.plan.first_day, len(bundles.staff)
    texts = {
        FAMILY_MEMBER: csv_parts(sheets.families, sheets.family_bundle, count),
        PERSON_MEMBER: csv_parts(sheets.persons, sheets.person_bundle, count),
    }
    minute = Draws(province.plan.seed).between("upload minute", bundles.staff * 4096 + bundles.day, 0, 179)
    for at in range(count):
        staff = int(bundles.staff[at])
        field_day, arrival_day = (first_day + timedelta(days=int(d[at])) for d in (bundles.day, bundles.arrival))
        form_version = FORM_VERSIONS[int(bundles.is_draft_form[at])]
        yield Parcel(
            name=bundle_name(force.kab_code[staff], force.staff_id[staff], field_day, int(bundles.sequence[at])),
            arrival_day=arrival_day.isoformat(),
            manifest=_manifest(force, staff, form_version, _uploaded_at(arrival_day, int(minute[at]))),
            members={member: parts[at][0] for member, parts in texts.items()},
            row_counts={member: parts[at][1] for member, parts in texts.items()},
        )


def _manifest(force: FieldForce, staff: int, form_version: str, uploaded_at: str) -> dict[str, object]:
    """The manifest but for its files."""
    return {
        "contract": CONTRACT,
        "form_version": form_version,
        "enumerator_id": force.staff_id[staff],
        "supervisor_id": force.supervisor_id[staff],
        "device_id": f"TAB-{staff:04X}",
        "uploaded_at": uploaded_at,
    }


def _uploaded_at(day: date, minute_after_eight: int) -> str:
    return f"{day}T{20 + minute_after_eight // 60}:{minute_after_eight % 60:02d}:00{UTC_OFFSET}"


def bundle_name(kab_code: str, enumerator_id: str, field_day: date, sequence: int) -> str:
    """The name that the contract asks for."""
    return f"{kab_code}_{enumerator_id}_{field_day:%Y%m%d}_{sequence:02d}.zip"


def csv_parts(rows: pl.DataFrame, bundle: Ints, bundles: int) -> list[tuple[bytes, int]]:
    """The CSV text (header included) and the row count of each bundle; rows come in order of their bundles."""
    text = rows.write_csv().encode()
    ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == ord("\n")) + 1
    header = text[: ends[0]]
    counts = np.bincount(bundle, minlength=bundles)
    last = np.cumsum(counts)
    return [
        (header + text[ends[stop - size] : ends[stop]], int(size))
        for stop, size in zip(last.tolist(), counts.tolist(), strict=True)
    ]


def packed(parcel: Parcel) -> bytes:
    """The bundle's bytes, the manifest first."""
    listed = {
        member: {"sha256": parcel.checksums.get(member) or sha256(text).hexdigest(), "rows": parcel.row_counts[member]}
        for member, text in parcel.members.items()
    }
    manifest = json.dumps({**parcel.manifest, "files": listed}, indent=1).encode()
    memory = BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for member, text in {MANIFEST_MEMBER: manifest, **parcel.members}.items():
            archive.writestr(_entry(member), text)
    return memory.getvalue()


def _entry(member: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(member, _ZIP_DATE)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system, entry.external_attr = _UNIX, _READABLE_FILE
    return entry
