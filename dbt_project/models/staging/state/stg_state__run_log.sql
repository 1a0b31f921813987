-- Entries of every run's log, of as-of days up to this one; an entry from before the run knew its day has none.
with source as (
    select * from {{ source('state', 'run_log') }}
)

select
    run_key,
    entry_number,
    step,
    outcome,
    {{ to_day('as_of') }} as run_as_of,
    {{ instant_us('started_at') }} as started_at_us,
    seconds,
    figures,
    message
from source
where as_of is null or {{ to_day('as_of') }} <= {{ as_of() }}
