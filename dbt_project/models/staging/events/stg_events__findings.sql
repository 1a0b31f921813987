-- What intake found wrong in a shock's folder.
with source as (
    select * from {{ source('raw', 'event_findings') }}
)

select
    event_id,
    finding_number,
    reason,
    member,
    row_number,
    detail
from source
