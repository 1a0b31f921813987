-- Who is registered in a desa of the frame, alive, and written on no winning document: for the desa to look into. A
-- view: before the field work ends it is most of the province, and the rows of desa that are nearly done are read.
{{ config(materialized='view') }}

with unlisted as (
    select * from {{ ref('int_register__lines') }}
    where is_expected and written_as is null
),

on_prelist as (
    select
        nik,
        min(idsubsls) as idsubsls
    from {{ ref('int_prelist__persons') }}
    where nik is not null
    group by nik
),

enumerated_kks as (
    select no_kk from {{ ref('int_register__lines') }}
    where written_as is not null and no_kk is not null
    union
    select no_kk from {{ ref('int_coverage__families') }}
    where is_enumerated and no_kk is not null
),

enumerated as (
    select
        substr(idsubsls, 1, 10) as bps_desa_code,
        count(*) as families
    from {{ ref('int_coverage__families') }}
    where is_enumerated
    group by substr(idsubsls, 1, 10)
),

desa as (
    select
        a.area_code as bps_desa_code,
        {{ is_provisional('coalesce(e.families, 0)', 'a.expected_families') }} as is_provisional
    from {{ ref('area') }} as a
    left join enumerated as e on a.area_code = e.bps_desa_code
    where a.area_level = 'desa'
)

select
    u.register_row,
    u.nik,
    u.no_kk,
    p.person_name,
    p.sex,
    p.birth_date,
    p.kemendagri_desa_code,
    u.bps_desa_code,
    substr(u.bps_desa_code, 1, 4) as kab_code,
    coalesce(d.is_provisional, true) as is_provisional,
    l.nik is not null as is_on_prelist,
    l.idsubsls as prelist_idsubsls,
    k.no_kk is not null as is_family_partly_enumerated,
    u.snapshot_day as register_snapshot_day,
    {{ as_of() }} as as_of
from unlisted as u
inner join {{ ref('int_register__persons') }} as p on u.register_row = p.register_row
left join desa as d on u.bps_desa_code = d.bps_desa_code
left join on_prelist as l on u.nik = l.nik
left join enumerated_kks as k on u.no_kk = k.no_kk
