-- Who receives which programme, from its owner, by month. Spreadsheets leave blanks around numbers; nothing else is
-- mended.
with source as (
    select * from {{ source('raw', 'programmes_recipients') }}
    where snapshot_day <= {{ as_of() }}
)

select
    -- lineage
    snapshot_day,
    row_number,
    -- keys
    upper(trim(programme)) as programme,
    nullif(trim(nik), '') as nik,
    nullif(trim(no_kk), '') as no_kk
from source
