-- Residents of the families in family_register, with what makes somebody need help first.
select
    w.idsubsls,
    w.r109 as building_number,
    w.r110 as family_number,
    cast(coalesce(p.r401, -p.row_number) as integer) as person_line,
    substr(w.idsubsls, 1, 4) as kab_code,
    case when p.nik_fault is null then p.r403 end as nik,
    p.r402 as person_name,
    p.r405 as sex,
    p.r407 as age_years,
    coalesce(p.r407 < 5, false) as is_under_5,
    coalesce(p.r407 >= 60, false) as is_60_plus,
    coalesce(p.r410 = 1, false) as is_pregnant,
    {{ has_severe_difficulty('p') }} as has_disability,
    coalesce(p.r430 between 2 and 18, false) as has_chronic_illness,
    coalesce(p.r429 = 3, false) as lacks_caregiver,
    {{ as_of() }} as as_of
from {{ ref('int_documents__winners') }} as w
inner join {{ ref('int_persons__loaded') }} as p
    on
        w.arrival_day = p.arrival_day
        and w.bundle_name = p.bundle_name
        and w.submission_id = p.submission_id
        and w.revision = p.revision
where w.is_enumerated and {{ is_resident('p.r404') }}
