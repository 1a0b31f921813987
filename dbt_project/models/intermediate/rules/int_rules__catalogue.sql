-- The rules as rows, every version of each; is_in_force where the as-of day lies within its dates.
with catalogue as (
    {%- for rule in rule_catalogue('document') + rule_catalogue('person') %}
    select
        '{{ rule.id }}' as rule_id,
        {{ rule.version }} as rule_version,
        '{{ rule.level }}' as rule_level,
        '{{ rule.severity }}' as severity,
        cast('{{ rule.valid_from }}' as date) as valid_from,
        cast({% if rule.valid_to %}'{{ rule.valid_to }}'{% else %}null{% endif %} as date) as valid_to,
        '{{ rule.breaks | replace("'", "''") }}' as predicate,
        {%- for text in ['problem_id', 'treatment_id', 'problem_en', 'treatment_en'] %}
        '{{ rule[text] | replace("'", "''") }}' as {{ text }},
        {%- endfor %}
        '{{ rule.shows | join(" ") }}' as shows
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
)

select
    c.*,
    c.valid_from <= {{ as_of() }} and coalesce(c.valid_to, {{ as_of() }}) >= {{ as_of() }} as is_in_force
from catalogue as c
