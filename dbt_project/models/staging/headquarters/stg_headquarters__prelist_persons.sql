-- Persons that headquarters listed before the field opened, by snapshot. Their place is their family's.
with source as (
    select * from {{ source('raw', 'frame_prelist_persons') }}
    where snapshot_day <= {{ as_of() }}
)

select
    snapshot_day,
    row_number,
    prelist_family_id,
    nik,
    name,
    {{ to_integer('sex') }} as sex,
    {{ to_day('birth_date') }} as birth_date
from source
