-- Families that were enumerated, where they live and how they stand: what a shock is measured against, so that an event
-- never waits for the night.
with families as (
    select
        w.idsubsls,
        w.r109 as building_number,
        w.r110 as family_number,
        w.document_id,
        w.is_held,
        w.field_day,
        w.arrival_day,
        w.resident_persons,
        nullif(trim(d.r108_text), '') as head_name,
        nullif(trim(d.r107_text), '') as address,
        nullif(trim(d.r106_text), '') as sls_name,
        nullif(trim(d.r114), '') as kk_number,
        d.latitude,
        d.longitude,
        d.latitude between -12 and 7 and d.longitude between 94 and 142 as has_point
    from {{ ref('int_documents__winners') }} as w
    inner join {{ ref('int_documents__as_corrected') }} as d
        on w.arrival_day = d.arrival_day and w.bundle_name = d.bundle_name and w.row_number = d.row_number
    where w.is_enumerated
)

select
    f.idsubsls,
    f.building_number,
    f.family_number,
    substr(f.idsubsls, 1, 4) as kab_code,
    substr(f.idsubsls, 1, 10) as bps_desa_code,
    f.document_id,
    f.head_name,
    f.address,
    f.sls_name,
    case when f.has_point then cast({{ rounded('f.latitude', 6) }} as decimal(9, 6)) end as latitude,
    case when f.has_point then cast({{ rounded('f.longitude', 6) }} as decimal(9, 6)) end as longitude,
    f.kk_number,
    f.is_held,
    f.field_day,
    f.arrival_day,
    cast(f.resident_persons as integer) as resident_persons,
    w.decile_family_province,
    w.decile_family_kab,
    {{ as_of() }} as as_of
from families as f
left join {{ ref('family_welfare') }} as w
    on
        f.idsubsls = w.idsubsls
        and f.building_number = w.building_number
        and f.family_number = w.family_number
