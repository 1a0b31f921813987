-- Prelist persons and written persons that may be the same (docs/coverage.md): by NIK, and where neither has a
-- candidate by NIK, by name, birth date and sex within the sub-SLS. They match where the key leaves no choice.
with listed_twice as (
    select nik from {{ ref('int_prelist__persons') }}
    where nik is not null
    group by nik
    having count(*) > 1
),

written_twice as (
    select
        nik,
        sum(case when is_resident then 1 else 0 end) as residents
    from {{ ref('int_coverage__persons') }}
    where nik is not null
    group by nik
    having count(*) > 1
),

listed_left as (
    select
        p.prelist_row,
        p.prelist_family_id,
        p.idsubsls,
        p.nik,
        p.person_name,
        p.sex,
        year(p.birth_date) * 10000 + month(p.birth_date) * 100 + day(p.birth_date) as birth_key
    from {{ ref('int_prelist__persons') }} as p
    left join {{ ref('int_coverage__persons') }} as e on p.nik = e.nik
    where p.birth_date is not null and e.nik is null
),

residents_left as (
    select
        e.document_id,
        e.person_row,
        e.person_line,
        e.idsubsls,
        e.nik,
        e.person_name,
        {{ folded_name('e.person_name') }} as folded_name,
        e.sex,
        e.birth_key,
        e.r404,
        e.is_resident
    from {{ ref('int_coverage__persons') }} as e
    left join {{ ref('int_prelist__persons') }} as p on e.nik = p.nik
    where e.is_resident and e.birth_key is not null and e.sex in (1, 2) and p.nik is null
),

by_name as (
    select
        p.prelist_row,
        p.prelist_family_id,
        p.idsubsls,
        e.birth_key,
        e.sex,
        e.folded_name,
        e.document_id,
        e.person_row,
        e.person_line,
        e.r404,
        e.is_resident,
        p.nik = e.nik as nik_agrees
    from listed_left as p
    inner join residents_left as e on p.idsubsls = e.idsubsls and p.birth_key = e.birth_key and p.sex = e.sex
    where e.folded_name is not null and {{ same_name('p.person_name', 'e.person_name') }}
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
    p.prelist_row,
    p.prelist_family_id,
    p.idsubsls as prelist_idsubsls,
    e.document_id,
    e.person_row,
    e.person_line,
    e.r404,
    e.is_resident,
    'nik' as candidate_by,
    l.nik is null and (w.nik is null or (w.residents = 1 and e.is_resident)) as is_match,
    coalesce({{ same_name('p.person_name', 'e.person_name') }}, false) as name_agrees,
    true as nik_agrees
from {{ ref('int_prelist__persons') }} as p
inner join {{ ref('int_coverage__persons') }} as e on p.nik = e.nik
left join listed_twice as l on p.nik = l.nik
left join written_twice as w on p.nik = w.nik
union all
select
    n.prelist_row,
    n.prelist_family_id,
    n.idsubsls as prelist_idsubsls,
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
