-- How many families and persons a shock hits, by area and decile, from what is certain to what may be (docs/shock.md).
with lengths as (
    {{ code_lengths() }}
),

named as (
    {{ named_sub_sls() }}
),

on_file as (
    select
        idsubsls,
        count(*) as families,
        count(latitude) as located,
        sum(resident_persons) as persons
    from {{ ref('family_register') }}
    group by idsubsls
),

everywhere as (
    select
        sum(families) as families,
        sum(persons) as persons
    from on_file
),

-- Sub-SLS in which a family is hit by place, or that are named and that nothing says were spared.
touched as (
    select
        event_id,
        idsubsls
    from {{ ref('shock_affected_family') }}
    where in_footprint
    union
    select
        n.event_id,
        n.idsubsls
    from named as n
    inner join {{ ref('int_events__current') }} as e on n.event_id = e.event_id
    left join on_file as o on n.idsubsls = o.idsubsls
    where not e.has_footprint or coalesce(o.located, 0) = 0
),

unvisited as (
    select
        t.event_id,
        t.idsubsls,
        greatest(coalesce(s.expected_families, 0) - coalesce(o.families, 0), 0) as families
    from touched as t
    inner join {{ ref('area') }} as s on s.area_level = 'sub_sls' and t.idsubsls = s.area_code
    left join on_file as o on t.idsubsls = o.idsubsls
),

facts as (
    select
        event_id,
        idsubsls,
        coalesce(cast(decile_family_province as string), 'unranked') as decile,
        case when is_hit then staleness_days end as staleness_days,
        {%- for measure, expression in caseload().items() %}
        {{ expression }} as {{ measure }} {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('shock_affected_family') }}
    union all
    select
        u.event_id,
        u.idsubsls,
        case when u.families > 0 then 'unranked' end as decile,
        cast(null as integer) as staleness_days,
        {{ caseload_of_nobody({
            'unvisited_families': 'u.families',
            'unvisited_persons': 'coalesce(ceil(u.families * e.persons / cast(e.families as double)), 0)',
        }) }}
    from unvisited as u
    cross join everywhere as e
    union all
    -- An event has its province, whatever it hits.
    select
        c.event_id,
        a.area_code as idsubsls,
        cast(null as string) as decile,
        cast(null as integer) as staleness_days,
        {{ caseload_of_nobody({}) }}
    from {{ ref('int_events__current') }} as c
    cross join {{ ref('area') }} as a
    where a.area_level = 'province'
),

-- Every fact counts at each level, in its decile and in all.
cells as (
    {%- for level, digits in area_levels()[:4] %}
    {%- for is_total in ['true', 'false'] %}
    select
        '{{ level }}' as area_level,
        {{ digits }} as digits,
        {{ is_total }} as is_total
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

placed as (
    select
        f.*,
        c.area_level,
        substr(f.idsubsls, 1, c.digits) as area_code,
        case when c.is_total then 'all' else f.decile end as shown_decile
    from facts as f
    cross join cells as c
    where length(f.idsubsls) >= c.digits and (c.is_total or f.decile is not null)
),

by_area as (
    select
        event_id,
        area_level,
        area_code,
        shown_decile as decile,
        {%- for measure in caseload() %}
        cast(sum({{ measure }}) as integer) as {{ measure }},
        {%- endfor %}
        cast(median(staleness_days) as decimal(10, 1)) as staleness_median_days,
        max(staleness_days) as staleness_max_days
    from placed
    group by event_id, area_level, area_code, shown_decile
),

lists as (
    select
        l.event_id,
        count(case when l.is_standing or not l.is_well_formed then 1 end) as listed_persons,
        count(case when u.reason in ('unknown_nik', 'invalid_nik') then 1 end) as unmatched_persons
    from {{ ref('int_events__listed') }} as l
    left join {{ ref('shock_unmatched_person') }} as u on l.event_id = u.event_id and l.row_number = u.row_number
    group by l.event_id
)

select
    b.event_id,
    e.event_type,
    e.event_name,
    e.started_on,
    b.area_level,
    b.area_code,
    a.area_name,
    case when b.area_level = 'province' then b.area_code else substr(b.area_code, 1, 4) end as kab_code,
    b.decile,
    {%- for measure in caseload() %}
    b.{{ measure }},
    {%- endfor %}
    b.hit_families + b.unlocated_families + b.unvisited_families as families_high,
    b.hit_persons + b.unlocated_persons + b.unvisited_persons as persons_high,
    b.staleness_median_days,
    cast(b.staleness_max_days as integer) as staleness_max_days,
    case when b.area_level = 'province' and b.decile = 'all' then cast(coalesce(l.listed_persons, 0) as integer) end
        as listed_persons,
    case when b.area_level = 'province' and b.decile = 'all' then cast(coalesce(l.unmatched_persons, 0) as integer) end
        as unmatched_persons,
    {{ as_of() }} as as_of
from by_area as b
inner join {{ ref('int_events__current') }} as e on b.event_id = e.event_id
left join {{ ref('area') }} as a on b.area_level = a.area_level and b.area_code = a.area_code
left join lists as l on b.event_id = l.event_id
