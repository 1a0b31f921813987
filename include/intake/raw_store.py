"""The raw store: one folder of Parquet files per landing folder, replaced whole or not at all.

``raw/<kind>/<day>/<table>.parquet`` and ``partition.json``, which says what the folder was made from.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from include.durable import private_files, sync_folder, sync_tree

_NOTE = "partition.json"
_BESIDE = ".beside-"
# Small row groups cost each later night three times the reading; large ones this night its memory.
ROWS_A_GROUP = 50_000
_BYTES_A_GROUP = 32 * 2**20


@dataclass(frozen=True)
class Partition:
    """What a raw partition was made from. ``inputs_digest`` speaks of content only, ``listing`` also of file times."""

    listing: str
    inputs_digest: str
    rows: dict[str, int]


def partitions(raw: Path, kind: str) -> dict[str, Partition]:
    """Read the notes of every whole partition of one kind, by day."""
    notes = sorted((raw / kind).glob(f"*/{_NOTE}"))
    return {
        note.parent.name: Partition(**json.loads(note.read_text()))
        for note in notes
        if not note.parent.name.startswith(_BESIDE)
    }


@contextmanager
def replacing(raw: Path, kind: str, day: str) -> Iterator[Path]:
    """Give a folder to write into; swap it in for the day's partition if the block ends well.

    A kill leaves the old partition, or none: the day is then pending and the next run makes it again. Folders and files
    are their owner's alone.
    """
    home = raw / kind / day
    beside = raw / kind / f"{_BESIDE}{day}"
    shutil.rmtree(beside, ignore_errors=True)
    try:
        with private_files():
            beside.mkdir(parents=True)
            yield beside
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise
    sync_tree(beside)
    remove(raw, kind, day)
    os.rename(beside, home)
    sync_folder(home.parent)


def remove(raw: Path, kind: str, day: str) -> None:
    """Take a partition away, its note first: half a partition must not look like a whole one."""
    home = raw / kind / day
    (home / _NOTE).unlink(missing_ok=True)
    shutil.rmtree(home, ignore_errors=True)


def clear_leftovers(raw: Path) -> None:
    """Take away what killed runs left half-written: it holds people's rows, and its day may never come again."""
    for leftover in raw.glob(f"*/{_BESIDE}*"):
        shutil.rmtree(leftover)


def write_note(folder: Path, partition: Partition) -> None:
    """Write a partition's note, last of its files."""
    (folder / _NOTE).write_text(json.dumps(asdict(partition), indent=1, sort_keys=True))


class RawWriter:
    """Write text rows to one Parquet file in batches. Empty text becomes null: the contract's missing."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        """Open the file; ``schema`` names every column in order."""
        self.schema = schema
        self.rows = 0
        self._writer = pq.ParquetWriter(path, schema, compression="zstd")
        self._waiting: list[pa.Table] = []

    def write(self, rows: list[list]) -> None:
        """Append rows, each with one value a column."""
        if not rows:
            return
        arrays = [_column(values, field) for values, field in zip(zip(*rows, strict=True), self.schema, strict=True)]
        self._waiting.append(pa.Table.from_arrays(arrays, schema=self.schema))
        self.rows += len(rows)
        if (
            sum(table.num_rows for table in self._waiting) >= ROWS_A_GROUP
            or sum(table.nbytes for table in self._waiting) >= _BYTES_A_GROUP
        ):
            self._write_group()

    def close(self) -> None:
        """Finish the file."""
        self._write_group()
        self._writer.close()

    def _write_group(self) -> None:
        if self._waiting:
            group = pa.concat_tables(self._waiting)
            self._writer.write_table(group, row_group_size=group.num_rows)
            self._waiting.clear()


def _column(values: tuple, field: pa.Field) -> pa.Array:
    array = pa.array(values, field.type)
    if not pa.types.is_string(field.type):
        return array
    return pc.if_else(pc.equal(array, ""), pa.scalar(None, pa.string()), array)
