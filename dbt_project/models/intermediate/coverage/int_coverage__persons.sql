-- Everyone written on a winning document that reached its family, wherever they are now. A birth date counts in full
-- only.
select
    f.document_id,
    p.row_number as person_row,
    p.r401 as person_line,
    f.idsubsls,
    case when {{ nik_class('p.r403', 'p.nik_fault', 'f.no_kk') }} = 'valid' then p.r403 end as nik,
    p.r402 as person_name,
    p.r404,
    coalesce({{ is_resident('p.r404') }}, false) as is_resident,
    p.r405 as sex,
    case
        when p.r406d between 1 and 31 and p.r406m between 1 and 12 and p.r406y between 1800 and 9999
            then p.r406y * 10000 + p.r406m * 100 + p.r406d
    end as birth_key
from {{ ref('int_persons__loaded') }} as p
inner join {{ ref('int_coverage__families') }} as f
    on
        p.arrival_day = f.arrival_day
        and p.bundle_name = f.bundle_name
        and p.submission_id = f.submission_id
        and p.revision = f.revision
where f.is_enumerated
