-- Families by attribute, as counted: of the areas of the attribute's finest level, none too, and of those around them.
-- What open and restricted show of it is decided at publication, by what they showed before.
with persons as (
    select
        idsubsls,
        building_number,
        family_number,
        count(*) as residents,
        count(nik) as residents_with_nik,
        max(case when has_disability then 1 else 0 end) as with_disability,
        max(case when has_chronic_illness then 1 else 0 end) as with_chronic_illness
    from {{ ref('person_register') }}
    group by idsubsls, building_number, family_number
),

families as (
    select
        substr(idsubsls, 1, 10) as area_code,
        case when residents = residents_with_nik then 'all_valid' else 'some_missing' end as nik,
        case when with_disability = 1 then 'yes' else 'no' end as disability,
        case when with_chronic_illness = 1 then 'yes' else 'no' end as chronic_illness
    from persons
),

counted as (
    select
        'outcome' as attribute,
        substr(idsubsls, 1, 7) as area_code,
        case r205
            {%- for code, name in visit_outcomes() %}
            when {{ code }} then '{{ name }}'
            {%- endfor %}
        end as category,
        count(*) as families
    from {{ ref('int_documents__winners') }}
    group by substr(idsubsls, 1, 7), r205
    union all
    select
        'decile' as attribute,
        kab_code as area_code,
        cast(decile_family_province as {{ dbt.type_string() }}) as category,
        count(*) as families
    from {{ ref('family_welfare') }}
    where decile_family_province is not null
    group by kab_code, decile_family_province
    {%- for name in ['nik', 'disability', 'chronic_illness'] %}
    union all
    select
        '{{ name }}' as attribute,
        area_code,
        {{ name }} as category,
        count(*) as families
    from families
    group by area_code, {{ name }}
    {%- endfor %}
    {%- for name, families in reach_categories() %}
    union all
    select
        concat('targeting:', programme) as attribute,
        area_code,
        '{{ name }}' as category,
        {{ families }} as families
    from {{ ref('programme_targeting_error') }}
    where cut_off = 'own_rule' and group_kind = 'all' and area_level = 'kab_kota' and recipients_day is not null
    {%- endfor %}
),

categories as (
    {%- for name, digits, values in profile_attributes() %}
    {%- for value in values %}
    select '{{ name }}' as attribute, {{ digits }} as digits, '{{ value }}' as category
    union all
    {%- endfor %}
    {%- endfor %}
    {%- for name, _ in reach_categories() %}
    select distinct
        concat('targeting:', programme) as attribute,
        {{ reach_digits() }} as digits,
        '{{ name }}' as category
    from {{ ref('programme_targeting_error') }}
    where recipients_day is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

cells as (
    select
        a.area_code,
        k.attribute,
        k.digits,
        k.category,
        coalesce(c.families, 0) as families
    from {{ ref('area') }} as a
    inner join categories as k on length(a.area_code) = k.digits
    left join counted as c
        on a.area_code = c.area_code and k.attribute = c.attribute and k.category = c.category
    where a.area_level in ('kab_kota', 'kecamatan', 'desa')
),

by_area as (
    {%- for level, digits in published_levels() %}
    select
        '{{ level }}' as area_level,
        substr(area_code, 1, {{ digits }}) as area_code,
        attribute,
        category,
        sum(families) as families
    from cells
    where digits >= {{ digits }}
    group by substr(area_code, 1, {{ digits }}), attribute, category
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    attribute,
    area_level,
    area_code,
    substr(area_code, 1, 4) as kab_code,
    category,
    cast(families as integer) as families,
    cast(sum(families) over (partition by attribute, area_code) as integer) as attribute_families,
    'counted' as status,
    {{ as_of() }} as released_on,
    {{ as_of() }} as as_of
from by_area
