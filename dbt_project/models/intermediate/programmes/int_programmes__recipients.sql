-- The list of recipients that counts, the newest month not after the as-of day, and what is wrong with a line of it.
select
    r.snapshot_day,
    r.row_number,
    r.programme,
    r.nik,
    r.no_kk,
    case
        when
            r.programme is null
            or r.programme not in ({{ programme_codes() }})
            then 'unknown_programme'
        when r.nik is null and r.no_kk is null then 'no_number'
        when
            (r.nik is null or {{ nik_fault('r.nik') }} is not null)
            and not coalesce({{ is_usable_kk('r.no_kk') }}, false)
            then 'unusable_number'
    end as fault
from {{ ref('stg_headquarters__recipients') }} as r
where r.snapshot_day = (select max(s.snapshot_day) from {{ ref('stg_headquarters__recipients') }} as s)
