-- What intake found wrong in the folders of shocks, each reason once a file, as first met.
with counted as (
    select
        event_id,
        reason,
        member,
        count(*) as occurrences,
        min(finding_number) as finding_number
    from {{ ref('stg_events__findings') }}
    group by event_id, reason, member
)

select
    c.event_id,
    c.reason,
    coalesce(c.member, 'folder') as member,
    c.occurrences,
    f.row_number as first_row_number,
    f.detail
from counted as c
inner join {{ ref('stg_events__findings') }} as f
    on c.event_id = f.event_id and c.finding_number = f.finding_number
