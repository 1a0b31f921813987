-- Prelist persons and written persons that may be the same (docs/coverage.md): by NIK, and where neither has a candidate by
-- NIK, by name, birth date and sex within the sub-SLS. They match where the key leaves no choice.
with by_nik as (
    select
        p.prelist_row,
        p.prelist_family_id,
        p.nik,
        e.document_id,
        e.person_row,
        e.person_line,
        e.r404,
        e.is_resident,
        coalesce({{ same_name('p.person_name', 'e.person_name') }}, false) as name_agrees
    from {{ ref('int_prelist__persons') }} as p
    inner join {{ ref('int_coverage__persons') }} as e on p.nik = e.nik
),

contested_niks as (
    select
        nik,
        min(prelist_row) = max(prelist_row) as is_listed_once,
        sum(case when is_resident then 1 else 0 end) as residents
    from by_nik
    group by nik
    having count(*) > 1
),

-- Sub-SLS, birth date and sex first: few names are then left to compare.
by_name as (
    select
        p.prelist_row,
        p.prelist_family_id,
        p.idsubsls,
        e.birth_key,
        e.sex,
        {{ folded_name('e.person_name') }} as folded_name,
        e.document_id,
        e.person_row,
        e.person_line,
        e.r404,
        e.is_resident,
        p.nik = e.nik as nik_agrees
    from {{ ref('int_prelist__persons') }} as p
    inner join {{ ref('int_coverage__persons') }} as e
        on
            p.idsubsls = e.idsubsls
            and p.sex = e.sex
            and year(p.birth_date) * 10000 + month(p.birth_date) * 100 + day(p.birth_date) = e.birth_key
    where
        e.is_resident
        and e.sex in (1, 2)
        and {{ same_name('p.person_name', 'e.person_name') }}
        and {{ folded_name('e.person_name') }} is not null
        and not exists (select 1 from {{ ref('int_coverage__persons') }} as x where p.nik = x.nik)
        and not exists (select 1 from {{ ref('int_prelist__persons') }} as x where e.nik = x.nik)
),

contested_names as (
    select
        idsubsls,
        birth_key,
        sex,
        folded_name
    from by_name
    group by idsubsls, birth_key, sex, folded_name
    having count(*) > 1
)

select
    n.prelist_row,
    n.prelist_family_id,
    n.document_id,
    n.person_row,
    n.person_line,
    n.r404,
    n.is_resident,
    'nik' as candidate_by,
    case when c.nik is null then true else c.is_listed_once and c.residents = 1 and n.is_resident end as is_match,
    n.name_agrees,
    true as nik_agrees
from by_nik as n
left join contested_niks as c on n.nik = c.nik
union all
select
    n.prelist_row,
    n.prelist_family_id,
    n.document_id,
    n.person_row,
    n.person_line,
    n.r404,
    n.is_resident,
    'name_birth_sex' as candidate_by,
    c.folded_name is null as is_match,
    true as name_agrees,
    n.nik_agrees
from by_name as n
left join contested_names as c
    on n.idsubsls = c.idsubsls and n.birth_key = c.birth_key and n.sex = c.sex and n.folded_name = c.folded_name
