-- When will it be done: every enumerator with a load, every kecamatan, kab/kota and the province.
with enumerators as (
    select
        'enumerator' as unit_level,
        enumerator_id as unit_code,
        kab_code,
        enumerated_families,
        load_families as expected_families,
        load_families as target_families,
        own_days,
        own_pace,
        own_weight,
        peer_level,
        pace as pooled_pace,
        finished_day
    from {{ ref('int_forecast__paces') }}
),

-- An area's pooled pace is what its enumerators do a day together, while they have something to do there.
area_paces as (
    {% for level, digits in area_levels() if level in ('province', 'kab_kota', 'kecamatan') %}
    select
        '{{ level }}' as unit_level,
        substr(a.idsubsls, 1, {{ digits }}) as unit_code,
        sum({{ exact('p.pace * (a.expected_families / cast(p.load_families as double))') }}) as pooled_pace
    from {{ ref('int_forecast__assigned') }} as a
    inner join {{ ref('int_forecast__paces') }} as p on a.enumerator_id = p.enumerator_id
    where p.remaining_families > 0
    group by substr(a.idsubsls, 1, {{ digits }})
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

has_pace as (
    select count(pace) as enumerators from {{ ref('int_forecast__paces') }}
),

areas as (
    select
        a.unit_level,
        a.unit_code,
        substr(a.unit_code, 1, 4) as kab_code,
        a.enumerated_families,
        a.expected_families,
        a.target_families,
        a.own_days,
        {{ exact('a.own_families / cast(nullif(a.own_days, 0) as double)') }} as own_pace,
        cast(null as decimal(18, 6)) as own_weight,
        cast(null as {{ dbt.type_string() }}) as peer_level,
        case when h.enumerators > 0 then coalesce(p.pooled_pace, 0) end as pooled_pace,
        a.finished_day
    from {{ ref('int_forecast__areas') }} as a
    cross join has_pace as h
    left join area_paces as p on a.unit_level = p.unit_level and a.unit_code = p.unit_code
),

units as (
    select * from enumerators
    union all
    select * from areas
),

forecast as (
    select
        u.*,
        c.families_in_window,
        u.target_families > 0 and (u.finished_day is not null or u.pooled_pace is not null) as is_forecast,
        coalesce(u.finished_day, c.day_p10) as day_p10,
        coalesce(u.finished_day, c.day_p50) as day_p50,
        coalesce(u.finished_day, c.day_p90) as day_p90,
        case
            when u.finished_day is not null then case when u.finished_day <= {{ field_end() }} then 1 else 0 end
            else coalesce(c.chance_in_window, 0)
        end as chance_in_window,
        case
            when u.target_families = 0 then 'nothing_expected'
            when u.finished_day is not null then null
            when u.pooled_pace is null then 'no_data'
            when c.day_p90 is null then 'no_completion_in_horizon'
        end as missing_reason
    from units as u
    left join {{ ref('int_forecast__completions') }} as c on u.unit_level = c.unit_level and u.unit_code = c.unit_code
)

select
    f.unit_level,
    f.unit_code,
    a.area_name as unit_name,
    f.kab_code,
    f.enumerated_families,
    f.expected_families,
    {{ share('f.enumerated_families', 'f.expected_families') }} as done_share,
    f.target_families,
    cast(greatest(f.target_families - f.enumerated_families, 0) as integer) as remaining_families,
    f.finished_day is not null as is_finished,
    f.own_days,
    cast({{ rounded('f.own_pace', 3) }} as decimal(12, 3)) as own_families_per_day,
    cast({{ rounded('f.own_weight', 4) }} as decimal(12, 4)) as own_weight,
    f.peer_level,
    cast({{ rounded('f.pooled_pace', 3) }} as decimal(12, 3)) as pooled_families_per_day,
    f.day_p10 as completion_day_p10,
    f.day_p50 as completion_day_p50,
    f.day_p90 as completion_day_p90,
    case when f.is_forecast then cast(f.chance_in_window as decimal(12, 4)) end as finish_probability,
    case
        when f.is_forecast then cast(greatest(f.enumerated_families, coalesce(f.families_in_window, 0)) as integer)
    end as projected_families_at_end,
    f.missing_reason,
    {{ field_end() }} as window_end,
    {{ as_of() }} as as_of
from forecast as f
left join {{ ref('area') }} as a on f.unit_level = a.area_level and f.unit_code = a.area_code
