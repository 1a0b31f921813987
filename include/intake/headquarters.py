"""Headquarters' snapshots: ``landing/<kind>/<day>/*.csv`` to raw partition ``<kind>/<day>``, as text."""

import hashlib
import io
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from include.contract import HEADQUARTERS
from include.intake import raw_schema
from include.intake.landing import LandedFile, Landing, LandingError, fingerprint, folder_day
from include.intake.raw_store import Partition, remove, replacing, write_note

_BLOCK_BYTES = 16 * 2**20


def snapshot_files(landing: Landing, kind: str, folder: str) -> list[LandedFile]:
    """List the files of a snapshot that the contract names; others beside them do not count."""
    named = {f"{table}.csv" for table in HEADQUARTERS[kind]}
    return [file for file in landing.listing(kind, folder) if file.name in named]


def take_in_snapshot(landing: Landing, kind: str, folder: str, raw: Path) -> Partition | None:
    """Take in one snapshot folder; ``None`` and no partition if it has no file of the contract.

    Raises:
        LandingError: names the file, and the row where there is one, that does not keep the contract.
    """
    day = folder_day(kind, folder)
    listing = snapshot_files(landing, kind, folder)
    files = {file.name: file for file in listing}
    if not files:
        remove(raw, kind, folder)
        return None
    digest, rows = hashlib.sha256(), {}
    with replacing(raw, kind, folder) as home:
        for table in HEADQUARTERS[kind]:
            file = files.get(f"{table}.csv")
            content = landing.read(file) if file else _header_only(kind, table)
            digest.update(f"{table} {hashlib.sha256(content).hexdigest()}\n".encode())
            where = f"{kind}/{folder}/{table}.csv"
            rows[table] = _write(content, where, day, raw_schema.headquarters(kind, table), home / f"{table}.parquet")
        partition = Partition(fingerprint(listing), digest.hexdigest(), rows)
        write_note(home, partition)
    return partition


def _header_only(kind: str, table: str) -> bytes:
    return ",".join(HEADQUARTERS[kind][table]).encode()


def _write(content: bytes, where: str, day: date, schema: pa.Schema, path: Path) -> int:
    names = schema.names[2:]
    bad_rows: list[str] = []
    written = 0
    if not content.strip().partition(b"\n")[2]:
        # The streaming reader refuses a file without rows; headquarters may well have nothing to list.
        if set(names) - set(_header(content)):
            raise LandingError(f"{where}: {_reason(None, bad_rows, content, names)}")
        pq.write_table(schema.empty_table(), path)
        return 0
    try:
        with _open(content, names, bad_rows) as batches, pq.ParquetWriter(path, schema, compression="zstd") as out:
            for batch in batches:
                count = batch.num_rows
                days = pa.array([day] * count, pa.date32())
                numbers = pa.array(range(written + 1, written + count + 1), pa.int32())
                columns = [days, numbers, *(batch.column(name) for name in names)]
                out.write_batch(pa.record_batch(columns, schema=schema))
                written += count
    except (pa.ArrowInvalid, pa.ArrowKeyError, KeyError) as error:
        # The reader's own words quote the row, and a row may hold a NIK: say where, not what.
        raise LandingError(f"{where}: {_reason(error, bad_rows, content, names)}") from None
    return written


def _open(content: bytes, names: list[str], bad_rows: list[str]) -> pacsv.CSVStreamingReader:
    def remember(row: pacsv.InvalidRow) -> str:
        bad_rows.append(f"row {row.number}: {row.actual_columns} fields, header has {row.expected_columns}")
        return "error"

    return pacsv.open_csv(
        io.BytesIO(content),
        read_options=pacsv.ReadOptions(use_threads=False, block_size=_BLOCK_BYTES),
        parse_options=pacsv.ParseOptions(newlines_in_values=True, invalid_row_handler=remember),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=names,
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
            null_values=[""],
        ),
    )


def _reason(error: Exception | None, bad_rows: list[str], content: bytes, names: list[str]) -> str:
    if bad_rows:
        return bad_rows[0]
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = content.count(b"\n", 0, wrong.start) + 1
        return f"not UTF-8 in line {line}"
    header = _header(content)
    missing = [name for name in names if name not in header]
    return f"missing column {', '.join(missing)}" if missing else f"no readable CSV ({type(error).__name__})"


def _header(content: bytes) -> list[str]:
    return content.split(b"\n", 1)[0].decode("utf-8-sig", "replace").strip().split(",")
