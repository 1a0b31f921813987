-- Person rows as decided corrections leave them; content stays what was sent, by which copies are told apart.
-- A view: the few corrected rows stand in for theirs, all others are read where they lie.
{{ config(materialized='view') }}

select
    {%- for name in person_names() %}
    s.{{ name }},
    {%- endfor %}
    s.content,
    cast(null as date) as corrected_on
from {{ ref('stg_field__persons') }} as s
-- Joined, not asked with exists: DuckDB would hold every row of staging before it looks.
left join {{ ref('int_persons__corrected') }} as c
    on s.arrival_day = c.arrival_day and s.bundle_name = c.bundle_name and s.row_number = c.row_number
where c.row_number is null
union all
select
    {%- for name in person_names() %}
    {{ name }},
    {%- endfor %}
    content,
    corrected_on
from {{ ref('int_persons__corrected') }}
