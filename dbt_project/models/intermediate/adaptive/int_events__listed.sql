-- Rows of the lists of affected persons, and which of them stands: a person's state changes, and lists are sent again
-- with rows added at the end.
with ranked as (
    select
        a.*,
        row_number() over (
            partition by a.event_id, a.nik
            order by a.status_date desc nulls last, a.row_number desc
        ) as place
    from {{ ref('stg_events__affected') }} as a
)

select
    event_id,
    row_number,
    nik,
    status,
    status_date,
    nik is not null and nik_fault is null as is_well_formed,
    nik is not null and nik_fault is null and place = 1 as is_standing
from ranked
