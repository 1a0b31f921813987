-- Every line of the newest register extract: whether a written person has its NIK, and the desa of the frame it lies
-- in.
with desa as (
    select
        s.kemendagri_desa_code,
        min(substr(s.idsubsls, 1, 10)) as bps_desa_code
    from {{ ref('stg_headquarters__sub_sls') }} as s
    inner join {{ ref('int_frame__snapshots') }} as f on s.snapshot_day = f.snapshot_day and f.is_current
    group by s.kemendagri_desa_code
),

written as (
    select
        nik,
        max(is_resident) as is_resident
    from {{ ref('int_coverage__persons') }}
    where nik is not null
    group by nik
)

select
    p.snapshot_day,
    p.row_number as register_row,
    p.nik,
    p.no_kk,
    d.bps_desa_code,
    coalesce(p.life_status = 'alive' and p.nik is not null and d.bps_desa_code is not null, false) as is_expected,
    case when w.is_resident then 'resident' when w.nik is not null then 'not_resident' end as written_as
from {{ ref('stg_headquarters__population') }} as p
left join desa as d on p.kemendagri_desa_code = d.kemendagri_desa_code
left join written as w on p.nik = w.nik
where p.snapshot_day = (select max(n.snapshot_day) from {{ ref('stg_headquarters__population') }} as n)
