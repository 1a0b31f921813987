{# A staging view neither drops nor multiplies rows of its source (up to the as-of day). #}
{% test keeps_all_rows_of(model, source_table, day_column) %}
select
    m.row_count as rows_here,
    s.row_count as rows_there
from (select count(*) as row_count from {{ model }}) as m
cross join (
    select count(*) as row_count from {{ source('raw', source_table) }}
    where {{ day_column }} <= {{ as_of() }}
) as s
where m.row_count <> s.row_count
{% endtest %}
