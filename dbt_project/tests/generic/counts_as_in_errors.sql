{# A list has as many rows of each programme and area as the errors' numerator under the programme's own rule. #}
{% test counts_as_in_errors(model, numerator, errors) %}
with listed as (
    {%- for level, digits in targeting_levels() %}
    select
        '{{ level }}' as area_level,
        substr(idsubsls, 1, {{ digits }}) as area_code,
        programme,
        count(*) as families
    from {{ model }}
    group by substr(idsubsls, 1, {{ digits }}), programme
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

told as (
    select
        area_level,
        area_code,
        programme,
        {{ numerator }} as families
    from {{ errors }}
    where cut_off = 'own_rule' and group_kind = 'all'
)

select
    coalesce(l.area_code, t.area_code) as area_code,
    coalesce(l.programme, t.programme) as programme,
    l.families as listed_families,
    t.families as told_families
from told as t
full outer join listed as l
    on t.area_level = l.area_level and t.area_code = l.area_code and t.programme = l.programme
where coalesce(t.families, 0) <> coalesce(l.families, 0)
{% endtest %}
