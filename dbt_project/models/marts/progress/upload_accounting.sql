-- Nothing is lost: every document received has one fate, summed for whoever has to answer for it. Rejected and
-- duplicate bundles stand here too, with nothing received: none of theirs was loaded.
with documents as (
    select
        arrival_day,
        bundle_name,
        enumerator_id,
        idsubsls,
        outcome
    from {{ ref('int_documents__fate') }}
),

bundles as (
    select
        b.arrival_day,
        b.bundle_name,
        b.enumerator_id,
        coalesce(s.kab_code, b.named_kab_code) as kab_code
    from {{ ref('int_bundles__fate') }} as b
    left join {{ ref('int_enumerators__current') }} as s on b.enumerator_id = s.enumerator_id
),

units as (
    select
        'bundle' as unit_level,
        b.bundle_name as unit_code,
        b.kab_code,
        b.arrival_day,
        d.outcome
    from bundles as b
    left join documents as d on b.arrival_day = d.arrival_day and b.bundle_name = d.bundle_name
    union all
    select
        'enumerator' as unit_level,
        coalesce(b.enumerator_id, 'UNKNOWN') as unit_code,
        b.kab_code,
        b.arrival_day,
        d.outcome
    from bundles as b
    left join documents as d on b.arrival_day = d.arrival_day and b.bundle_name = d.bundle_name
    {% for level, digits in area_levels() if level in ('desa', 'kecamatan', 'kab_kota') %}
    union all
    select
        '{{ level }}' as unit_level,
        case when idsubsls = 'UNKNOWN' then 'UNKNOWN' else substr(idsubsls, 1, {{ digits }}) end as unit_code,
        case when idsubsls = 'UNKNOWN' then 'UNKNOWN' else substr(idsubsls, 1, 4) end as kab_code,
        arrival_day,
        outcome
    from documents
    {% endfor %}
)

select
    unit_level,
    unit_code,
    max(coalesce(kab_code, 'UNKNOWN')) as kab_code,
    arrival_day,
    cast(count(outcome) as integer) as received,
    {%- for outcome in ['accepted', 'held', 'superseded', 'duplicate', 'rejected'] %}
    cast(sum(case when outcome = '{{ outcome }}' then 1 else 0 end) as integer) as {{ outcome }},
    {%- endfor %}
    {{ as_of() }} as as_of
from units
group by unit_level, unit_code, arrival_day
