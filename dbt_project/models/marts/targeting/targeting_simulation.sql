-- Whom a rule or a budget would reach, what it would miss and what it would cost: the scenarios in force, family by
-- family in the order of the rank, summed by area. Money is the benefit's; the score is never money.
with pairs as (
    {{ family_programmes(chances=true) }}
),

scenarios as (
    select s.* from {{ ref('targeting_scenarios') }} as s
    where {{ is_in_force('s') }}
),

asked as (
    select
        s.scenario_id,
        s.programme,
        s.order_by,
        s.cut_off_kind,
        s.cut_off_value,
        s.benefit_idr_per_month,
        s.benefit_per,
        p.idsubsls,
        p.resident_persons,
        p.pmt_score,
        p.members_eligible,
        p.max_decile,
        p.model_version,
        {{ is_in_need('p') }} and p.pmt_score is not null as is_candidate,
        case when {{ is_in_need('p') }} then {{ chance_within('p', 'p.max_decile') }} else 0 end as chance,
        coalesce(p.decile_family_province <= p.max_decile and {{ is_in_need('p') }}, false) as is_eligible,
        case when s.order_by = 'pmt' then p.decile_family_province else p.decile_consulted_province end as decile,
        case when s.order_by = 'pmt' then p.rank_pmt_province else p.rank_consulted_province end as place,
        s.benefit_idr_per_month * case when s.benefit_per = 'person' then p.members_eligible else 1 end as cost_idr
    from pairs as p
    inner join scenarios as s on p.programme = s.programme
),

-- What all candidates up to each one cost together, poorest first.
budgets as (
    select
        a.scenario_id,
        substr(a.idsubsls, 1, 2) as province_code,
        a.place,
        a.cut_off_value,
        sum(a.cost_idr) over (
            partition by a.scenario_id, substr(a.idsubsls, 1, 2)
            order by a.place
            rows between unbounded preceding and current row
        ) as cost_to_here_idr
    from asked as a
    where a.is_candidate and a.cut_off_kind = 'budget'
),

last_places as (
    select
        scenario_id,
        province_code,
        max(place) as last_place
    from budgets
    where cost_to_here_idr <= cut_off_value
    group by scenario_id, province_code
),

reached as (
    select
        a.*,
        coalesce(
            a.is_candidate
            and case when a.cut_off_kind = 'decile' then a.decile <= a.cut_off_value else a.place <= b.last_place end,
            false
        ) as is_served
    from asked as a
    left join last_places as b on a.scenario_id = b.scenario_id and substr(a.idsubsls, 1, 2) = b.province_code
),

cells as (
    select
        substr(r.idsubsls, 1, 7) as kecamatan_code,
        r.scenario_id,
        {%- for column in scenario_columns() %}
        max(r.{{ column }}) as {{ column }},
        {%- endfor %}
        sum(case when r.is_served then r.resident_persons else 0 end) as persons_reached,
        sum(case when r.is_served then r.members_eligible else 0 end) as members_reached,
        sum(case when r.is_served then r.cost_idr else 0 end) as cost_idr_per_month,
        count(*) as families,
        count(case when r.is_served then 1 end) as served_families,
        {{- cell_sums('r', 'is_eligible', 'chance') }}
    from reached as r
    group by substr(r.idsubsls, 1, 7), r.scenario_id
),

by_area as (
    {%- for level, digits in targeting_levels() %}
    select
        '{{ level }}' as area_level,
        substr(c.kecamatan_code, 1, {{ digits }}) as area_code,
        c.scenario_id,
        {%- for column in scenario_columns() %}
        max(c.{{ column }}) as {{ column }},
        {%- endfor %}
        cast(sum(c.persons_reached) as integer) as persons_reached,
        cast(sum(c.members_reached) as integer) as members_reached,
        cast(sum(c.cost_idr_per_month) as bigint) as cost_idr_per_month,
        {{- resummed('c') }}
    from cells as c
    group by substr(c.kecamatan_code, 1, {{ digits }}), c.scenario_id
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
),

terms as (
    select
        b.*,
        {{- expected_terms('b') }}
    from by_area as b
),

held as (
    {{ held_winners() }}
)

select
    t.scenario_id,
    t.area_level,
    t.area_code,
    substr(t.area_code, 1, 4) as kab_code,
    t.programme,
    t.order_by,
    t.cut_off_kind,
    t.cut_off_value,
    t.benefit_idr_per_month,
    t.benefit_per,
    'pmt_eligible' as benchmark,
    t.max_decile,
    cast(t.families as integer) as families,
    cast(t.eligible_families as integer) as eligible_families,
    cast(t.families - t.eligible_families as integer) as ineligible_families,
    cast(t.served_families as integer) as families_reached,
    cast(t.eligible_families - t.eligible_served_families as integer) as eligible_unreached_families,
    cast(t.served_families - t.eligible_served_families as integer) as ineligible_reached_families,
    t.persons_reached,
    case when t.benefit_per = 'person' then t.members_reached end as members_paid,
    t.cost_idr_per_month,
    {{ error_columns('t') }},
    {{ in_families('t.p_millionths') }} as expected_eligible_families,
    {{ in_families('(t.p_millionths - t.p_served_millionths)') }} as expected_eligible_unreached_families,
    cast(h.held as integer) as held_documents,
    cast(h.winners as integer) as winning_documents,
    {{ share('h.held', 'h.winners') }} as held_share,
    t.model_version,
    {{ as_of() }} as as_of
from terms as t
inner join held as h on t.area_level = h.area_level and t.area_code = h.area_code
