-- How every prelist person stands: the first line that applies of docs/coverage.md, with the document that says so.
with matches as (
    select * from {{ ref('int_coverage__candidates') }}
    where is_match
),

candidates as (
    select distinct prelist_row from {{ ref('int_coverage__candidates') }}
    where not is_match
),

visited as (
    select
        idsubsls,
        count(*) as winners
    from {{ ref('int_coverage__families') }}
    group by idsubsls
),

done as (
    select
        v.idsubsls,
        v.winners >= s.expected_families as is_done
    from visited as v
    inner join {{ ref('int_sub_sls__current') }} as s on v.idsubsls = s.idsubsls
),

known as (
    select
        p.prelist_row,
        p.prelist_family_id,
        p.idsubsls,
        m.candidate_by as matched_by,
        m.person_row,
        m.person_line,
        m.r404,
        m.name_agrees,
        m.nik_agrees,
        coalesce(m.document_id, case when c.prelist_row is null then f.document_id end) as document_id,
        case when m.prelist_row is null and c.prelist_row is null then f.family_known_by end as family_known_by,
        case
            when m.r404 in (1, 5) then 'confirmed'
            when m.r404 = 2 then 'dead'
            when m.r404 in (3, 4) then 'moved'
            when m.r404 = 6 then 'looked_for'
            when m.prelist_row is not null then 'presence_missing'
            when c.prelist_row is not null then 'several_candidates'
            when f.is_enumerated then 'not_written'
            when f.document_id is not null then 'visit_without_interview'
            when d.is_done then 'sub_sls_done'
            else 'not_yet_visited'
        end as standing
    from {{ ref('int_prelist__persons') }} as p
    left join matches as m on p.prelist_row = m.prelist_row
    left join candidates as c on p.prelist_row = c.prelist_row
    left join {{ ref('int_coverage__prelist_families') }} as f on p.prelist_family_id = f.prelist_family_id
    left join done as d on p.idsubsls = d.idsubsls
)

select
    prelist_row,
    prelist_family_id,
    idsubsls,
    case
        when standing in ('looked_for', 'not_written') then 'not_found'
        when standing in ('presence_missing', 'several_candidates') then 'ambiguous'
        when standing in ('visit_without_interview', 'sub_sls_done') then 'family_not_reached'
        else standing
    end as status,
    case when standing not in ('confirmed', 'dead', 'moved', 'not_yet_visited') then standing end as status_reason,
    coalesce(matched_by, 'none') as matched_by,
    family_known_by,
    document_id,
    person_row,
    person_line,
    r404,
    name_agrees,
    nik_agrees
from known
