{# Terms of the corrections log (docs/corrections.md). #}

{# Two texts read alike: the same but for spaces around, or the same whole number (07 = 7); empty is missing. #}
{% macro reads_as(text, other) -%}
    (
        trim(coalesce({{ text }}, '')) = trim(coalesce({{ other }}, ''))
        or coalesce({{ to_integer("trim(" ~ text ~ ")") }} = {{ to_integer("trim(" ~ other ~ ")") }}, false)
    )
{%- endmacro %}

{# The text of the cell that a variable names. #}
{% macro text_of_cell(variable, relation, columns) -%}
    case {{ variable }}
        {%- for column in columns %}
        when '{{ column }}' then {{ relation }}.{{ column }}_text
        {%- endfor %}
    end
{%- endmacro %}

{% macro is_one_of(text, words) %}{{ text }} in ('{{ words | join("', '") }}'){% endmacro %}

{# The corrections in force as columns, null where there is none and '' where the answer is taken away. #}
{% macro corrected_texts(columns) %}
    {%- for column in columns %}
    max(case when variable = '{{ column }}' then coalesce(new_value, '') end) as {{ column }} {%- if not loop.last %},{% endif %}
    {%- endfor %}
{% endmacro %}

{# The texts of a row with its corrections written over. #}
{% macro rewritten_texts(row, corrections, columns) %}
    {%- for column in columns %}
    nullif(coalesce({{ corrections }}.{{ column }}, {{ row }}.{{ column }}_text), '') as {{ column }} {%- if not loop.last %},{% endif %}
    {%- endfor %}
{% endmacro %}
