-- NIKs that residents of more than one submission id have, well formed and no dummies, and how many winning documents
-- have each (contract §3, duplicate-NIK group).
-- Asked of all persons first, whichever documents they are in: most NIKs stand once.
with repeated as (
    select r403 as nik
    from {{ ref('int_persons__loaded') }}
    where nik_fault is null and {{ is_resident('r404') }}
    group by r403
    having count(*) > 1
),

held as (
    select
        p.r403 as nik,
        p.document_id,
        p.is_winner
    from {{ ref('int_rules__judged_persons') }} as p
    inner join repeated as r on p.r403 = r.nik
    where p.nik_class = 'valid' and {{ is_resident('p.r404') }} and not p.is_as_sent
),

shared as (
    select
        nik,
        min(case when is_winner then document_id end) as one_winning_document
    from held
    group by nik
    having min(document_id) <> max(document_id)
),

-- Counted for the few: telling documents apart is dear.
winners as (
    select
        h.nik,
        count(distinct h.document_id) as winning_documents
    from held as h
    inner join shared as s on h.nik = s.nik
    where h.is_winner
    group by h.nik
)

select
    s.nik,
    cast(coalesce(w.winning_documents, 0) as integer) as winning_documents,
    s.one_winning_document
from shared as s
left join winners as w on s.nik = w.nik
