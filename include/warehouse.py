"""The DuckDB warehouse file: opened by one process at a time, closed by whoever opened it. Shows raw as views."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

_SQL_TYPES = {
    pa.string(): "varchar",
    pa.date32(): "date",
    pa.int32(): "integer",
    pa.int64(): "bigint",
}


@contextmanager
def opened(warehouse: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse file for one block and close it after: while one process writes, no other may look."""
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    connection = duckdb.connect(str(warehouse), read_only=read_only)
    try:
        yield connection
    finally:
        connection.close()


def show_raw(warehouse: Path, raw: Path, tables: dict[str, tuple[str, str, pa.Schema]]) -> None:
    """Make a view ``raw.<table>`` over every whole partition of each raw table; empty but typed where there is none.

    ``tables`` maps a view's name to its folder, its file and its columns.
    """
    with opened(warehouse) as connection:
        connection.execute("create schema if not exists raw")
        for view, (kind, file, schema) in tables.items():
            files = sorted(str(p) for p in (raw / kind).glob(f"*/{file}.parquet") if not p.parent.name.startswith("."))
            body = _scan(files) if files else _nothing(schema)
            connection.execute(f"create or replace view raw.{view} as {body}")


def _scan(files: list[str]) -> str:
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    return f"select * from read_parquet([{listed}], hive_partitioning = false)"  # noqa: S608 - our own files' names


def _nothing(schema: pa.Schema) -> str:
    columns = ", ".join(f"cast(null as {_SQL_TYPES[field.type]}) as {field.name}" for field in schema)
    return f"select {columns} where false"
