-- The prelist's families of the newest snapshot that has any. A family listed twice counts once, by its first line.
with listed as (
    select *
    from {{ ref('stg_headquarters__prelist_families') }}
    where
        snapshot_day = (select max(n.snapshot_day) from {{ ref('stg_headquarters__prelist_families') }} as n)
        and prelist_family_id is not null
),

repeated as (
    select
        prelist_family_id,
        min(row_number) as first_row
    from listed
    group by prelist_family_id
    having count(*) > 1
)

select
    l.snapshot_day,
    l.prelist_family_id,
    case when {{ is_sixteen_digits('l.idsubsls') }} then l.idsubsls else 'UNKNOWN' end as idsubsls,
    l.head_name,
    l.no_kk
from listed as l
left join repeated as r on l.prelist_family_id = r.prelist_family_id
where l.row_number = coalesce(r.first_row, l.row_number)
