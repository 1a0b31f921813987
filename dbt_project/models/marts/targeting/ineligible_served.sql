-- Families that are on the list and not eligible by the programme's own rule, to be looked at before anybody is struck
-- off: the score errs too. A view over programme_family.
{{ config(materialized='view') }}

select
    p.idsubsls,
    p.building_number,
    p.family_number,
    p.document_id,
    p.kab_code,
    p.bps_desa_code,
    p.programme,
    p.unit,
    p.decile_family_province,
    p.decile_consulted_province,
    p.max_decile,
    p.pmt_score,
    p.members_eligible,
    p.members_listed,
    p.is_kk_listed,
    p.is_self_reported,
    p.ineligible_reason as reason,
    case p.ineligible_reason
        when 'no_residents' then 'Tidak ada lagi anggota yang tinggal: meninggal, pindah, atau tidak ditemukan.'
        when 'above_cut_off'
            then concat(
                'Desil ', p.decile_family_province, ', di atas batas ',
                p.max_decile, '.'
            )
        when 'no_component' then 'Tidak ada anggota yang memenuhi komponen program.'
        when 'not_rural' then 'Tinggal di luar desa (perkotaan atau tidak diketahui).'
        when 'excluded_programme' then 'Sudah menerima program lain yang meniadakan program ini.'
    end as reason_id,
    case p.ineligible_reason
        when 'no_residents' then 'Nobody lives there any more: died, moved or not found.'
        when 'above_cut_off'
            then concat(
                'Decile ', p.decile_family_province, ', above the limit of ',
                p.max_decile, '.'
            )
        when 'no_component' then 'No member meets the component of the programme.'
        when 'not_rural' then 'Lives outside a rural area (urban or unknown).'
        when 'excluded_programme' then 'Already receives another programme that rules this one out.'
    end as reason_en,
    p.model_version,
    p.recipients_day,
    p.as_of
from {{ ref('programme_family') }} as p
where p.is_served and not p.is_eligible
