"""What a shock response takes from the live snapshot into its own warehouse: all an event can touch, and no more.

Families come all, as figures over the whole register need them, but their names and places only where an event can touch
them; persons come with those families. An event can touch the families it lists, and every family of a sub-SLS that it
names or that has a point within its footprint's bounding box. That is more than it does touch: dbt decides that.
"""

import duckdb
import pyarrow as pa

from include.publication.base import Base
from include.publication.keys import Keys
from include.publication.live_marts import partitions_of, read_mart, read_partition

AREA, FAMILIES, PERSONS = "area", "family_register", "person_register"
_FAMILY = ("idsubsls", "building_number", "family_number")
_NAMING = ("document_id", "head_name", "address", "sls_name", "kk_number")

_EVENTS = """
create or replace temp table listed as select distinct trim(nik) as nik from raw.event_affected where nik is not null;
create or replace temp table named as select distinct trim(area_code) as area_code from raw.event_areas;
create or replace temp table boxes as
select min(lon1) as west, max(lon1) as east, min(lat1) as south, max(lat1) as north from raw.event_edges
group by event_id, polygon_number;
"""
_TOUCHED = """
create or replace temp table touched as
with sub_sls as (
    select idsubsls from families
    where exists (select 1 from boxes where longitude between west and east and latitude between south and north)
    union
    select idsubsls from (select distinct idsubsls from families)
    where exists (select 1 from named where starts_with(idsubsls, area_code))
)
select idsubsls, building_number, family_number from families where idsubsls in (select idsubsls from sub_sls)
union
select idsubsls, building_number, family_number from persons where nik in (select nik from listed)
"""


def load(connection: duckdb.DuckDBPyConnection, base: Base, keys: Keys) -> dict[str, int]:
    """Load schema ``marts`` from a live snapshot, for the events shown in schema ``raw``; return the rows of each mart.

    Raises:
        BaseError, KeysError: the snapshot cannot be read.
    """
    connection.execute("create schema if not exists marts")
    connection.execute(_EVENTS)
    for mart in (AREA, FAMILIES, PERSONS):
        connection.execute(f"drop table if exists marts.{mart}")
    for table in read_mart(base, keys, AREA):
        _append(connection, AREA, table)
    families, persons = partitions_of(base, FAMILIES), partitions_of(base, PERSONS)
    for kab_code in families:
        key = keys.of(kab_code)
        registered = read_partition(families[kab_code], key)
        whose = read_partition(persons[kab_code], key, [*_FAMILY, "nik"]) if kab_code in persons else None
        if _touch(connection, registered, whose) and kab_code in persons:
            _append(connection, PERSONS, read_partition(persons[kab_code], key), "semi join touched using (" + _KEY + ")")
        _append(connection, FAMILIES, registered, "left join touched as t using (" + _KEY + ")", _named_if_touched())
    return {mart: _count(connection, mart) for mart in (AREA, FAMILIES, PERSONS)}
