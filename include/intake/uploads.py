"""One arrival day: ``landing/uploads/D`` and ``landing/exports/D`` to raw partition ``uploads/D``.

A pure function of the two folders and of the mappings through which the exports are read.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import date
from itertools import chain, islice
from pathlib import Path

from include.contract import FAMILY_MEMBER, PERSON_MEMBER
from include.intake import raw_schema
from include.intake.arrival import UPLOADS, Arrival, arrival
from include.intake.bundle import Bundle, read_bundle, refuse_unopened
from include.intake.exports.folder import read_folder
from include.intake.exports.mapping_file import PACKAGED
from include.intake.landing import LandedFile, Landing, fingerprint, folder_day
from include.intake.raw_store import Partition, RawWriter, remove, replacing, write_note
from include.intake.unpack import PACKED_BYTES_MAX

KIND = UPLOADS
# Rows are held as text until a batch is written: bounded by bundles in an ordinary night, by bytes in a hostile one.
_BUNDLES_A_BATCH = 500
_UNPACKED_BYTES_A_BATCH = 32 * 2**20
_ROWS_A_WRITE = 20_000
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
        yield _read(landing, file, day)
    for mapping_id, files in arrived.exports.items():
        yield from read_folder(landing, mapping_id, files, mappings, day)


def _write_tables(
    bundles: Iterator[Bundle], arrival_day: date, folder: Path, digest: "hashlib._Hash"
) -> dict[str, int]:
    with ExitStack() as stack:
        writers = {table: RawWriter(folder / f"{table}.parquet", schema) for table, schema in _TABLES.items()}
        for writer in writers.values():
            stack.callback(writer.close)
        for batch in _batches(bundles):
            digest.update("".join(f"{bundle.name} {bundle.sha256}\n" for bundle in batch).encode())
            for table, rows in _rows(batch, arrival_day).items():
                while some := list(islice(rows, _ROWS_A_WRITE)):
                    writers[table].write(some)
        return {table: writer.rows for table, writer in writers.items()}


def _batches(bundles: Iterator[Bundle]) -> Iterator[list[Bundle]]:
    """Give the day's bundles some at a time; each batch is emptied before the next is read."""
    batch: list[Bundle] = []
    unpacked = 0
    for bundle in bundles:
        batch.append(bundle)
        unpacked += bundle.unpacked_bytes
        del bundle  # a second reference would keep the last of a batch while the next is read
        if len(batch) == _BUNDLES_A_BATCH or unpacked > _UNPACKED_BYTES_A_BATCH:
            yield batch
            batch.clear()
            unpacked = 0
    yield batch


def _read(landing: Landing, file: LandedFile, arrival_day: date) -> Bundle:
    if file.size > PACKED_BYTES_MAX:
        return refuse_unopened(file.name, landing.pieces(file), arrival_day)
    return read_bundle(file.name, landing.read(file), arrival_day)


def _rows(batch: list[Bundle], arrival_day: date) -> dict[str, Iterator[list]]:
    """Rows of each raw table, made as they are asked for."""
    return {
        "bundles": ([*_lineage(bundle, arrival_day), *_ledger_row(bundle)] for bundle in batch),
        "bundle_findings": (
            [*_lineage(bundle, arrival_day), finding.reason, finding.member, finding.row_number, finding.detail]
            for bundle in batch
            for finding in bundle.findings
        ),
        "documents": chain.from_iterable(_member_rows(bundle, FAMILY_MEMBER, arrival_day) for bundle in batch),
        "persons": chain.from_iterable(_member_rows(bundle, PERSON_MEMBER, arrival_day) for bundle in batch),
    }


def _member_rows(bundle: Bundle, member: str, arrival_day: date) -> Iterable[list]:
    if not bundle.is_readable:
        return ()
    start = _lineage(bundle, arrival_day)
    version = bundle.manifest and bundle.manifest.form_version
    return ([*start, number, version, *row] for number, row in enumerate(bundle.members[member].rows, start=1))


def _lineage(bundle: Bundle, arrival_day: date) -> list:
    return [arrival_day, bundle.sha256, bundle.name]


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
