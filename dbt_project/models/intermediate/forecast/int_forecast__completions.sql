-- When each enumerator and area is complete: the chance of it on every working day to come, and where that chance
-- reaches 10, 50 and 90 %. An area gains what its enumerators are expected to do, none of them more than is left of
-- their load, so its pace declines as they finish (docs/forecast.md).
with days_ahead as (
    select
        day,
        cast(row_number() over (order by day) as double) as days_ahead
    from {{ ref('int_forecast__days') }}
    where is_working_day and not is_past
),

projected as (
    select
        p.enumerator_id,
        d.day,
        cast(p.remaining_families as double) as remaining,
        d.days_ahead * p.pace as visits,
        sqrt({{ common_variance('p.own_days') }}) as common_deviation,
        sqrt(d.days_ahead * p.day_variance + d.days_ahead * d.days_ahead * p.pace_variance) as deviation
    from {{ ref('int_forecast__paces') }} as p
    cross join days_ahead as d
    where p.remaining_families > 0 and p.pace > 0
),

standardised as (
    select
        *,
        (remaining - visits) / deviation as z
    from projected
),

likely as (
    select
        enumerator_id,
        day,
        remaining,
        visits,
        deviation,
        common_deviation,
        z,
        {{ normal_cdf('z') }} as unfinished,
        {{ normal_density('z') }} as density
    from standardised
),

-- Moments of what is left, max(remaining - visits, 0), of a normal number of visits.
left_over as (
    select
        enumerator_id,
        day,
        remaining,
        1 - unfinished as chance,
        common_deviation * visits * unfinished as moved_together,
        (remaining - visits) * unfinished + deviation * density as remains,
        ((remaining - visits) * (remaining - visits) + deviation * deviation) * unfinished
        + (remaining - visits) * deviation * density as squared
    from likely
),

enumerators_daily as (
    select
        enumerator_id,
        day,
        {{ rounded('chance', 6) }} as chance,
        {{ exact('(remaining - least(remains, remaining)) / remaining') }} as gained_share,
        {{ exact('greatest(squared - remains * remains, 0) / (remaining * remaining)') }} as gained_variance,
        {{ exact('moved_together / remaining') }} as moved_share
    from left_over
),

-- A sub-SLS of two enumerators counts half for each, so that areas add up.
parts as (
    select
        enumerator_id,
        substr(idsubsls, 1, 7) as kecamatan_code,
        cast(greatest(sum({{ exact(
            '(expected_families - enumerated_families) / cast(enumerators as double)'
        ) }}), 0) as double) as remaining
    from {{ ref('int_forecast__assigned') }}
    group by enumerator_id, substr(idsubsls, 1, 7)
),

kecamatan_daily as (
    select
        p.kecamatan_code,
        e.day,
        sum({{ exact('p.remaining') }}) as reachable,
        sum({{ exact('p.remaining * e.gained_share') }}) as gained,
        sum({{ exact('p.remaining * p.remaining * e.gained_variance') }}) as gained_variance,
        sum({{ exact('p.remaining * e.moved_share') }}) as moved_together
    from parts as p
    inner join enumerators_daily as e on p.enumerator_id = e.enumerator_id
    where p.remaining > 0
    group by p.kecamatan_code, e.day
),

areas_daily as (
    {% for level, digits in area_levels() if level in ('province', 'kab_kota', 'kecamatan') %}
    select
        '{{ level }}' as unit_level,
        substr(kecamatan_code, 1, {{ digits }}) as unit_code,
        day,
        cast(sum(reachable) as double) as reachable,
        cast(sum(gained) as double) as gained,
        sqrt(
            cast(sum(gained_variance) as double)
            + cast(sum(moved_together) as double) * cast(sum(moved_together) as double)
        ) as deviation
    from kecamatan_daily
    group by substr(kecamatan_code, 1, {{ digits }}), day
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

reaching as (
    select
        d.unit_level,
        d.unit_code,
        d.day,
        a.enumerated_families + d.gained as families,
        a.enumerated_families + d.reachable >= a.target_families as is_within_reach,
        (a.enumerated_families + d.gained - a.target_families) / greatest(d.deviation, 0.000001) as z
    from areas_daily as d
    inner join {{ ref('int_forecast__areas') }} as a on d.unit_level = a.unit_level and d.unit_code = a.unit_code
    where a.target_families > a.enumerated_families
),

chances as (
    select
        'enumerator' as unit_level,
        p.enumerator_id as unit_code,
        e.day,
        e.chance,
        p.enumerated_families + p.remaining_families * cast(e.gained_share as double) as families
    from enumerators_daily as e
    inner join {{ ref('int_forecast__paces') }} as p on e.enumerator_id = p.enumerator_id
    union all
    select
        unit_level,
        unit_code,
        day,
        -- Where everybody's whole load would not do, the rest has no enumerator.
        case when is_within_reach then {{ rounded(normal_cdf('z'), 6) }} else 0 end as chance,
        families
    from reaching
)

select
    unit_level,
    unit_code,
    {{ first_day_at('chance', 0.1) }} as day_p10,
    {{ first_day_at('chance', 0.5) }} as day_p50,
    {{ first_day_at('chance', 0.9) }} as day_p90,
    max(case when day <= {{ field_end() }} then cast(chance as decimal(12, 4)) end) as chance_in_window,
    max(case when day <= {{ field_end() }} then cast({{ rounded('families', 0) }} as integer) end) as families_in_window
from chances
group by unit_level, unit_code
