-- Flags by version of a rule, area and arrival day: how many breaches arrived that day, as sent or as corrected, each
-- judged by its version whatever its dates. What rule_summary splits jumps from.
with breaches as (
    select
        rule_id,
        rule_version,
        valid_from,
        valid_to,
        idsubsls,
        arrival_day
    from {{ ref('int_rules__breaches') }}
    where not is_as_sent
)

{% for level, digits in area_levels() if level in ('province', 'kab_kota', 'kecamatan') %}
select
    rule_id,
    rule_version,
    valid_from,
    valid_to,
    '{{ level }}' as area_level,
    substr(idsubsls, 1, {{ digits }}) as area_code,
    arrival_day,
    count(*) as flags
from breaches
group by rule_id, rule_version, valid_from, valid_to, substr(idsubsls, 1, {{ digits }}), arrival_day
{% if not loop.last %}union all{% endif %}
{% endfor %}
