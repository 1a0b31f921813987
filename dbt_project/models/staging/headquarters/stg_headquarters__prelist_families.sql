-- Families that headquarters listed before the field opened, by snapshot.
with source as (
    select * from {{ source('raw', 'frame_prelist_families') }}
    where snapshot_day <= {{ as_of() }}
)

select
    snapshot_day,
    row_number,
    idsubsls,
    prelist_family_id,
    head_name,
    no_kk,
    {{ to_integer('expected_members') }} as expected_members
from source
