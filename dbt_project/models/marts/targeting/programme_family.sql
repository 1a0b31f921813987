-- Families that a programme should reach by its own rule, or does reach by its list: what stands behind the errors. The
-- others of every programme have no row.
with pairs as (
    {{ family_programmes() }}
),

judged as (
    select
        p.*,
        coalesce(p.decile_family_province <= p.max_decile and {{ is_in_need('p') }}, false) as is_eligible
    from pairs as p
)

select
    j.idsubsls,
    j.building_number,
    j.family_number,
    j.document_id,
    j.kab_code,
    j.bps_desa_code,
    j.programme,
    j.unit,
    j.is_eligible,
    j.is_served,
    j.decile_family_province,
    j.decile_consulted_province,
    j.max_decile,
    j.pmt_score,
    j.members_eligible,
    j.members_listed,
    j.is_kk_listed,
    j.is_self_reported,
    j.has_usable_number,
    case
        when j.is_eligible then null
        when j.unscored_reason is not null then 'no_residents'
        when j.decile_family_province > j.max_decile then 'above_cut_off'
        when j.members_eligible = 0 then 'no_component'
        when j.is_outside_area then 'not_rural'
        else 'excluded_programme'
    end as ineligible_reason,
    j.model_version,
    j.recipients_day,
    {{ as_of() }} as as_of
from judged as j
where j.is_eligible or j.is_served
