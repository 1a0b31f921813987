-- The frame: every sub-SLS and the families expected in it, by snapshot.
with source as (
    select * from {{ source('raw', 'frame_sub_sls') }}
    where snapshot_day <= {{ as_of() }}
)

select
    snapshot_day,
    idsubsls,
    sls_name,
    bps_desa_code,
    kemendagri_desa_code,
    {{ to_integer('urban_rural') }} as urban_rural,
    coalesce({{ to_integer('expected_families') }}, 0) as expected_families
from source
