-- Whom each programme misses and whom it reaches by mistake, against the proxy-means benchmark, by cut-off, area and group.
-- Families are counted once by kecamatan and all their groups; every area and split is a sum of those cells.
with pairs as (
{{ family_programmes() }}
),

lines as (
{{ decile_lines() }}
),

cut_offs as (
    select
        e.programme,
        'own_rule' as cut_off,
        e.max_decile as decile_limit,
        true as asks_need
    from {{ ref('programme_eligibility') }} as e
    where {{ is_in_force('e') }}
    {%- for decile in plain_cut_offs() %}
    union all
    select
        e.programme,
        'poorest_{{ decile }}0' as cut_off,
        {{ decile }} as decile_limit,
        false as asks_need
    from {{ ref('programme_eligibility') }} as e
    where {{ is_in_force('e') }}
    {%- endfor %}
),

needed as (
    select
        p.*,
        c.cut_off,
        c.decile_limit,
        not c.asks_need or {{ is_in_need('p') }} as is_needed,
        (l.line - cast(p.pmt_score as double)) / l.residual_sd as z
    from pairs as p
    inner join cut_offs as c on p.programme = c.programme
    left join lines as l on substr(p.idsubsls, 1, 2) = l.province_code and c.decile_limit = l.decile
),

judged as (
    select
        substr(n.idsubsls, 1, 7) as kecamatan_code,
        n.programme,
        n.unit,
        n.cut_off,
        n.decile_limit,
        n.model_version,
        n.recipients_day,
        {%- for name in family_groups() %}
        n.{{ name }},
        {%- endfor %}
        coalesce(n.decile_family_province <= n.decile_limit and n.is_needed, false) as is_eligible,
        n.is_served,
        {{ p_millionths('n') }} as p_millionths
    from needed as n
),

cells as (
    select
        j.kecamatan_code,
        j.programme,
        j.unit,
        j.cut_off,
        j.decile_limit,
        j.model_version,
        j.recipients_day,
        {%- for name in family_groups() %}
        j.{{ name }},
        {%- endfor %}
        {{- cell_sums('j') }}
    from judged as j
    group by
        j.kecamatan_code, j.programme, j.unit, j.cut_off, j.decile_limit, j.model_version, j.recipients_day
        {%- for name in family_groups() %}, j.{{ name }}{% endfor %}
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
