-- Families that a shock hits or may have hit, who in them needs help first, and in which order (docs/shock.md).
with named as (
    {{ named_sub_sls() }}
),

in_polygon as (
    select distinct
        event_id,
        idsubsls,
        building_number,
        family_number
    from (
        select
            e.event_id,
            e.polygon_number,
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
    ) as crossed
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
    from (select distinct event_id, idsubsls from in_polygon) as t
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

matches as (
    select
        event_id,
        idsubsls,
        building_number,
        family_number,
        min(place) as place
    from (
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
    ) as found
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

families as (
    select
        m.event_id,
        f.idsubsls,
        f.building_number,
        f.family_number,
        f.kab_code,
        f.bps_desa_code,
        f.document_id,
        f.head_name,
        f.address,
        f.sls_name,
        f.is_held,
        f.field_day,
        f.resident_persons,
        f.decile_family_province,
        f.decile_family_kab,
        m.place,
        m.place <= 2 as in_footprint,
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
        f.resident_persons - f.dead_persons as living_persons,
        {% for status in affected_statuses() %}{% if not loop.first %} + {% endif %}f.{{ status }}_persons{% endfor %}
            as affected_persons,
        {%- for flag, persons in vulnerabilities() %}
        {% if not loop.first %}+ {% endif %}case when f.{{ persons }} > 0 then 1 else 0 end
        {%- endfor %} as vulnerability_kinds
    from families as f
),

weighed as (
    select
        c.*,
        case
            when living_persons > 0
                then {{ harm_points() }} + 5 * vulnerability_kinds + {{ poverty_points('decile_family_province') }}
            else 0
        end as priority_points
    from counted as c
)

select
    w.event_id,
    e.event_name,
    w.idsubsls,
    w.building_number,
    w.family_number,
    w.kab_code,
    w.bps_desa_code,
    w.document_id,
    w.head_name,
    w.address,
    w.sls_name,
    case w.place when 1 then 'polygon' when 2 then 'area' when 3 then 'unlocated' else 'outside' end as footprint_match,
    w.in_footprint,
    w.in_footprint or w.affected_persons > 0 as is_hit,
    cast(w.affected_persons as integer) as affected_persons,
    {%- for status in affected_statuses() %}
    cast(w.{{ status }}_persons as integer) as {{ status }}_persons,
    {%- endfor %}
    cast(w.shared_nik_persons as integer) as shared_nik_persons,
    w.resident_persons,
    cast(w.living_persons as integer) as living_persons,
    {%- for flag, persons in vulnerabilities() %}
    cast(w.{{ persons }} as integer) as {{ persons }},
    {%- endfor %}
    cast(w.vulnerability_kinds as integer) as vulnerability_kinds,
    w.decile_family_province,
    w.decile_family_kab,
    w.is_held,
    w.field_day,
    cast(greatest({{ days_from_to('w.field_day', as_of()) }}, 0) as integer) as staleness_days,
    cast(w.priority_points as integer) as priority_points,
    cast(row_number() over (
        partition by w.event_id
        order by
            w.priority_points desc,
            w.living_persons desc,
            md5(concat_ws('|', w.event_id, w.idsubsls, w.building_number, w.family_number)),
            w.idsubsls,
            w.building_number,
            w.family_number
    ) as integer) as priority_rank,
    {{ as_of() }} as as_of
from weighed as w
inner join {{ ref('int_events__current') }} as e on w.event_id = e.event_id
