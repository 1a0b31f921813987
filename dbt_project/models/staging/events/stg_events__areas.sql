-- Areas that a shock names, as written.
with source as (
    select * from {{ source('raw', 'event_areas') }}
)

select
    event_id,
    area_number,
    area_code
from source
