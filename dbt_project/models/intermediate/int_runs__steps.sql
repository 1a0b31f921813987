-- How each step of each run ended: a step that was tried again counts as it ended last, with every attempt's seconds.
-- The day of a run is known from its second entry on, and holds for the first.
with entries as (
    select
        e.*,
        row_number() over (partition by e.run_key, e.step order by e.entry_number desc) as latest,
        count(*) over (partition by e.run_key, e.step) as attempts,
        sum(e.seconds) over (partition by e.run_key, e.step) as seconds_in_all,
        max(e.run_as_of) over (partition by e.run_key) as day_of_run
    from {{ ref('stg_state__run_log') }} as e
)

select
    run_key,
    step,
    coalesce(run_as_of, day_of_run) as run_as_of,
    entry_number,
    outcome,
    attempts,
    started_at_us,
    seconds_in_all as seconds,
    figures,
    message
from entries
where latest = 1
