-- Who is poorer than whom, in the province and in the kab/kota. Families with equal scores are put in an order that
-- nobody chooses and every run repeats: by the MD5 of the weights' version and the family's key. The village
-- consultation may move a family to another welfare group; the ranks after it stand beside the pure ones
-- (docs/targeting.md).
with in_province as (
    select
        s.*,
        substr(s.idsubsls, 1, 2) as province_code,
        substr(s.idsubsls, 1, 4) as kab_code,
        row_number() over poorest_first as province_rank,
        ntile(10) over poorest_first as province_decile,
        sum(s.resident_persons) over poorest_first as province_persons_to_here
    from {{ ref('int_families__pmt_scores') }} as s
    window poorest_first as (
        partition by substr(s.idsubsls, 1, 2), s.pmt_score is null
        order by s.pmt_score, md5(concat_ws('|', s.model_version, s.idsubsls, s.r109, s.r110))
        rows between unbounded preceding and current row
    )
),

in_kab as (
    select
        p.*,
        row_number() over poorest_first as kab_rank,
        ntile(10) over poorest_first as kab_decile,
        sum(p.resident_persons) over poorest_first as kab_persons_to_here
    from in_province as p
    window poorest_first as (
        partition by p.kab_code, p.pmt_score is null
        order by p.province_rank
        rows between unbounded preceding and current row
    )
),

consulted as (
    select
        document_id,
        group_before,
        group_after,
        change_reason,
        decided_by
    from {{ ref('int_consultations__judged') }}
    where status = 'applied'
),

-- One row, null where no consultation counts yet.
consultations as (
    select max(snapshot_day) as consultation_day from {{ ref('int_consultations__judged') }}
),

grouped as (
    select
        k.*,
        c.group_before,
        c.group_after,
        c.change_reason,
        c.decided_by,
        coalesce(c.group_after, {{ welfare_group('k.province_decile') }}) as province_group,
        coalesce(c.group_after, {{ welfare_group('k.kab_decile') }}) as kab_group
    from in_kab as k
    left join consulted as c on k.document_id = c.document_id
),

in_province_consulted as (
    select
        g.*,
        row_number() over by_group as province_rank_consulted,
        ntile(10) over by_group as province_decile_consulted
    from grouped as g
    window by_group as (
        partition by g.province_code, g.pmt_score is null
        order by g.province_group, g.province_rank
    )
),

in_kab_consulted as (
    select
        g.*,
        row_number() over by_group as kab_rank_consulted,
        ntile(10) over by_group as kab_decile_consulted
    from in_province_consulted as g
    window by_group as (
        partition by g.kab_code, g.pmt_score is null
        order by g.kab_group, g.kab_rank
    )
),

winners as (
    select
        substr(idsubsls, 1, 4) as kab_code,
        count(*) as winners,
        count(case when is_held then 1 end) as held,
        count(case when is_enumerated then 1 end) as enumerated
    from {{ ref('int_documents__winners') }}
    group by substr(idsubsls, 1, 4)
),

scored as (
    select
        substr(idsubsls, 1, 4) as kab_code,
        count(case when unscored_reason is null then 1 end) as families,
        sum(resident_persons) as persons
    from {{ ref('int_families__pmt_scores') }}
    group by substr(idsubsls, 1, 4)
),

kab as (
    select
        w.kab_code,
        s.families as kab_families,
        s.persons as kab_persons,
        sum(s.families) over in_province as province_families,
        sum(s.persons) over in_province as province_persons,
        {{ share('w.held', 'w.winners') }} as held_share,
        {{ is_provisional('w.enumerated', 'k.expected_families') }} as is_provisional_kab,
        {{ is_provisional('sum(w.enumerated) over in_province', 'p.expected_families') }} as is_provisional_province
    from winners as w
    left join scored as s on w.kab_code = s.kab_code
    left join {{ ref('area') }} as k on k.area_level = 'kab_kota' and w.kab_code = k.area_code
    left join {{ ref('area') }} as p on p.area_level = 'province' and substr(w.kab_code, 1, 2) = p.area_code
    window in_province as (partition by substr(w.kab_code, 1, 2))
)

select
    f.idsubsls,
    f.r109 as building_number,
    f.r110 as family_number,
    f.document_id,
    f.kab_code,
    substr(f.idsubsls, 1, 10) as bps_desa_code,
    cast(f.resident_persons as integer) as resident_persons,
    f.pmt_score,
    {%- for area in ['province', 'kab'] %}
    case when f.unscored_reason is null then {{ share('f.' ~ area ~ '_rank', 'k.' ~ area ~ '_families') }} end
        as percentile_{{ area }},
    case when f.unscored_reason is null then cast(f.{{ area }}_decile as integer) end as decile_family_{{ area }},
    case
        when f.unscored_reason is null
            then {{ person_decile('f.' ~ area ~ '_persons_to_here', 'f.resident_persons', 'k.' ~ area ~ '_persons') }}
    end as decile_person_{{ area }},
    case when f.unscored_reason is null then cast(f.{{ area }}_rank as integer) end as rank_pmt_{{ area }},
    case
        when f.unscored_reason is null then cast({{ welfare_group('f.' ~ area ~ '_decile') }} as integer)
    end as group_pmt_{{ area }},
    case when f.unscored_reason is null then cast(f.{{ area }}_rank_consulted as integer) end
        as rank_consulted_{{ area }},
    case when f.unscored_reason is null then {{ share('f.' ~ area ~ '_rank_consulted', 'k.' ~ area ~ '_families') }} end
        as percentile_consulted_{{ area }},
    case when f.unscored_reason is null then cast(f.{{ area }}_decile_consulted as integer) end
        as decile_consulted_{{ area }},
    {%- endfor %}
    f.group_before as group_before_fkp,
    f.group_after as group_after_fkp,
    f.change_reason,
    f.decided_by,
    c.consultation_day,
    cast(f.missing_inputs as integer) as missing_inputs,
    f.unscored_reason,
    k.is_provisional_kab,
    k.is_provisional_province,
    k.held_share,
    f.model_version,
    {{ as_of() }} as as_of
from in_kab_consulted as f
inner join kab as k on f.kab_code = k.kab_code
cross join consultations as c
