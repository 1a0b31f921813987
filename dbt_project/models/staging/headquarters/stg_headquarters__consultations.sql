-- What village consultations decided: a family's welfare group before and after, why, and by whom.
with source as (
    select * from {{ source('raw', 'consultations_fkp') }}
    where snapshot_day <= {{ as_of() }}
)

select
    -- lineage
    snapshot_day,
    row_number,
    -- keys, as written and as compared
    idsubsls as idsubsls_text,
    r109 as r109_text,
    r110 as r110_text,
    case when {{ matches('trim(idsubsls)', '[0-9]{16}') }} then trim(idsubsls) end as idsubsls,
    {{ to_integer('trim(r109)') }} as r109,
    {{ to_integer('trim(r110)') }} as r110,
    -- codes
    group_before as group_before_text,
    group_after as group_after_text,
    {{ to_integer('trim(group_before)') }} as group_before,
    {{ to_integer('trim(group_after)') }} as group_after,
    -- why, who
    nullif(trim(reason), '') as change_reason,
    nullif(trim(decided_by), '') as decided_by
from source
