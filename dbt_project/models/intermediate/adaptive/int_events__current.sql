-- Shocks that count, and whether a footprint is drawn.
with footprints as (
    select
        event_id,
        count(*) as sides
    from {{ ref('stg_events__edges') }}
    group by event_id
)

select
    e.event_id,
    e.event_type,
    e.event_name,
    e.started_on,
    f.event_id is not null as has_footprint
from {{ ref('stg_events__events') }} as e
left join footprints as f on e.event_id = f.event_id
