-- Rows of the lists of affected persons that count for nobody: to be looked up, or to be visited.
with known as (
    select distinct l.nik
    from {{ ref('int_events__listed') }} as l
    inner join {{ ref('person_register') }} as p on l.nik = p.nik
    where l.is_standing
)

select
    l.event_id,
    l.row_number,
    '35' as kab_code,
    l.nik,
    l.status,
    l.status_date,
    case
        when not l.is_well_formed then 'invalid_nik'
        when not l.is_standing then 'repeated'
        else 'unknown_nik'
    end as reason,
    {{ as_of() }} as as_of
from {{ ref('int_events__listed') }} as l
left join known as k on l.nik = k.nik
where not l.is_standing or k.nik is null
