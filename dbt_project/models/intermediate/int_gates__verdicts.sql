-- The gate history with one word for each verdict. A skipped rule passes, and says that it was not judged.
select
    run_key,
    judged_as_of,
    gate,
    suite,
    rule,
    severity,
    figure_name,
    figure,
    limit_text,
    case when is_skipped then 'skipped' when has_passed then 'passed' else 'tripped' end as verdict,
    is_alert and not is_skipped and not has_passed as is_alert_raised,
    owner
from {{ ref('stg_state__gate_results') }}
