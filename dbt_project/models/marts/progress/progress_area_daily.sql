-- How far are we: every area, every day of the field work, whether or not anything happened. A conflict is counted by
-- no progress mart (docs/upload-contract.md §3).
with facts as (
    select
        idsubsls,
        progress_day,
        sum(case when outcome = 'accepted' then 1 else 0 end) as accepted_documents,
        sum(case when outcome = 'held' then 1 else 0 end) as held_documents,
        sum(case when outcome = 'superseded' then 1 else 0 end) as superseded_documents
    from {{ ref('int_documents__fate') }}
    where idsubsls <> 'UNKNOWN' and coalesce(reason, '') <> 'CONFLICT'
    group by idsubsls, progress_day
),

visits as (
    select
        idsubsls,
        progress_day,
        {%- for code, name in visit_outcomes() %}
        sum(case when r205 = {{ code }} then 1 else 0 end) as {{ name }}_families,
        {%- endfor %}
        sum(case when is_enumerated then 1 else 0 end) as enumerated_families,
        sum(resident_persons) as enumerated_persons
    from {{ ref('int_documents__winners') }}
    group by idsubsls, progress_day
),

by_area as (
    select
        b.area_level,
        b.area_code,
        {%- for measure in daily_measures() %}
        sum({{ measure }}) as {{ measure }},
        {%- endfor %}
        f.progress_day
    from facts as f
    inner join {{ ref('int_areas__of_sub_sls') }} as b on f.idsubsls = b.idsubsls
    left join visits as v on f.idsubsls = v.idsubsls and f.progress_day = v.progress_day
    group by b.area_level, b.area_code, f.progress_day
),

daily as (
    select
        a.area_level,
        a.area_code,
        a.area_name,
        a.kab_code,
        c.field_day,
        c.days_left,
        a.expected_families,
        {%- for measure in daily_measures() %}
        cast(coalesce(d.{{ measure }}, 0) as integer) as {{ measure }},
        {%- endfor %}
        cast(sum(coalesce(d.enumerated_families, 0)) over to_date as integer) as enumerated_families_cumulative,
        cast(sum(coalesce(d.enumerated_persons, 0)) over to_date as integer) as enumerated_persons_cumulative
    from {{ ref('area') }} as a
    cross join {{ ref('int_field_days') }} as c
    left join by_area as d
        on a.area_level = d.area_level and a.area_code = d.area_code and c.field_day = d.progress_day
    where c.field_day <= {{ as_of() }}
    window to_date as (partition by a.area_level, a.area_code order by c.field_day)
)

select
    d.area_level,
    d.area_code,
    d.area_name,
    d.kab_code,
    d.field_day,
    d.expected_families,
    {%- for measure in daily_measures() %}
    d.{{ measure }},
    {%- endfor %}
    d.enumerated_families_cumulative,
    d.enumerated_persons_cumulative,
    d.enumerated_families_cumulative as coverage_numerator,
    d.expected_families as coverage_denominator,
    {{ share('d.enumerated_families_cumulative', 'd.expected_families') }} as coverage_share,
    d.days_left,
    {{ quotient('greatest(d.expected_families - d.enumerated_families_cumulative, 0)', 'd.days_left', 3) }}
        as required_families_per_day,
    {{ as_of() }} as as_of
from daily as d
