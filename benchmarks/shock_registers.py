"""Registers of a whole province, synthetic and published through the real writer, to measure shock responses over."""

from typing import Any

import duckdb

from include import transform
from include.publication.base import TIER, read_base
from include.publication.catalogue import read_catalogue
from include.publication.edition import Edition
from include.publication.key_file import east_java
from include.publication.keys import read_keys
from include.publication.lineage import for_operational, lineage, snapshot_name
from include.publication.live_marts import read_mart
from include.publication.operational_writer import OperationalWriter
from include.publication.pointer import move_pointer
from include.publication.policy import read_policy
from include.publication.snapshot import add_papers, draft_snapshot, finish
from include.settings import settings
from include.shock_load import AREA, FAMILIES, PERSONS
from include.warehouse import opened

AS_OF = "2022-12-31"
KAB = "3573"
KECAMATAN = f"{KAB}030"

# 38 kab/kota of 18 kecamatan, 10 desa each, sub-SLS of 80 families; each kab/kota a square of half a degree.
_FAMILIES = """
create table marts.family_register as
with numbered as (
    select
        k.kab_code, k.place, n,
        k.kab_code || lpad((n % 18 * 10 + 10)::varchar, 3, '0') || lpad((n // 18 % 10 + 1)::varchar, 3, '0')
            || lpad((n // 180 // 80 + 1)::varchar, 4, '0') || '00' as idsubsls
    from kab as k cross join range({families} // (select count(*) from kab)) as r (n)
)
select
    idsubsls, (n // 180 % 80 + 1)::integer as building_number, 1 as family_number, kab_code,
    idsubsls[:10] as bps_desa_code, md5(kab_code || n) as document_id, 'NAMA ' || md5(n::varchar)[:14] as head_name,
    'JL. ' || md5((n + 7)::varchar)[:18] as address, 'RT 001 RW 00' || n % 9 as sls_name,
    (-8.7 + place % 6 * 0.3 + hash(n, 1) % 300000 / 1000000)::decimal(9, 6) as latitude,
    (111.0 + place // 6 * 0.5 + hash(n, 2) % 500000 / 1000000)::decimal(9, 6) as longitude,
    kab_code || '01' || lpad((hash(n, 9) % 1000000)::varchar, 6, '0') || '9' || lpad((n % 1000)::varchar, 3, '0')
        as kk_number,
    n % 20 = 0 as is_held, date '2022-10-15' + (n % 77)::integer as field_day,
    date '2022-10-16' + (n % 77)::integer as arrival_day, (2 + hash(n, 3) % 4)::integer as resident_persons,
    (1 + hash(n, 4) % 10)::integer as decile_family_province, (1 + hash(n, 5) % 10)::integer as decile_family_kab,
    date '{as_of}' as as_of
from numbered
"""
_PERSONS = """
create table marts.person_register as
select
    idsubsls, building_number, family_number, line::integer as person_line, kab_code,
    idsubsls[:6] || lpad((1 + hash(idsubsls, building_number, line) % 28)::varchar, 2, '0')
        || lpad((1 + hash(line, building_number, idsubsls) % 12)::varchar, 2, '0')
        || lpad((hash(building_number, line, idsubsls) % 100)::varchar, 2, '0')
        || '9' || lpad((hash(line, idsubsls, building_number) % 1000)::varchar, 3, '0') as nik,
    'NAMA ' || md5(idsubsls || building_number || line)[:14] as person_name, (1 + line % 2)::integer as sex,
    (hash(building_number, idsubsls, line) % 90)::integer as age_years, age_years < 5 as is_under_5,
    age_years >= 60 as is_60_plus, false as is_pregnant, age_years % 30 = 0 as has_disability,
    age_years % 11 = 0 as has_chronic_illness, false as lacks_caregiver, as_of
from marts.family_register cross join range(1, resident_persons + 1) as r (line)
"""
_AREAS = """
create table marts.area as
select
    level as area_level, idsubsls[:digits] as area_code, 'AREA ' || area_code as area_name,
    nullif(idsubsls[:parent], '') as parent_area_code, area_code[:4] as kab_code,
    cast(null as varchar) as kemendagri_code,
    (count(*) * 1.05)::integer as expected_families, date '2022-10-01' as frame_snapshot_day, date '{as_of}' as as_of
from marts.family_register
cross join (values ('province', 2, 0), ('kab_kota', 4, 2), ('kecamatan', 7, 4), ('desa', 10, 7), ('sub_sls', 16, 10))
    as l (level, digits, parent)
group by level, digits, parent, idsubsls[:digits], idsubsls[:parent]
"""


def publish_registers(families: int) -> int:
    """Publish the three marts a response reads, as the settings say; return how many persons are on file."""
    configured = settings()
    transform.parse(configured)
    keys = read_keys(configured.keys_file)
    made = for_operational(lineage({}, AS_OF, configured), {}, keys.fingerprint())
    marts = [
        mart for mart in read_policy(configured.publication_policy, TIER) if mart.name in (AREA, FAMILIES, PERSONS)
    ]
    catalogue = read_catalogue(transform.manifest_path(configured.scratch))
    with opened(configured.warehouse) as connection:
        _make(connection, families)
        edition = Edition(TIER, snapshot_name(made), marts, catalogue, made, [])
        draft = draft_snapshot(connection, configured.published, edition, OperationalWriter(keys, AS_OF))
        add_papers(draft)
        rows = finish(draft)
    configured.warehouse.unlink()
    move_pointer(configured.published, AS_OF, made["digest"][:12], {TIER: edition.name})
    return rows[PERSONS]


def listed_niks(count: int) -> list[str]:
    """So many NIK of the published register, spread over the whole province."""
    base, keys = read_base(settings().published), read_keys(settings().keys_file)
    niks = sorted(nik for part in read_mart(base, keys, PERSONS, ["nik"]) for nik in part.column("nik").to_pylist())
    return niks[:: max(1, len(niks) // count)][:count]


def kab_footprint() -> dict[str, Any]:
    """A polygon of 60 corners over one kab/kota: jagged, as a drawn one is."""
    west, south, width, height = 112.0, -8.7, 0.5, 0.3
    along = [west + width * n / 29 for n in range(30)]
    ring = [[x, south + 0.01 * (n % 2)] for n, x in enumerate(along)]
    ring += [[x, south + height - 0.01 * (n % 2)] for n, x in enumerate(reversed(along))]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def _make(connection: duckdb.DuckDBPyConnection, families: int) -> None:
    connection.execute(
        "set memory_limit = '4GB'; create schema marts; create table kab (kab_code varchar, place integer)"
    )
    codes = [code for code in east_java() if len(code) == 4]
    connection.executemany("insert into kab values (?, ?)", [[code, place] for place, code in enumerate(codes)])
    for statement in (_FAMILIES, _PERSONS, _AREAS):
        connection.execute(statement.format(families=families, as_of=AS_OF))
