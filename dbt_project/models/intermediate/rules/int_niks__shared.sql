-- NIKs that residents of more than one submission id have, well formed and no dummies, and how many winning documents
-- have each (contract §3, duplicate-NIK group).
with held as (
    select
        r403 as nik,
        document_id,
        is_winner
    from {{ ref('int_rules__judged_persons') }}
    where nik_class = 'valid' and {{ is_resident('r404') }} and not is_as_sent
)

select
    nik,
    cast(count(distinct case when is_winner then document_id end) as integer) as winning_documents,
    min(case when is_winner then document_id end) as one_winning_document
from held
group by nik
having min(document_id) <> max(document_id)
