-- Residents that are no prelist person's match: new, or one of several candidates.
with unmatched as (
    select
        e.document_id,
        e.person_row,
        e.person_line,
        e.idsubsls,
        e.nik,
        e.person_name,
        e.sex,
        e.r404
    from {{ ref('int_coverage__persons') }} as e
    where
        e.is_resident
        and not exists (
            select 1 from {{ ref('int_coverage__candidates') }} as c
            where c.is_match and e.document_id = c.document_id and e.person_row = c.person_row
        )
),

candidates as (
    select distinct
        document_id,
        person_row
    from {{ ref('int_coverage__candidates') }}
    where not is_match
)

select
    u.document_id,
    u.person_row,
    u.person_line,
    u.idsubsls,
    u.nik,
    u.person_name,
    u.sex,
    u.r404,
    c.document_id is null as is_new
from unmatched as u
left join candidates as c on u.document_id = c.document_id and u.person_row = c.person_row
