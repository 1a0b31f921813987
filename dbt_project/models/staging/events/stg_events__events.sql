-- Shocks, as the landing zone tells them at the run: an event has no arrival day.
with source as (
    select * from {{ source('raw', 'events') }}
)

select
    event_id,
    type as event_type,
    name as event_name,
    {{ to_day('started_on') }} as started_on,
    content_sha256
from source
