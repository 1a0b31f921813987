{# A total is the sum of its parts, exactly. #}
{% test adds_up_to(model, total, parts) %}
select *
from {{ model }}
where {{ total }} <> {{ parts | join(' + ') }}
{% endtest %}
