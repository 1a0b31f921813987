-- The rules, every version, with what the field reads (docs/rules.md).
select
    rule_id,
    rule_version,
    rule_level,
    severity,
    valid_from,
    valid_to,
    is_in_force,
    predicate,
    shows,
    problem_id,
    treatment_id,
    problem_en,
    treatment_en,
    {{ as_of() }} as as_of
from {{ ref('int_rules__catalogue') }}
