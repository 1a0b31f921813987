-- Staff of the field work, by snapshot. Names stay in raw: nothing here needs them.
with source as (
    select * from {{ source('raw', 'frame_staff') }}
    where snapshot_day <= {{ as_of() }}
)

select
    snapshot_day,
    staff_id,
    role,
    kab_code,
    supervisor_id
from source
