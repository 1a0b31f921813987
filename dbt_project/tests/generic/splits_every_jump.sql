{# From one day to the next, flags move by what new data and what changed rules brought, and by nothing else. #}
{% test splits_every_jump(model) %}
select *
from (
    select
        s.*,
        coalesce(lag(flags) over (partition by rule_id, area_level, area_code order by arrival_day), 0) as flags_before
    from {{ model }} as s
) as moves
where flags - flags_before <> data_changed + rule_changed
{% endtest %}
