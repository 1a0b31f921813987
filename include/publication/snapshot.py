"""One immutable snapshot of a tier: Parquet by kab/kota, written beside and renamed into place."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

from include.durable import sync_folder, sync_tree
from include.publication.edition import Edition, Writer
from include.publication.package import dictionary, is_whole, package_of, write_papers
from include.publication.policy import PublishedMart

_BESIDE = ".beside-"


class PublicationError(RuntimeError):
    """A snapshot cannot be written as the policy and the contracts say."""


@dataclass(frozen=True)
class Draft:
    """A snapshot whose marts are written in ``folder``, without papers or name yet; ``rows`` by mart."""

    edition: Edition
    writer: Writer
    folder: Path
    package: dict
    rows: dict[str, int]


def draft_snapshot(connection: duckdb.DuckDBPyConnection, published: Path, edition: Edition, writer: Writer) -> Draft:
    """Write one tier's marts beside its snapshots. What an earlier run left there unfinished is taken away.

    Raises:
        PublicationError: a policy line without its mart or column, or a row without a kab/kota.
    """
    snapshots = published / edition.tier / "snapshots"
    beside = snapshots / f"{_BESIDE}{edition.name}"
    for leftover in snapshots.glob(f"{_BESIDE}*"):
        shutil.rmtree(leftover)
    beside.mkdir(parents=True)
    rows = {mart.name: write_mart(connection, beside, mart, edition, writer) for mart in edition.marts}
    return Draft(edition, writer, beside, package_of(beside, edition, rows, writer.says(beside)), rows)


def add_papers(draft: Draft) -> None:
    """Write a draft's papers over all that lies in it: what comes later is not in its checksums."""
    write_papers(draft.folder, draft.package, dictionary(draft.edition))


def finish(draft: Draft) -> dict[str, int]:
    """Give a draft that has its papers its name; return its rows. Nothing is live yet.

    A snapshot of that name that is whole stays, and must be equal; one that a kill left torn is replaced.

    Raises:
        PublicationError: the same inputs gave other content.
    """
    sync_tree(draft.folder)
    swap_in(draft.folder, draft.folder.with_name(draft.edition.name), draft.writer)
    return draft.rows | draft.writer.counts()


def swap_in(beside: Path, home: Path, writer: Writer) -> None:
    """Give a written snapshot its name; one that is there and whole stays, and must be equal.

    Raises:
        PublicationError: the same inputs gave other content.
    """
    if home.exists() and is_whole(home):
        same = writer.is_same(home, beside)
        shutil.rmtree(beside)
        if not same:
            raise PublicationError(f"snapshot {home.name} exists, and the same inputs now give other bytes")
        return
    shutil.rmtree(home, ignore_errors=True)
    os.rename(beside, home)
    sync_folder(home.parent)


def write_mart(
    connection: duckdb.DuckDBPyConnection, folder: Path, published: PublishedMart, edition: Edition, writer: Writer
) -> int:
    """Write one mart below a snapshot's folder, kab/kota by kab/kota; return its rows.

    Raises:
        PublicationError: a policy line without its mart or column, or a row without a kab/kota.
    """
    rows = 0
    for kab_code, table in _partitions(connection, published, edition):
        writer.write(table, folder, published.name, kab_code)
        rows += table.num_rows
    return rows


def _partitions(
    connection: duckdb.DuckDBPyConnection, published: PublishedMart, edition: Edition
) -> Iterator[tuple[str, pa.Table]]:
    """One kab/kota after the other, so that a mart of the whole province never lies in memory at once."""
    grain = _checked_grain(published, edition)
    allowed = [f"{_name(column)} in ({', '.join('?' * len(values))})" for column, values in published.only.items()]
    values = [value for values in published.only.values() for value in values]
    relation = edition.relations.get(published.name, f"marts.{_name(published.name)}")
    rows = f"from {relation} where {' and '.join(allowed) or 'true'}"
    if _is_view(connection, relation):
        # Its rows are made once, as each kab/kota asks for its own.
        connection.execute(f"create or replace temp table at_hand as {rows}", values)
        rows = rows.replace(relation, "at_hand", 1)
    kab_codes = [k for (k,) in connection.execute(f"select distinct kab_code {rows} order by 1", values).fetchall()]
    if None in kab_codes:
        raise PublicationError(f"{published.name} has rows without a kab_code: nobody's key and nobody's folder")
    # Made columns get their order from the writer, once they are made.
    order = "" if published.made else f"order by {', '.join(map(_name, grain)) or 'all'}"
    statement = f"select {', '.join(map(_name, published.read))} {rows} and kab_code = ? {order}"
    # A reader's glob must find the mart's columns even on a night without a row.
    for kab_code in kab_codes or ["35"]:
        yield kab_code, connection.execute(statement, [*values, kab_code]).to_arrow_table()


def _is_view(connection: duckdb.DuckDBPyConnection, relation: str) -> bool:
    schema, _, name = relation.replace('"', "").rpartition(".")
    found = "select count(*) > 0 from duckdb_views() where schema_name = ? and view_name = ?"
    return connection.execute(found, [schema, name]).fetchone() == (True,)


def _checked_grain(published: PublishedMart, edition: Edition) -> tuple[str, ...]:
    mart = edition.catalogue.get(published.name)
    if mart is None:
        raise PublicationError(f"publication policy names mart {published.name}, which dbt does not build")
    missing = [column for column in (*published.columns, *published.read, "kab_code") if column not in mart.columns]
    if missing:
        raise PublicationError(f"publication policy names {published.name}.{missing[0]}, which its contract lacks")
    return mart.grain


def _name(identifier: str) -> str:
    return '"' + identifier.replace('"', '""') + '"'
