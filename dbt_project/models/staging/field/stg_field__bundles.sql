-- What intake recorded of every bundle that arrived by the as-of day, rejected ones included.
with source as (
    select * from {{ source('raw', 'bundles') }}
    where arrival_day <= {{ as_of() }}
)

select
    arrival_day,
    bundle_name,
    bundle_sha256,
    size_bytes,
    named_kab_code,
    named_enumerator_id,
    named_field_day,
    enumerator_id,
    supervisor_id,
    device_id,
    form_version,
    {{ to_instant_us('uploaded_at') }} as uploaded_at_us
from source
