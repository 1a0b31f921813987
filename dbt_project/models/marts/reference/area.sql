-- Names and expectations of every area of the frame, and of areas that left it but still have documents.
with expected as (
    select
        b.area_level,
        b.area_code,
        sum(coalesce(s.expected_families, 0)) as expected_families,
        max(s.sls_name) as sls_name
    from {{ ref('int_areas__of_sub_sls') }} as b
    left join {{ ref('int_sub_sls__current') }} as s on b.idsubsls = s.idsubsls
    group by b.area_level, b.area_code
),

-- One row, null where no frame counts yet.
current_frame as (
    select max(snapshot_day) as snapshot_day from {{ ref('int_frame__snapshots') }}
    where is_current
)

select
    e.area_level,
    e.area_code,
    case when e.area_level = 'sub_sls' then e.sls_name else r.name end as area_name,
    case e.area_level
        when 'kab_kota' then substr(e.area_code, 1, 2)
        when 'kecamatan' then substr(e.area_code, 1, 4)
        when 'desa' then substr(e.area_code, 1, 7)
        when 'sub_sls' then substr(e.area_code, 1, 10)
    end as parent_area_code,
    substr(e.area_code, 1, 4) as kab_code,
    replace(r.region_code, '.', '') as kemendagri_code,
    cast(e.expected_families as integer) as expected_families,
    f.snapshot_day as frame_snapshot_day,
    {{ as_of() }} as as_of
from expected as e
left join {{ ref('region_master') }} as r on e.area_code = r.bps_code
cross join current_frame as f
