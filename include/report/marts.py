"""Rows of a snapshot's marts, as DuckDB reads them from its Parquet files."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

Row = dict[str, Any]


class Marts:
    """The marts below a snapshot's folder; one that is not published there has no rows."""

    def __init__(self, folder: Path) -> None:
        """Look at ``folder``; nothing is read yet."""
        self.folder = folder

    def has(self, mart: str) -> bool:
        """Say whether the snapshot publishes a mart."""
        return any((self.folder / mart).rglob("*.parquet"))

    def columns(self, mart: str) -> list[str]:
        """Names of a mart's columns; none where it is not published."""
        return [row["column_name"] for row in self.rows(mart, "select column_name from (describe mart)")]

    def rows(self, mart: str, select: str) -> list[Row]:
        """Run ``select … from mart …`` over one mart; decimals come as floats.

        Args:
            mart: its name, that of its folder.
            select: a statement that reads from ``mart`` and puts its rows in order.
        """
        if not self.has(mart):
            return []
        with duckdb.connect() as connection:
            connection.execute("set threads = 2")
            # The path is ours; a view cannot take it as a parameter.
            path = str(self.folder / mart).replace("'", "''")
            connection.execute(
                f"create view mart as from read_parquet('{path}/**/*.parquet', hive_types = {{'kab_code': varchar}})"
            )
            found = connection.execute(select)
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, map(_plain, row), strict=True)) for row in found.fetchall()]


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value
