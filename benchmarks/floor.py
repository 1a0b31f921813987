"""The least that taking in a day of uploads costs: unzip, digest, parse, write the same columns as text; no checks."""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

_TABLES = {"keluarga.csv": "documents", "anggota.csv": "persons"}
_LINEAGE = ("arrival_day", "bundle_sha256", "bundle_name", "row_number", "form_version")
_BUNDLES_A_BATCH = 500


def take_in_plainly(folder: Path, out: Path) -> dict[str, int]:
    """Write the two tables of one arrival day's sound bundles; return the rows of each."""
    out.mkdir(parents=True)
    files = sorted(folder.iterdir())
    writers: dict[str, pq.ParquetWriter] = {}
    counts = dict.fromkeys(_TABLES.values(), 0)
    for start in range(0, len(files), _BUNDLES_A_BATCH):
        for table, (header, rows) in _read(files[start : start + _BUNDLES_A_BATCH]).items():
            text = pa.table([pa.array(column) for column in zip(*rows, strict=True)], names=header)
            if table not in writers:
                writers[table] = pq.ParquetWriter(out / f"{table}.parquet", text.schema)
            writers[table].write_table(text)
            counts[table] += len(rows)
    for writer in writers.values():
        writer.close()
    return counts


def _read(files: list[Path]) -> dict[str, tuple[list[str], list[list]]]:
    tables: dict[str, tuple[list[str], list[list]]] = {}
    for file in files:
        for table, header, rows in _members(file):
            tables.setdefault(table, (header, []))[1].extend(rows)
    return tables


def _members(file: Path) -> Iterator[tuple[str, list[str], list[list]]]:
    content = file.read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        version = json.loads(bundle.read("manifest.json"))["form_version"]
        for member, table in _TABLES.items():
            lines = csv.reader(io.StringIO(bundle.read(member).decode(), newline=""))
            header = [*_LINEAGE, *next(lines)]
            lineage = (file.parent.name, sha256, file.name)
            yield table, header, [[*lineage, number, version, *row] for number, row in enumerate(lines, start=1)]
