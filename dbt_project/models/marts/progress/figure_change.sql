-- Late arrivals move past days: which figure moved since the day before, from what to what, and which bundles moved it.
{% set family = ['idsubsls', 'r109', 'r110'] %}
{% set figure = ['area_level', 'area_code', 'figure', 'field_day'] %}
with counted as (
    {%- for view, sign in [('old', -1), ('new', 1)] %}
    select
        {{ family | join(', ') }},
        {{ view }}_progress_day as field_day,
        {{ view }}_r205 as r205,
        {{ sign }} as difference
    from {{ ref('int_families__moved') }}
    where {{ view }}_progress_day < {{ as_of() }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

by_figure as (
    {%- for name, outcomes in followed_figures() %}
    select
        {{ family | join(', ') }},
        '{{ name }}' as figure,
        field_day,
        difference
    from counted
    where r205 in ({{ outcomes | join(', ') }})
    union all
    {%- endfor %}
    -- Only the last day of the running total: of an earlier one it moves by the sum of the days before it.
    select
        {{ family | join(', ') }},
        'enumerated_families_cumulative' as figure,
        {{ day_before(as_of()) }} as field_day,
        difference
    from counted
    where {{ is_enumerated('r205') }}
),

by_family as (
    select
        {{ family | join(', ') }},
        figure,
        field_day,
        sum(difference) as difference
    from by_figure
    group by {{ family | join(', ') }}, figure, field_day
    having sum(difference) <> 0
),

by_area as (
    {%- for level, digits in published_levels() %}
    select
        '{{ level }}' as area_level,
        substr(f.idsubsls, 1, {{ digits }}) as area_code,
        f.figure,
        f.field_day,
        f.difference,
        m.old_bundle_name,
        m.new_bundle_name,
        m.old_corrected_id,
        m.new_corrected_id
    from by_family as f
    inner join {{ ref('int_families__moved') }} as m
        on f.idsubsls = m.idsubsls and f.r109 = m.r109 and f.r110 = m.r110
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

changes as (
    select
        {{ figure | join(', ') }},
        cast(sum(difference) as integer) as difference
    from by_area
    group by {{ figure | join(', ') }}
    having sum(difference) <> 0
),

bundles as (
    select
        {{ figure | join(', ') }},
        count(*) as bundles,
        {{ joined_lines('bundle_name') }} as bundle_names
    from (
        {%- for view in ['old', 'new'] %}
        select
            {{ figure | join(', ') }},
            {{ view }}_bundle_name as bundle_name
        from by_area
        where {{ view }}_bundle_name is not null
        {% if not loop.last %}union{% endif %}
        {%- endfor %}
    ) as each_once
    group by {{ figure | join(', ') }}
),

corrections as (
    select
        {{ figure | join(', ') }},
        count(*) as corrected_documents
    from (
        {%- for view in ['old', 'new'] %}
        select
            {{ figure | join(', ') }},
            {{ view }}_corrected_id as document_id
        from by_area
        where {{ view }}_corrected_id is not null
        {% if not loop.last %}union{% endif %}
        {%- endfor %}
    ) as each_once
    group by {{ figure | join(', ') }}
),

expectations as (
    select
        a.area_level,
        a.area_code,
        a.area_name,
        coalesce(b.expected_families, 0) as old_expected_families,
        a.expected_families as new_expected_families
    from {{ ref('area') }} as a
    left join {{ ref('int_areas__expected_before') }} as b
        on a.area_level = b.area_level and a.area_code = b.area_code
    where a.area_level <> 'sub_sls'
    union all
    -- an area that the frame and every document left
    select
        b.area_level,
        b.area_code,
        cast(null as string) as area_name,
        b.expected_families as old_expected_families,
        0 as new_expected_families
    from {{ ref('int_areas__expected_before') }} as b
    left join {{ ref('area') }} as a on b.area_level = a.area_level and b.area_code = a.area_code
    where a.area_code is null
),

figures as (
    select
        c.{{ figure | join(', c.') }},
        c.difference,
        coalesce(case c.figure
            {%- for name in followed_figures() | map(attribute=0) | list + ['enumerated_families_cumulative'] %}
            when '{{ name }}' then p.{{ name }}
            {%- endfor %}
        end, 0) as new_value
    from changes as c
    left join {{ ref('progress_area_daily') }} as p
        on c.area_level = p.area_level and c.area_code = p.area_code and c.field_day = p.field_day
    union all
    select
        area_level,
        area_code,
        'expected_families' as figure,
        {{ day_before(as_of()) }} as field_day,
        new_expected_families - old_expected_families as difference,
        new_expected_families as new_value
    from expectations
    where
        new_expected_families <> old_expected_families and {{ day_before(as_of()) }} >= {{ field_start() }}
),

frame_of_the_day as (
    select max(case when snapshot_day = {{ as_of() }} then snapshot_day end) as snapshot_day
    from {{ ref('int_frame__snapshots') }}
)

select
    f.figure,
    f.area_level,
    f.area_code,
    e.area_name,
    substr(f.area_code, 1, 4) as kab_code,
    f.field_day,
    cast(f.new_value - f.difference as integer) as old_value,
    cast(f.new_value as integer) as new_value,
    cast(f.difference as integer) as difference,
    cast(coalesce(e.old_expected_families, 0) as integer) as old_expected_families,
    cast(coalesce(e.new_expected_families, 0) as integer) as new_expected_families,
    cast(coalesce(b.bundles, 0) as integer) as bundles,
    b.bundle_names,
    cast(coalesce(c.corrected_documents, 0) as integer) as corrected_documents,
    s.snapshot_day as frame_snapshot_day,
    {{ day_before(as_of()) }} as previous_as_of,
    {{ as_of() }} as as_of
from figures as f
left join expectations as e on f.area_level = e.area_level and f.area_code = e.area_code
left join bundles as b
    on
        f.area_level = b.area_level
        and f.area_code = b.area_code
        and f.figure = b.figure
        and f.field_day = b.field_day
left join corrections as c
    on
        f.area_level = c.area_level
        and f.area_code = c.area_code
        and f.figure = c.figure
        and f.field_day = c.field_day
cross join frame_of_the_day as s
