-- Whom each programme misses and whom it reaches by mistake, against the proxy-means benchmark, by cut-off, area and
-- group. Families are counted once by kecamatan and all their groups; every area and split is a sum of those cells.
with pairs as (
    {{ family_programmes(chances=true) }}
),

judged as (
    select
        substr(p.idsubsls, 1, 7) as kecamatan_code,
        p.programme,
        p.unit,
        p.max_decile,
        p.model_version,
        p.recipients_day,
        {%- for name in family_groups() %}
        p.{{ name }},
        {%- endfor %}
        p.is_served,
        {%- for cut_off, decile in cut_offs() if decile %}
        coalesce(p.decile_family_province <= {{ decile }}, false) as {{ cut_off }}_eligible,
        p.p_{{ decile }} as {{ cut_off }}_p,
        {%- endfor %}
        coalesce(p.decile_family_province <= p.max_decile and {{ is_in_need('p') }}, false) as own_rule_eligible,
        case when {{ is_in_need('p') }} then {{ chance_within('p', 'p.max_decile') }} else 0 end as own_rule_p
    from pairs as p
),

wide_cells as (
    select
        j.kecamatan_code,
        j.programme,
        {%- for name in family_groups() %}
        j.{{ name }},
        {%- endfor %}
        max(j.unit) as unit,
        max(j.max_decile) as max_decile,
        max(j.model_version) as model_version,
        max(j.recipients_day) as recipients_day,
        {%- for cut_off, _ in cut_offs() %}
        {{- cell_sums('j', cut_off ~ '_eligible', cut_off ~ '_p', cut_off ~ '_') }},
        {%- endfor %}
        count(*) as families,
        count(case when j.is_served then 1 end) as served_families
    from judged as j
    group by
        {%- for name in family_groups() %}
        j.{{ name }},
        {%- endfor %}
        j.kecamatan_code,
        j.programme
),

cells as (
    {%- for cut_off, decile in cut_offs() %}
    select
        w.kecamatan_code,
        w.programme,
        w.unit,
        '{{ cut_off }}' as cut_off,
        {{ decile or 'w.max_decile' }} as decile_limit,
        w.model_version,
        w.recipients_day,
        {%- for name in family_groups() %}
        w.{{ name }},
        {%- endfor %}
        w.families,
        w.served_families,
        {%- for column in cell_columns()[2:] %}
        w.{{ cut_off }}_{{ column }} as {{ column }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from wide_cells as w
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

by_area as (
    {%- for level, digits in targeting_levels() %}
    {%- set last_level = loop.last %}
    {%- for kind in ['all'] + family_groups() %}
    select
        '{{ level }}' as area_level,
        substr(c.kecamatan_code, 1, {{ digits }}) as area_code,
        c.programme,
        c.unit,
        c.cut_off,
        c.decile_limit,
        '{{ kind }}' as group_kind,
        {{ "'all'" if kind == 'all' else 'c.' ~ kind }} as group_value,
        c.model_version,
        c.recipients_day,
        {{- resummed('c') }}
    from cells as c
    group by
        substr(c.kecamatan_code, 1, {{ digits }}), c.programme, c.unit, c.cut_off, c.decile_limit, c.model_version,
        c.recipients_day{% if kind != 'all' %}, c.{{ kind }}{% endif %}
    {% if not (last_level and loop.last) %}union all{% endif %}
    {%- endfor %}
    {%- endfor %}
),

-- Where no list has come, nobody knows who is served.
known as (
    select
        b.area_level,
        b.area_code,
        b.programme,
        b.unit,
        b.cut_off,
        b.decile_limit,
        b.group_kind,
        b.group_value,
        b.model_version,
        b.recipients_day,
        b.families,
        b.eligible_families,
        b.p_millionths,
        b.variance_billionths,
        {%- for column in cell_columns() if 'served' in column %}
        case when b.recipients_day is not null then b.{{ column }} end as {{ column }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from by_area as b
),

terms as (
    select
        k.*,
        {{- expected_terms('k') }}
    from known as k
),

held as (
    {{ held_winners() }}
)

select
    t.area_level,
    t.area_code,
    substr(t.area_code, 1, 4) as kab_code,
    t.programme,
    t.unit,
    t.cut_off,
    t.decile_limit as max_decile,
    t.group_kind,
    t.group_value,
    'pmt_eligible' as benchmark,
    cast(t.families as integer) as families,
    cast(t.eligible_families as integer) as eligible_families,
    cast(t.families - t.eligible_families as integer) as ineligible_families,
    cast(t.served_families as integer) as served_families,
    cast(t.eligible_families - t.eligible_served_families as integer) as eligible_unserved_families,
    cast(t.served_families - t.eligible_served_families as integer) as ineligible_served_families,
    {{ error_columns('t') }},
    {{ share('(t.eligible_families - t.eligible_served_families)', 't.eligible_families') }} as undercoverage,
    {{ in_families('t.p_millionths') }} as expected_eligible_families,
    {{ in_families('(t.p_millionths - t.p_served_millionths)') }} as expected_eligible_unserved_families,
    cast(h.held as integer) as held_documents,
    cast(h.winners as integer) as winning_documents,
    {{ share('h.held', 'h.winners') }} as held_share,
    t.model_version,
    t.recipients_day,
    {{ as_of() }} as as_of
from terms as t
inner join held as h on t.area_level = h.area_level and t.area_code = h.area_code
