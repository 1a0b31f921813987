{# Counts of families by an attribute (docs/disclosure.md). #}

{# Attributes that are yes or no, or have few values: name, digits of the finest area, categories. #}
{% macro profile_attributes() %}
    {{ return([
        ('outcome', 7, visit_outcomes() | map(attribute=1) | list),
        ('decile', 4, range(1, 11) | list),
        ('nik', 10, ['all_valid', 'some_missing']),
        ('disability', 10, ['yes', 'no']),
        ('chronic_illness', 10, ['yes', 'no']),
    ]) }}
{% endmacro %}

{# Whom a programme reaches, by its own rule. #}
{% macro reach_categories() %}
    {{ return([
        ('eligible_served', 'eligible_families - eligible_unserved_families'),
        ('eligible_unserved', 'eligible_unserved_families'),
        ('ineligible_served', 'ineligible_served_families'),
        ('ineligible_unserved', 'ineligible_families - ineligible_served_families'),
    ]) }}
{% endmacro %}

{# Digits of the finest area of the programmes' attributes. #}
{% macro reach_digits() %}{{ return(4) }}{% endmacro %}
