-- How flags grew, and why: on each day, what came with new data (under the rules of the day before) and what came
-- because the rules changed (all data under today's rules, less the same data under yesterday's). Days without a move
-- have no row.
with judged as (
    select
        arrival_day,
        idsubsls
    from {{ ref('int_rules__judged') }}
    where not is_as_sent
),

judged_by_area as (
    {% for level, digits in area_levels() if level in ('province', 'kab_kota', 'kecamatan') %}
    select
        '{{ level }}' as area_level,
        substr(idsubsls, 1, {{ digits }}) as area_code,
        arrival_day,
        count(*) as documents
    from judged
    group by substr(idsubsls, 1, {{ digits }}), arrival_day
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

flags as (
    select
        *,
        -- whether its rule was in force the day before
        valid_from < arrival_day and coalesce(valid_to >= {{ day_before('arrival_day') }}, true) as counted_day_before
    from {{ ref('int_rules__flags') }}
),

new_data as (
    select
        rule_id,
        area_level,
        area_code,
        arrival_day,
        sum(case when counted_day_before then flags else 0 end) as data_changed,
        0 as rule_changed
    from flags
    group by rule_id, area_level, area_code, arrival_day
),

-- A version that begins on a day brings every flag it raises on what arrived so far; one that ended the day before
-- takes its away.
turns as (
    select
        f.rule_id,
        f.area_level,
        f.area_code,
        d.arrival_day,
        sum(case when f.valid_from = d.arrival_day then f.flags else -f.flags end) as rule_changed
    from {{ ref('int_rules__flags') }} as f
    inner join {{ ref('int_rules__days') }} as d
        on
            f.arrival_day <= d.arrival_day
            and (f.valid_from = d.arrival_day or {{ day_after('f.valid_to') }} = d.arrival_day)
    group by f.rule_id, f.area_level, f.area_code, d.arrival_day
),

moves as (
    select * from new_data
    union all
    select
        rule_id,
        area_level,
        area_code,
        arrival_day,
        0 as data_changed,
        rule_changed
    from turns
),

daily as (
    select
        rule_id,
        area_level,
        area_code,
        arrival_day,
        sum(data_changed) as data_changed,
        sum(rule_changed) as rule_changed
    from moves
    group by rule_id, area_level, area_code, arrival_day
),

judged_areas as (
    select distinct
        area_level,
        area_code
    from judged_by_area
),

documents_to_date as (
    select
        a.area_level,
        a.area_code,
        d.arrival_day,
        sum(coalesce(j.documents, 0)) over (
            partition by a.area_level, a.area_code order by d.arrival_day
        ) as judged_documents
    from judged_areas as a
    cross join {{ ref('int_rules__days') }} as d
    left join judged_by_area as j
        on a.area_level = j.area_level and a.area_code = j.area_code and d.arrival_day = j.arrival_day
),

closed as (
    select
        v.rule_id,
        a.area_level,
        a.area_code,
        v.closed_on
    from {{ ref('int_violations') }} as v
    inner join {{ ref('int_areas__of_sub_sls') }} as a
        on v.idsubsls = a.idsubsls and a.area_level in ('province', 'kab_kota', 'kecamatan')
    where v.closed_on is not null
),

closed_to_date as (
    select
        d.rule_id,
        d.area_level,
        d.area_code,
        d.arrival_day,
        count(c.closed_on) as closed
    from daily as d
    left join closed as c
        on
            d.rule_id = c.rule_id and d.area_level = c.area_level and d.area_code = c.area_code
            and d.arrival_day >= c.closed_on
    group by d.rule_id, d.area_level, d.area_code, d.arrival_day
),

summed as (
    select
        d.*,
        sum(d.data_changed + d.rule_changed) over (
            partition by d.rule_id, d.area_level, d.area_code order by d.arrival_day
        ) as flags
    from daily as d
)

select
    s.rule_id,
    s.area_level,
    s.area_code,
    case when s.area_level = 'province' then s.area_code else substr(s.area_code, 1, 4) end as kab_code,
    s.arrival_day,
    cast(s.flags as integer) as flags,
    cast(s.data_changed as integer) as data_changed,
    cast(s.rule_changed as integer) as rule_changed,
    cast(c.closed as integer) as closed,
    cast(j.judged_documents as integer) as judged_documents,
    {{ share('s.flags', 'j.judged_documents') }} as flags_per_document,
    {{ as_of() }} as as_of
from summed as s
inner join closed_to_date as c
    on
        s.rule_id = c.rule_id and s.area_level = c.area_level and s.area_code = c.area_code
        and s.arrival_day = c.arrival_day
inner join documents_to_date as j
    on s.area_level = j.area_level and s.area_code = j.area_code and s.arrival_day = j.arrival_day
where s.data_changed <> 0 or s.rule_changed <> 0
