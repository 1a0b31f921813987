-- Which enumerator works which sub-SLS, from and to when (both ends in), by snapshot.
with source as (
    select * from {{ source('raw', 'frame_assignments') }}
    where snapshot_day <= {{ as_of() }}
)

select
    snapshot_day,
    idsubsls,
    enumerator_id,
    {{ to_day('valid_from') }} as valid_from,
    {{ to_day('valid_to') }} as valid_to
from source
