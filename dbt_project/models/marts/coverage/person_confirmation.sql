-- Everyone on the prelist and how they stand, and the residents whom no prelist knows. A view: at full scale it has
-- millions of rows, and the few that somebody follows up are read.
{{ config(materialized='view') }}

with persons as (
    select
        concat('prelist:', cast(s.prelist_row as string)) as record_id,
        s.status,
        s.status_reason,
        s.matched_by,
        s.family_known_by,
        s.prelist_family_id,
        s.prelist_row,
        s.idsubsls,
        p.nik,
        p.person_name,
        p.sex,
        p.birth_date,
        s.r404,
        s.name_agrees,
        s.nik_agrees,
        s.document_id,
        s.person_line
    from {{ ref('int_coverage__prelist_standing') }} as s
    inner join {{ ref('int_prelist__persons') }} as p on s.prelist_row = p.prelist_row
    union all
    select
        concat('document:', document_id, ':', cast(person_row as string)) as record_id,
        'new' as status,
        null as status_reason,
        'none' as matched_by,
        null as family_known_by,
        null as prelist_family_id,
        null as prelist_row,
        idsubsls,
        nik,
        person_name,
        sex,
        null as birth_date,
        r404,
        null as name_agrees,
        null as nik_agrees,
        document_id,
        person_line
    from {{ ref('int_coverage__residents_unmatched') }}
    where is_new
),

-- One row, null where there is no prelist yet.
prelist as (
    select max(snapshot_day) as snapshot_day from {{ ref('int_prelist__families') }}
)

select
    p.record_id,
    p.status,
    p.status_reason,
    p.matched_by,
    p.family_known_by,
    p.prelist_family_id,
    p.prelist_row,
    p.idsubsls,
    case when p.idsubsls = 'UNKNOWN' then 'UNKNOWN' else substr(p.idsubsls, 1, 4) end as kab_code,
    p.nik,
    p.person_name,
    p.sex,
    p.birth_date,
    p.r404,
    p.name_agrees,
    p.nik_agrees,
    p.document_id,
    p.person_line,
    f.idsubsls as enumerated_idsubsls,
    f.r109 as building_number,
    f.r110 as family_number,
    f.r205 as visit_outcome,
    f.enumerator_id,
    f.field_day,
    f.arrival_day,
    f.is_held,
    l.snapshot_day as prelist_snapshot_day,
    {{ as_of() }} as as_of
from persons as p
left join {{ ref('int_coverage__families') }} as f on p.document_id = f.document_id
cross join prelist as l
