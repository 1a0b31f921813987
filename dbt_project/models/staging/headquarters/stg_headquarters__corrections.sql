-- The corrections log: what headquarters decided to change, as it was written down. Every folder counts, not only the
-- newest.
with source as (
    select * from {{ source('raw', 'corrections_corrections') }}
    where snapshot_day <= {{ as_of() }}
)

select
    -- lineage
    snapshot_day as correction_day,
    row_number,
    -- keys: as written, and as compared
    submission_id,
    revision,
    case when {{ matches('submission_id', uuid_pattern()) }} then lower(submission_id) end as document_id,
    nullif({{ to_integer('revision') }}, 0) as revision_number,
    case when line is null then 0 else {{ to_integer('line') }} end as person_line,
    lower(trim(variable)) as variable,
    -- values
    old_value,
    nullif(trim(new_value), '') as new_value,
    -- who, when, why
    decided_by,
    {{ to_instant_us('decided_at') }} as decided_at_us,
    decided_at,
    reason
from source
