-- Does the loop close: what was opened and closed by the as-of day, and how old the open ones are.
with violations as (
    select * from {{ ref('int_violations') }}
    where state <> 'dormant'
),

by_area as (
    {% for level, digits in area_levels() if level in ('province', 'kab_kota', 'kecamatan') %}
    select
        '{{ level }}' as area_level,
        substr(idsubsls, 1, {{ digits }}) as area_code,
        *
    from violations
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    rule_id,
    severity,
    area_level,
    area_code,
    case when area_level = 'province' then area_code else substr(area_code, 1, 4) end as kab_code,
    cast(count(*) as integer) as opened,
    cast(count(closed_on) as integer) as closed,
    cast(count(case when first_seen_day = {{ as_of() }} then 1 end) as integer) as opened_on_day,
    cast(count(case when closed_on = {{ as_of() }} then 1 end) as integer) as closed_on_day,
    cast(count(case when closed_by = 'revision' then 1 end) as integer) as closed_by_revision,
    cast(count(case when closed_by = 'correction' then 1 end) as integer) as closed_by_correction,
    cast(count(case when closed_by = 'withdrawal' then 1 end) as integer) as closed_by_withdrawal,
    cast(count(case when state = 'open' then 1 end) as integer) as open_violations,
    {%- for name, low, high in [('0_2', 0, 2), ('3_7', 3, 7), ('8_14', 8, 14), ('15_up', 15, 99999)] %}
    cast(count(case when state = 'open' and age_days between {{ low }} and {{ high }} then 1 end) as integer)
        as open_{{ name }}_days,
    {%- endfor %}
    {{ share('count(closed_on)', 'count(*)') }} as closed_share,
    {{ as_of() }} as as_of
from by_area
group by rule_id, severity, area_level, area_code
