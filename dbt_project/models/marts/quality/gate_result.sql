-- How the gates judged, night by night: what a limit was held against, and what came of it.
select
    run_key,
    gate,
    rule,
    suite,
    severity,
    figure_name,
    cast({{ rounded('figure', 6) }} as decimal(18, 6)) as figure,
    limit_text,
    verdict,
    is_alert_raised,
    owner,
    judged_as_of,
    {{ as_of() }} as as_of
from {{ ref('int_gates__verdicts') }}
