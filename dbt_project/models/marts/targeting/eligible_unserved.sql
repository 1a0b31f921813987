-- Families that are eligible and not on the list, for the office that can put them there. A view over programme_family.
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
    p.is_self_reported,
    case when p.has_usable_number then 'not_listed' else 'no_number' end as reason,
    concat(
        'Desil ', p.decile_family_province, ' (batas ', p.max_decile, '), ',
        p.members_eligible, ' anggota memenuhi syarat; ',
        case
            when p.has_usable_number then 'NIK anggota dan nomor KK tidak ada pada daftar penerima.'
            else 'tidak ada NIK atau nomor KK yang dapat dicocokkan, lengkapi dahulu.'
        end
    ) as reason_id,
    concat(
        'Decile ', p.decile_family_province, ' (limit ', p.max_decile, '), ',
        p.members_eligible, ' members count; ',
        case
            when p.has_usable_number then 'neither a NIK nor the KK number is on the list.'
            else 'no NIK or KK number that could be matched: complete them first.'
        end
    ) as reason_en,
    p.model_version,
    p.recipients_day,
    p.as_of
from {{ ref('programme_family') }} as p
where p.is_eligible and not p.is_served
