"""What a shock response takes from the live snapshot into its own warehouse: all that an event can touch.

Families come all, as figures over the whole register need them, but names and addresses only where an event can touch
them; residents come with those families. An event can touch the families of a listed NIK, and every family of a sub-SLS
that it names or that has a point in the bounding box of its footprint. That is more than it hits: dbt decides.
"""

import duckdb
import pyarrow as pa

from include.publication.base import Base
from include.publication.keys import Keys
from include.publication.live_marts import partitions_of, read_mart, read_partition

AREA, FAMILIES, PERSONS = "area", "family_register", "person_register"

_FAMILY = ("idsubsls", "building_number", "family_number")
_KEY = ", ".join(_FAMILY)
_NAMING = ("document_id", "head_name", "address", "sls_name", "kk_number")

_PREPARED = f"""
drop schema if exists marts cascade;
create schema marts;
create or replace temp table listed as select distinct trim(nik) as nik from raw.event_affected where nik is not null;
create or replace temp table named as select distinct trim(area_code) as area_code from raw.event_areas;
create or replace temp table boxes as
select min(lon1) as west, max(lon1) as east, min(lat1) as south, max(lat1) as north
from raw.event_edges group by event_id, polygon_number;
create or replace temp table touched (
    kab_code varchar, idsubsls varchar, building_number integer, family_number integer
);
create or replace temp table bearing as select {_KEY} from touched;
"""  # noqa: S608 - our own names, here and below
_BEARING = f"insert into bearing select distinct {_KEY} from given semi join listed using (nik)"  # noqa: S608
_TOUCHED = f"""
insert into touched
with sub_sls as (
    select idsubsls from given
    where exists (from boxes where longitude between west and east and latitude between south and north)
    union
    select idsubsls from (select distinct idsubsls from given)
    where exists (from named where starts_with(idsubsls, area_code))
)
select kab_code, {_KEY} from given where idsubsls in (from sub_sls) or ({_KEY}) in (from bearing)
"""  # noqa: S608
_NAMES = ", ".join(f"case when touched.idsubsls is not null then given.{name} end as {name}" for name in _NAMING)
_NAMED_WHERE_TOUCHED = f"select given.* replace ({_NAMES}) from given left join touched using ({_KEY})"  # noqa: S608
_RESIDENTS_OF_TOUCHED = f"from given semi join touched using ({_KEY})"


def load(connection: duckdb.DuckDBPyConnection, base: Base, keys: Keys) -> dict[str, int]:
    """Load schema ``marts`` from a live snapshot, for the events shown in schema ``raw``; return the rows of each mart.

    Raises:
        BaseError: the snapshot cannot be read.
        KeysError: the keys file lacks a kab/kota.
    """
    connection.execute(_PREPARED)
    rows = {AREA: sum(_append(connection, AREA, table, "from given") for table in read_mart(base, keys, AREA))}
    _find_bearers(connection, base, keys)
    rows[FAMILIES] = 0
    for table in read_mart(base, keys, FAMILIES):
        _given(connection, table, _TOUCHED)
        rows[FAMILIES] += _append(connection, FAMILIES, table, _NAMED_WHERE_TOUCHED)
    return rows | {PERSONS: _load_residents(connection, base, keys)}


def _find_bearers(connection: duckdb.DuckDBPyConnection, base: Base, keys: Keys) -> None:
    if connection.execute("from listed limit 1").fetchall():
        for table in read_mart(base, keys, PERSONS, [*_FAMILY, "nik"]):
            _given(connection, table, _BEARING)


def _load_residents(connection: duckdb.DuckDBPyConnection, base: Base, keys: Keys) -> int:
    touched = {kab_code for (kab_code,) in connection.execute("select distinct kab_code from touched").fetchall()}
    rows = 0
    for place, (kab_code, path) in enumerate(partitions_of(base, PERSONS).items()):
        if place == 0 or kab_code in touched:  # the first gives the mart its columns
            rows += _append(connection, PERSONS, read_partition(path, keys.of(kab_code)), _RESIDENTS_OF_TOUCHED)
    return rows


def _append(connection: duckdb.DuckDBPyConnection, mart: str, table: pa.Table, rows: str) -> int:
    """Append rows selected from a partition to a mart, made if absent; return how many."""
    _given(connection, table, f"create table if not exists marts.{mart} as {rows} limit 0")
    return _given(connection, table, f"insert into marts.{mart} {rows}")


def _given(connection: duckdb.DuckDBPyConnection, table: pa.Table, statement: str) -> int:
    connection.register("given", table)
    found = connection.execute(statement).fetchone()
    connection.unregister("given")
    return int(found[0]) if found else 0
