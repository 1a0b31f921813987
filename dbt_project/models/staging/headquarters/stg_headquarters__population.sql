-- The civil register's extract, by snapshot: who is registered where, and whether alive.
with source as (
    select * from {{ source('raw', 'register_population') }}
    where snapshot_day <= {{ as_of() }}
)

select
    snapshot_day,
    row_number,
    nik,
    no_kk,
    name,
    {{ to_integer('sex') }} as sex,
    {{ to_day('birth_date') }} as birth_date,
    kemendagri_desa_code,
    life_status
from source
