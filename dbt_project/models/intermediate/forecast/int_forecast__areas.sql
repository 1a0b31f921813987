-- Where the areas of the forecast stand: what is expected and enumerated in them, the target, when it was reached, and
-- what was done on the working days by which the pace is judged.
with expected as (
    select
        b.area_level as unit_level,
        b.area_code as unit_code,
        cast(sum(coalesce(s.expected_families, 0)) as integer) as expected_families
    from {{ ref('int_areas__of_sub_sls') }} as b
    left join {{ ref('int_sub_sls__current') }} as s on b.idsubsls = s.idsubsls
    where b.area_level in ('province', 'kab_kota', 'kecamatan')
    group by b.area_level, b.area_code
),

targets as (
    select
        *,
        cast(ceil(expected_families * {{ area_target_percent() }} / cast(100 as double)) as integer) as target_families
    from expected
),

daily as (
    select
        b.area_level as unit_level,
        b.area_code as unit_code,
        w.progress_day,
        count(*) as families
    from {{ ref('int_documents__winners') }} as w
    inner join {{ ref('int_areas__of_sub_sls') }} as b on w.idsubsls = b.idsubsls
    where w.is_enumerated and b.area_level in ('province', 'kab_kota', 'kecamatan')
    group by b.area_level, b.area_code, w.progress_day
),

to_date as (
    select
        unit_level,
        unit_code,
        progress_day,
        families,
        sum(families) over (partition by unit_level, unit_code order by progress_day) as families_to_date
    from daily
),

today as (
    select coalesce(max(working_days), 0) as working_day from {{ ref('int_forecast__days') }}
    where is_past
),

-- One row an area and day at most, so one pass says when the target was reached and how fast the last weeks were.
reached as (
    select
        t.unit_level,
        t.unit_code,
        t.target_families,
        d.families,
        c.working_days,
        case when d.families_to_date >= t.target_families and t.target_families > 0 then d.progress_day end
            as reached_day
    from targets as t
    inner join to_date as d on t.unit_level = d.unit_level and t.unit_code = d.unit_code
    inner join {{ ref('int_forecast__days') }} as c on d.progress_day = c.day
),

sums as (
    select
        r.unit_level,
        r.unit_code,
        cast(sum(r.families) as integer) as enumerated_families,
        cast(sum(
            case when greatest(r.working_days, 1) > n.working_day - {{ pace_days() }} then r.families else 0 end
        ) as integer) as own_families,
        min(r.reached_day) as finished_day
    from reached as r
    cross join today as n
    group by r.unit_level, r.unit_code
)

select
    t.unit_level,
    t.unit_code,
    t.expected_families,
    t.target_families,
    coalesce(s.enumerated_families, 0) as enumerated_families,
    s.finished_day,
    cast(least(n.working_day, {{ pace_days() }}) as integer) as own_days,
    coalesce(s.own_families, 0) as own_families
from targets as t
cross join today as n
left join sums as s on t.unit_level = s.unit_level and t.unit_code = s.unit_code
