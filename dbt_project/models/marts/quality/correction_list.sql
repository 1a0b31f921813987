-- What a supervisor prints or opens: everything that has to be mended in the field, where, by whom, and for how long
-- it waits.
select
    md5(concat_ws('|', r.item_kind, r.rule_id, cast(r.arrival_day as string), r.place_key)) as item_id,
    r.item_kind,
    r.severity,
    r.rule_id,
    r.supervisor_id,
    r.enumerator_id,
    {{ kab_of('r.idsubsls', 'r.kab_of_enumerator', 'null') }} as kab_code,
    k.area_name as kecamatan_name,
    d.area_name as desa_name,
    s.area_name as sls_name,
    r.idsubsls,
    r.r109 as building_number,
    r.r110 as family_number,
    r.head_name,
    r.person_line,
    r.person_name,
    r.problem_id,
    r.treatment_id,
    r.problem_en,
    r.treatment_en,
    r.written_values,
    r.bundle_name,
    r.row_number,
    r.submission_id,
    r.revision,
    r.field_day,
    r.arrival_day,
    r.first_seen_day,
    cast({{ days_from_to('r.first_seen_day', as_of()) }} as integer) as age_days,
    {{ as_of() }} as as_of
from {{ ref('int_returns') }} as r
left join {{ ref('area') }} as k on k.area_level = 'kecamatan' and substr(r.idsubsls, 1, 7) = k.area_code
left join {{ ref('area') }} as d on d.area_level = 'desa' and substr(r.idsubsls, 1, 10) = d.area_code
left join {{ ref('area') }} as s on s.area_level = 'sub_sls' and r.idsubsls = s.area_code
