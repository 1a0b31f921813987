"""Plausible open marts of the real regions, in the layout of a snapshot, for measuring and trying the report site."""

from pathlib import Path

import duckdb

from include.settings import PROJECT

_REGIONS = PROJECT / "dbt_project" / "seeds" / "reference" / "region_master.csv"
_FIRST_DAY, _WINDOW_END = "date '2022-10-15'", "date '2023-01-12'"
_LEVELS = ((2, "province"), (4, "kab_kota"), (7, "kecamatan"), (10, "desa"))

_LEVEL = """
    select '{level}' as level, substr(code, 1, {digits}) as code, day, sum(expected)::bigint as expected,
        sum(total)::bigint as total
    from done group by all"""
_DESA = """
create table desa as
select bps_code as code, 200 + bps_code::bigint * 7919 % 400 as expected, 0.4 + bps_code::bigint * 31 % 80 / 100 as pace
from read_csv('{regions}', all_varchar = true)
where length(bps_code) = 10 and substr(bps_code, 1, {digits}) in ({codes});
create table done as
select code, expected, day, least(expected, floor(expected * pace * (day + 1) / 90))::bigint as total
from desa, range({days}) as days(day);
create table area_day as {levels};
create table area as
select area_day.level, area_day.code, coalesce(name, area_day.code) as name, day, expected, total,
    case when area_day.level = 'province' then '35' else substr(area_day.code, 1, 4) end as kab_code
from area_day left join read_csv('{regions}', all_varchar = true) as region on region.bps_code = area_day.code
"""
_MARTS = {
    "progress_area_daily": """
        select level as area_level, code as area_code, name as area_name, kab_code, {first} + day::integer as field_day,
            expected as expected_families,
            (total - coalesce(lag(total) over (partition by code order by day), 0))::integer as enumerated_families,
            total as enumerated_families_cumulative, total as coverage_numerator, expected as coverage_denominator,
            (total / expected)::decimal(12, 6) as coverage_share, 89 - day as days_left,
            ((expected - total) / nullif(89 - day, 0))::decimal(12, 3) as required_families_per_day, {as_of} as as_of
        from area""",
    "coverage_area": """
        select level as area_level, code as area_code, name as area_name, kab_code, expected as expected_families,
            total as enumerated_families, total as coverage_numerator, expected as coverage_denominator,
            (total / expected)::decimal(12, 6) as coverage_share, total < expected * 0.95 as is_provisional,
            date '2022-10-01' as frame_snapshot_day, {as_of} as as_of
        from area where day = {days} - 1""",
    "progress_forecast": """
        select level as unit_level, code as unit_code, name as unit_name, kab_code, total as enumerated_families,
            expected as expected_families, (total / expected)::decimal(12, 6) as done_share,
            ceil(expected * 0.95)::integer as target_families, total >= expected * 0.95 as is_finished,
            (total / {days})::decimal(12, 3) as pooled_families_per_day,
            {as_of} + 20 as completion_day_p10, {as_of} + 30 as completion_day_p50, {as_of} + 45 as completion_day_p90,
            (code::bigint % 100 / 100)::decimal(12, 4) as finish_probability, null::varchar as missing_reason,
            {end} as window_end, {as_of} as as_of
        from area where day = {days} - 1 and level <> 'desa'""",
    "upload_accounting": """
        select level as unit_level, code as unit_code, kab_code, {first} + day::integer as arrival_day,
            new + 2 as received, new - 1 as accepted, 1::bigint as held, 1::bigint as superseded,
            0::bigint as duplicate, 1::bigint as rejected, {as_of} as as_of
        from (select *, total // (day + 1) + 1 as new from area) where level <> 'province'""",
    "area_profile": """
        select level as area_level, code as area_code, name as area_name, kab_code, attribute, category,
            greatest(5, total // shares)::bigint as families, total as attribute_families, {as_of} as released_on,
            {as_of} as as_of
        from area, (
            select 'decile' as attribute, n::varchar as category, 10 as shares from range(1, 11) as t(n)
            union all select 'targeting:pkh', unnest(['eligible_served', 'eligible_unserved', 'ineligible_served']), 8)
        where day = {days} - 1 and level in ('province', 'kab_kota')
            and not (level = 'kab_kota' and category = '10')""",
}


def write_marts(folder: Path, days: int, codes: tuple[str, ...] = ("35",)) -> None:
    """Write the marts of the areas whose BPS code begins with one of ``codes``, all of one length."""
    if not 1 <= days <= 90:
        raise ValueError("the field window has 90 days")
    says = {"first": _FIRST_DAY, "end": _WINDOW_END, "as_of": f"({_FIRST_DAY} + {days - 1})", "days": days}
    levels = " union all ".join(_LEVEL.format(level=level, digits=digits) for digits, level in _LEVELS)
    chosen = ", ".join(f"'{code}'" for code in codes)
    with duckdb.connect() as connection:
        connection.execute(_DESA.format(regions=_REGIONS, digits=len(codes[0]), codes=chosen, days=days, levels=levels))
        for mart, select in _MARTS.items():
            rows = f"{select.format(**says)} order by all"
            connection.execute(f"copy ({rows}) to '{folder / mart}' (format parquet, partition_by kab_code)")
