-- Verdicts of every gate of every run, of as-of days up to this one. Entries of before 0.2.0 know no skipped rules,
-- alerts or owners.
with source as (
    select * from {{ source('state', 'gate_result') }}
)

select
    run_key,
    {{ to_day('as_of') }} as judged_as_of,
    gate,
    suite,
    rule,
    severity,
    figure_name,
    figure,
    limit_text,
    passed as has_passed,
    coalesce(skipped, false) as is_skipped,
    coalesce(alert, false) as is_alert,
    owner
from source
where {{ to_day('as_of') }} <= {{ as_of() }}
