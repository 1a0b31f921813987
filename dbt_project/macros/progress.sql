{# Terms of the progress marts (docs/progress.md). #}

{# Area levels down to the desa. #}
{% macro published_levels() %}{{ return(area_levels()[:-1]) }}{% endmacro %}

{# What a document says of whose family it is and on which day it counts: all that a correction can move in progress. #}
{% macro answers_that_place_a_visit() %}
    {{ return(['r101', 'r102', 'r103', 'r104', 'r105', 'r109', 'r110', 'r201', 'r205', 'ended_at']) }}
{% endmacro %}

{# The last text of each cell as columns, null where a cell was never corrected and '' where its answer was taken away. #}
{% macro latest_texts(columns, text) %}
    {%- for column in columns %}
    max(case when variable = '{{ column }}' then coalesce({{ text }}, '') end) as {{ column }} {%- if not loop.last %},{% endif %}
    {%- endfor %}
{% endmacro %}

{# Figures of a day that figure_change follows, and which r205 count in each. #}
{% macro followed_figures() %}
    {% set figures = [('enumerated_families', [1, 2])] %}
    {% for code, name in visit_outcomes() %}{% do figures.append((name ~ '_families', [code])) %}{% endfor %}
    {{ return(figures) }}
{% endmacro %}

{# Families one enumerator is meant to bear. #}
{% macro load_norm() %}cast({{ var('load_per_enumerator') }} as integer){% endmacro %}
