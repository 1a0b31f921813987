-- How every prelist person stands: the first line that applies of docs/coverage.md, with the document that says so.
with matches as (
    select * from {{ ref('int_coverage__candidates') }}
    where is_match
),

unmatched as (
    select
        p.prelist_row,
        p.prelist_family_id,
        p.idsubsls
    from {{ ref('int_prelist__persons') }} as p
    where
        not exists (
            select 1 from matches as m
            where p.prelist_row = m.prelist_row
        )
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
    select v.idsubsls
    from visited as v
    inner join {{ ref('int_sub_sls__current') }} as s on v.idsubsls = s.idsubsls
    where v.winners >= s.expected_families
),

standing as (
    select
        prelist_row,
        prelist_family_id,
        prelist_idsubsls as idsubsls,
        case
            when r404 in (1, 5) then 'confirmed'
            when r404 = 2 then 'dead'
            when r404 in (3, 4) then 'moved'
            when r404 = 6 then 'looked_for'
            else 'presence_missing'
        end as standing,
        candidate_by as matched_by,
        cast(null as string) as family_known_by,
        document_id,
        person_line,
        r404,
        name_agrees,
        nik_agrees
    from matches
    union all
    select
        u.prelist_row,
        u.prelist_family_id,
        u.idsubsls,
        case
            when c.prelist_row is not null then 'several_candidates'
            when f.is_enumerated then 'not_written'
            when f.document_id is not null then 'visit_without_interview'
            when d.idsubsls is not null then 'sub_sls_done'
            else 'not_yet_visited'
        end as standing,
        'none' as matched_by,
        case when c.prelist_row is null then f.family_known_by end as family_known_by,
        case when c.prelist_row is null then f.document_id end as document_id,
        cast(null as integer) as person_line,
        cast(null as integer) as r404,
        cast(null as boolean) as name_agrees,
        cast(null as boolean) as nik_agrees
    from unmatched as u
    left join candidates as c on u.prelist_row = c.prelist_row
    left join {{ ref('int_coverage__prelist_families') }} as f on u.prelist_family_id = f.prelist_family_id
    left join done as d on u.idsubsls = d.idsubsls
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
    matched_by,
    family_known_by,
    document_id,
    person_line,
    r404,
    name_agrees,
    nik_agrees
from standing
