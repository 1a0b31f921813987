-- Families that a shock hits or may have hit, who in them needs help first, and in which order (docs/shock.md).
with lengths as (
    {{ code_lengths() }}
),

named as (
    {{ named_sub_sls() }}
),

in_polygon as (
    select
        e.event_id,
        f.idsubsls,
        f.building_number,
        f.family_number
    from {{ ref('family_register') }} as f
    inner join {{ ref('int_events__sides') }} as e
        on {{ latitude_band('cast(f.latitude as double)') }} = e.latitude_band
    where
        f.longitude between e.min_longitude and e.max_longitude
        and {{ crosses('cast(f.longitude as double)', 'cast(f.latitude as double)') }}
    group by e.event_id, e.polygon_number, f.idsubsls, f.building_number, f.family_number
    having count(*) % 2 = 1
),

touched as (
    select distinct
        event_id,
        idsubsls
    from in_polygon
),

in_area as (
    select
        n.event_id,
        f.idsubsls,
        f.building_number,
        f.family_number
    from named as n
    inner join {{ ref('int_events__current') }} as e on n.event_id = e.event_id
    inner join {{ ref('family_register') }} as f on n.idsubsls = f.idsubsls
    where not e.has_footprint or f.latitude is null
),

unlocated as (
    select
        t.event_id,
        f.idsubsls,
        f.building_number,
        f.family_number
    from touched as t
    inner join {{ ref('family_register') }} as f on t.idsubsls = f.idsubsls
    left join named as n on t.event_id = n.event_id and t.idsubsls = n.idsubsls
    where f.latitude is null and n.idsubsls is null
),

-- The list's standing rows and the residents who bear their NIK.
borne as (
    select
        l.event_id,
        l.nik,
        l.status,
        p.idsubsls,
        p.building_number,
        p.family_number
    from {{ ref('int_events__listed') }} as l
    inner join {{ ref('person_register') }} as p on l.nik = p.nik
    where l.is_standing
),

affected as (
    select
        event_id,
        nik,
        status,
        count(*) as bearers
    from borne
    group by event_id, nik, status
),

found as (
    {%- for relation in ['in_polygon', 'in_area', 'unlocated', 'borne'] %}
    select
        event_id,
        idsubsls,
        building_number,
        family_number,
        {{ loop.index }} as place
    from {{ relation }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

matches as (
    select
        event_id,
        idsubsls,
        building_number,
        family_number,
        min(place) as place
    from found
    group by event_id, idsubsls, building_number, family_number
),

members as (
    select
        m.event_id,
        m.idsubsls,
        m.building_number,
        m.family_number,
        {%- for status in affected_statuses() %}
        count(case when a.status = '{{ status }}' then 1 end) as {{ status }}_persons,
        {%- endfor %}
        {%- for flag, persons in vulnerabilities() %}
        count(case when p.{{ flag }} and coalesce(a.status, '') <> 'dead' then 1 end) as {{ persons }},
        {%- endfor %}
        count(case when a.bearers > 1 then 1 end) as shared_nik_persons
    from matches as m
    inner join {{ ref('person_register') }} as p
        on
            m.idsubsls = p.idsubsls
            and m.building_number = p.building_number
            and m.family_number = p.family_number
    left join affected as a on m.event_id = a.event_id and p.nik = a.nik
    group by m.event_id, m.idsubsls, m.building_number, m.family_number
),

-- Names wait until the ranks are known: a sort of a whole province would drag them along.
families as (
    select
        m.event_id,
        m.idsubsls,
        m.building_number,
        m.family_number,
        m.place,
        m.place <= 2 as in_footprint,
        f.resident_persons - coalesce(p.dead_persons, 0) as living_persons,
        f.decile_family_province,
        {%- for status in affected_statuses() %}
        coalesce(p.{{ status }}_persons, 0) as {{ status }}_persons,
        {%- endfor %}
        {%- for flag, persons in vulnerabilities() %}
        coalesce(p.{{ persons }}, 0) as {{ persons }},
        {%- endfor %}
        coalesce(p.shared_nik_persons, 0) as shared_nik_persons
    from matches as m
    inner join {{ ref('family_register') }} as f
        on
            m.idsubsls = f.idsubsls
            and m.building_number = f.building_number
            and m.family_number = f.family_number
    left join members as p
        on
            m.event_id = p.event_id
            and m.idsubsls = p.idsubsls
            and m.building_number = p.building_number
            and m.family_number = p.family_number
),

counted as (
    select
        f.*,
        f.confirmed_persons + f.suspected_persons + f.recovered_persons + f.dead_persons as affected_persons,
        {%- for flag, persons in vulnerabilities() %}
        {% if not loop.first %}+ {% endif %}case when f.{{ persons }} > 0 then 1 else 0 end
        {%- endfor %} as vulnerability_kinds
    from families as f
),

weighed as (
    select
        c.*,
        case
            when c.living_persons > 0
                then {{ harm_points('c') }} + {{ vulnerability_points('c') }} + {{ poverty_points('c') }}
            else 0
        end as priority_points
    from counted as c
),

ranked as (
    select
        w.*,
        row_number() over (
            partition by w.event_id
            order by
                w.priority_points desc,
                w.living_persons desc,
                md5(concat_ws('|', w.event_id, w.idsubsls, w.building_number, w.family_number)) asc
        ) as priority_rank
    from weighed as w
)

select
    r.event_id,
    e.event_name,
    r.idsubsls,
    r.building_number,
    r.family_number,
    f.kab_code,
    f.bps_desa_code,
    f.document_id,
    f.head_name,
    f.address,
    f.sls_name,
    case r.place when 1 then 'polygon' when 2 then 'area' when 3 then 'unlocated' else 'outside' end as footprint_match,
    r.in_footprint,
    r.in_footprint or r.affected_persons > 0 as is_hit,
    cast(r.affected_persons as integer) as affected_persons,
    {%- for status in affected_statuses() %}
    cast(r.{{ status }}_persons as integer) as {{ status }}_persons,
    {%- endfor %}
    cast(r.shared_nik_persons as integer) as shared_nik_persons,
    f.resident_persons,
    cast(r.living_persons as integer) as living_persons,
    {%- for flag, persons in vulnerabilities() %}
    cast(r.{{ persons }} as integer) as {{ persons }},
    {%- endfor %}
    cast(r.vulnerability_kinds as integer) as vulnerability_kinds,
    f.decile_family_province,
    f.decile_family_kab,
    f.is_held,
    f.field_day,
    cast(greatest({{ days_from_to('f.field_day', as_of()) }}, 0) as integer) as staleness_days,
    cast(r.priority_points as integer) as priority_points,
    cast(r.priority_rank as integer) as priority_rank,
    {{ as_of() }} as as_of
from ranked as r
inner join {{ ref('int_events__current') }} as e on r.event_id = e.event_id
inner join {{ ref('family_register') }} as f
    on
        r.idsubsls = f.idsubsls
        and r.building_number = f.building_number
        and r.family_number = f.family_number
