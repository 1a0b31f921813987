{# The accounting identity, with zero tolerance (contract §3). #}
{% test accounts_for_everything(model) %}
select *
from {{ model }}
where received <> accepted + held + superseded + duplicate + rejected
{% endtest %}
