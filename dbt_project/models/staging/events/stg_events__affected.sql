-- Persons that a shock's list names, row by row.
with source as (
    select * from {{ source('raw', 'event_affected') }}
)

select
    event_id,
    row_number,
    nik,
    {{ nik_fault('nik') }} as nik_fault,
    status,
    {{ to_day('status_date') }} as status_date
from source
