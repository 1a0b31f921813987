-- The prelist's persons with the place of their family. A NIK that is the family's KK number is none.
with current_prelist as (
    select max(snapshot_day) as snapshot_day from {{ ref('int_prelist__families') }}
)

select
    p.snapshot_day,
    p.row_number as prelist_row,
    p.prelist_family_id,
    coalesce(f.idsubsls, 'UNKNOWN') as idsubsls,
    case when p.nik = f.no_kk then null else p.nik end as nik,
    p.name as person_name,
    p.sex,
    p.birth_date
from {{ ref('stg_headquarters__prelist_persons') }} as p
inner join current_prelist as c on p.snapshot_day = c.snapshot_day
left join {{ ref('int_prelist__families') }} as f on p.prelist_family_id = f.prelist_family_id
