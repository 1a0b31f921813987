{# The grain, as a claim that can fail: offenders are keys that stand twice or are empty. Keys are told apart by a number
   first, and by themselves only where two share it. #}
{% test one_row_per(model, columns) %}
with suspects as (
    select {{ key_hash(columns) }} as key_hash
    from {{ model }}
    group by {{ key_hash(columns) }}
    having count(*) > 1 {% for column in columns %} or count({{ column }}) = 0 {% endfor %}
)

select
    {{ columns | join(', ') }},
    count(*) as row_count
from {{ model }}
inner join suspects as s on {{ key_hash(columns) }} = s.key_hash
group by {{ columns | join(', ') }}
having count(*) > 1 {% for column in columns %} or {{ column }} is null {% endfor %}
{% endtest %}
