-- What each run did, step by step, and how long it took.
select
    run_key,
    step,
    run_as_of,
    cast(entry_number as integer) as entry_number,
    outcome,
    cast(attempts as integer) as attempts,
    started_at_us,
    cast({{ rounded('seconds', 3) }} as decimal(12, 3)) as seconds,
    figures,
    message,
    {{ as_of() }} as as_of
from {{ ref('int_runs__steps') }}
