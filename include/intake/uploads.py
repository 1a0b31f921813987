"""One arrival day: ``landing/uploads/D`` and ``landing/exports/D`` to raw partition ``uploads/D``.

A pure function of the two folders and of the mappings through which the exports are read.
"""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from itertools import islice
from pathlib import Path

from include.contract import FAMILY_MEMBER, PERSON_MEMBER
from include.intake import raw_schema
from include.intake.arrival import UPLOADS, Arrival, arrival
from include.intake.bundle import Bundle, read_bundle
from include.intake.exports.folder import read_folder
from include.intake.exports.mapping_file import PACKAGED
from include.intake.landing import Landing, fingerprint, folder_day
from include.intake.raw_store import Partition, RawWriter, remove, replacing, write_note

KIND = UPLOADS
_BUNDLES_A_BATCH = 500
_TABLES = {
    "bundles": raw_schema.BUNDLES,
    "bundle_findings": raw_schema.BUNDLE_FINDINGS,
    "documents": raw_schema.DOCUMENTS,
    "persons": raw_schema.PERSONS,
}


def take_in_uploads(landing: Landing, arrival_day: str, raw: Path, mappings: Path = PACKAGED) -> Partition | None:
    """Take in one arrival day; whatever the order or number of runs, the same folders give the same bytes.

    Returns the partition's note, or ``None`` if nothing arrived, in which case no partition stands for the day.

    Raises:
        LandingError: the folder's name is no day.
        MappingError: a mapping that an export of the day needs is not valid.
    """
    day = folder_day(KIND, arrival_day)
    arrived = arrival(landing, arrival_day, mappings)
    if not arrived.files:
        remove(raw, KIND, arrival_day)
        return None
    with replacing(raw, KIND, arrival_day) as folder:
        digest = hashlib.sha256()
        rows = _write_tables(_bundles(landing, arrived, day, mappings), day, folder, digest)
        partition = Partition(fingerprint(arrived.files), digest.hexdigest(), rows)
        write_note(folder, partition)
    return partition


def _bundles(landing: Landing, arrived: Arrival, day: date, mappings: Path) -> Iterator[Bundle]:
    for file in arrived.bundles:
        yield read_bundle(file.name, landing.read(file), day)
    for mapping_id, files in arrived.exports.items():
        yield from read_folder(landing, mapping_id, files, mappings, day)


def _write_tables(
    bundles: Iterator[Bundle], arrival_day: date, folder: Path, digest: "hashlib._Hash"
) -> dict[str, int]:
    with ExitStack() as stack:
        writers = {table: RawWriter(folder / f"{table}.parquet", schema) for table, schema in _TABLES.items()}
        for writer in writers.values():
            stack.callback(writer.close)
        while taken := list(islice(bundles, _BUNDLES_A_BATCH)):
            batch: dict[str, list[list]] = {table: [] for table in _TABLES}
            for bundle in taken:
                digest.update(f"{bundle.name} {bundle.sha256}\n".encode())
                _add(batch, bundle, arrival_day)
            for table, rows in batch.items():
                writers[table].write(rows)
        return {table: writer.rows for table, writer in writers.items()}


def _add(batch: dict[str, list[list]], bundle: Bundle, arrival_day: date) -> None:
    lineage = [arrival_day, bundle.sha256, bundle.name]
    batch["bundles"].append([*lineage, *_ledger_row(bundle)])
    batch["bundle_findings"] += [
        [*lineage, finding.reason, finding.member, finding.row_number, finding.detail] for finding in bundle.findings
    ]
    if bundle.is_readable:
        version = bundle.manifest and bundle.manifest.form_version
        for table, member in (("documents", FAMILY_MEMBER), ("persons", PERSON_MEMBER)):
            rows = bundle.members[member].rows
            batch[table] += [[*lineage, number, version, *row] for number, row in enumerate(rows, start=1)]


def _ledger_row(bundle: Bundle) -> list:
    named, manifest = bundle.named, bundle.manifest
    return [
        bundle.size_bytes,
        named and named.kab_code,
        named and named.enumerator_id,
        named and named.field_day,
        manifest and manifest.enumerator_id,
        manifest and manifest.supervisor_id,
        manifest and manifest.device_id,
        manifest and manifest.form_version,
        manifest and manifest.uploaded_at,
    ]
