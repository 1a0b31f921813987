"""One immutable snapshot of a tier: Parquet by kab/kota, written beside and renamed into place."""

import os
import shutil
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from include.durable import sync_folder, sync_tree
from include.publication.catalogue import Mart
from include.publication.package import is_whole, write_papers
from include.publication.policy import PublishedMart

_BESIDE = ".beside-"


class PublicationError(RuntimeError):
    """A snapshot cannot be written as the policy and the contracts say."""


def write_snapshot(
    connection: duckdb.DuckDBPyConnection, published: Path, tier: str, marts: list[PublishedMart],
    catalogue: dict[str, Mart], made_from: dict[str, str], gate_results: list[dict], name: str,
) -> dict[str, int]:  # fmt: skip
    """Write one tier's snapshot and return the rows of each mart. Nothing is live yet.

    A snapshot of that name that is whole stays, and must be equal; one that a kill left torn is replaced.

    Raises:
        PublicationError: a policy line without its mart or column, or the same inputs gave other bytes.
    """
    snapshots = published / tier / "snapshots"
    beside, home = snapshots / f"{_BESIDE}{name}", snapshots / name
    for leftover in snapshots.glob(f"{_BESIDE}*"):
        shutil.rmtree(leftover)
    beside.mkdir(parents=True)
    rows = {mart.name: _write_mart(connection, beside, mart, catalogue) for mart in marts}
    write_papers(beside, tier, marts, catalogue, rows, made_from, gate_results)
    sync_tree(beside)
    _swap_in(beside, home)
    return rows


def _swap_in(beside: Path, home: Path) -> None:
    if home.exists() and is_whole(home):
        same = (home / "SHA256SUMS").read_bytes() == (beside / "SHA256SUMS").read_bytes()
        shutil.rmtree(beside)
        if not same:
            raise PublicationError(f"snapshot {home.name} exists, and the same inputs now give other bytes")
        return
    shutil.rmtree(home, ignore_errors=True)
    os.rename(beside, home)
    sync_folder(home.parent)


def _write_mart(
    connection: duckdb.DuckDBPyConnection, folder: Path, published: PublishedMart, catalogue: dict[str, Mart]
) -> int:
    table = _select(connection, published, catalogue)
    kab_codes = table.column("kab_code")
    for kab_code in sorted(pc.unique(kab_codes).to_pylist()):
        part = folder / published.name / f"kab_code={kab_code}" / "part-0.parquet"
        part.parent.mkdir(parents=True)
        pq.write_table(table.filter(pc.equal(kab_codes, kab_code)), part, compression="zstd")
    if not table.num_rows:
        # A reader's glob must find the mart's columns even on a night without a row.
        part = folder / published.name / "kab_code=35" / "part-0.parquet"
        part.parent.mkdir(parents=True)
        pq.write_table(table, part, compression="zstd")
    return table.num_rows


def _select(connection: duckdb.DuckDBPyConnection, published: PublishedMart, catalogue: dict[str, Mart]) -> pa.Table:
    mart = catalogue.get(published.name)
    if mart is None:
        raise PublicationError(f"publication policy names mart {published.name}, which dbt does not build")
    missing = [column for column in (*published.columns, "kab_code") if column not in mart.columns]
    if missing:
        raise PublicationError(f"publication policy names {published.name}.{missing[0]}, which its contract lacks")
    allowed = [f"{_name(column)} in ({', '.join('?' * len(values))})" for column, values in published.only.items()]
    statement = (
        f"select {', '.join(map(_name, published.columns))} from marts.{_name(published.name)} "  # noqa: S608 - quoted names
        f"where {' and '.join(allowed) or 'true'} "
        f"order by {', '.join(map(_name, ('kab_code', *mart.grain)))}"
    )
    return connection.execute(statement, [v for values in published.only.values() for v in values]).to_arrow_table()


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
