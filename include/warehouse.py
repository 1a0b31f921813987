"""The DuckDB warehouse file: opened by one process at a time, closed by whoever opened it. Shows Parquet as views."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import duckdb
import pyarrow as pa

from include.durable import private_files

_COPIES = "raw_copies"
_SQL_TYPES = {
    pa.string(): "varchar",
    pa.date32(): "date",
    pa.int32(): "integer",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.timestamp("us", tz="UTC"): "timestamptz",
}


@contextmanager
def opened(warehouse: Path, *, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open the warehouse file for one block and close it after: while one process writes, no other may look.

    A new file, its log and what is spilled beside it are their owner's alone, like all that a writing block makes.
    """
    warehouse.parent.mkdir(parents=True, exist_ok=True)
    with (
        nullcontext() if read_only else private_files(),
        closing(duckdb.connect(str(warehouse), read_only=read_only)) as connection,
    ):
        yield connection


def show_raw(warehouse: Path, raw: Path, tables: dict[str, tuple[str, str, pa.Schema]]) -> None:
    """Make a view ``raw.<table>`` over every whole partition of each raw table; empty but typed where there is none.

    ``tables`` maps a view's name to its folder, its file and its columns.
    """
    _show(warehouse, "raw", raw, tables, lambda files, _: _scan(files))


def copy_raw(
    warehouse: Path, raw: Path, tables: dict[str, tuple[str, str, pa.Schema]], digests: dict[str, str]
) -> None:
    """Show raw tables as :func:`show_raw` does, but over copies in the warehouse, with digests of what was copied."""
    show_raw(warehouse, raw, tables)
    with opened(warehouse) as connection:
        connection.execute("begin")
        connection.execute(f"create schema if not exists {_COPIES}")
        for view in tables:
            connection.execute(f"create or replace table {_COPIES}.{view} as from raw.{view}")
            connection.execute(f"create or replace view raw.{view} as from {_COPIES}.{view}")
        connection.execute(f"create or replace table {_COPIES}.digests (name varchar, digest varchar)")
        for name, digest in digests.items():
            connection.execute(f"insert into {_COPIES}.digests values (?, ?)", [name, digest])  # noqa: S608 - a constant
        connection.execute("commit")


def copied_digests(warehouse: Path) -> dict[str, str]:
    """Digests of the partitions that :func:`copy_raw` copied last, by name; none where nothing was."""
    with opened(warehouse, read_only=True) as connection:
        known = "select 1 from duckdb_tables() where schema_name = ? and table_name = 'digests'"
        if not connection.execute(known, [_COPIES]).fetchall():
            return {}
        return dict(connection.execute(f"from {_COPIES}.digests").fetchall())


def show_ledgers(warehouse: Path, state: Path, tables: dict[str, tuple[str, str, pa.Schema]]) -> None:
    """Make a view ``state.<ledger>`` over the entries that each ledger has by now; empty but typed where it has none.

    ``tables`` is as for :func:`show_raw`. A ledger is never rewritten: an old file may lack a column added since.
    """
    _show(
        warehouse, "state", state, tables,
        lambda files, columns: f"{_nothing(columns)} union all by name {_scan(files, union_by_name=True)}",
    )  # fmt: skip


def _show(
    warehouse: Path, schema: str, root: Path, tables: dict[str, tuple[str, str, pa.Schema]],
    body: Callable[[list[str], pa.Schema], str],
) -> None:  # fmt: skip
    with opened(warehouse) as connection:
        connection.execute(f"create schema if not exists {schema}")
        for view, (kind, file, columns) in tables.items():
            files = sorted(str(p) for p in (root / kind).glob(f"*/{file}.parquet") if not p.parent.name.startswith("."))
            shown = body(files, columns) if files else _nothing(columns)
            connection.execute(f"create or replace view {schema}.{view} as {shown}")


def _scan(files: list[str], *, union_by_name: bool = False) -> str:
    listed = ", ".join("'" + file.replace("'", "''") + "'" for file in files)
    options = f"hive_partitioning = false, union_by_name = {str(union_by_name).lower()}"
    return f"select * from read_parquet([{listed}], {options})"  # noqa: S608 - our own files' names


def _nothing(schema: pa.Schema) -> str:
    columns = ", ".join(f"cast(null as {_SQL_TYPES[field.type]}) as {field.name}" for field in schema)
    return f"select {columns} where false"
