{# Dated rows of one key never overlap: on each day at most one is in force. #}
{% test in_force_once(model, key) %}
select
    {{ key }},
    valid_from
from (
    select
        {{ key }},
        valid_from,
        valid_to,
        lead(valid_from) over (partition by {{ key }} order by valid_from) as next_from
    from {{ model }}
) as dated
where valid_to < valid_from or (next_from is not null and (valid_to is null or valid_to >= next_from))
{% endtest %}
