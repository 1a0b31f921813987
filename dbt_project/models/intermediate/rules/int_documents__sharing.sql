-- KK numbers and dwelling photos that stand in documents of more than one submission id, and how many winning documents
-- have each. A family's own earlier revision is no twin.
with carried as (
    select
        'photo' as kind,
        photo_sha256 as carried,
        document_id,
        is_winner
    from {{ ref('int_rules__judged') }}
    where photo_sha256 is not null and not is_as_sent
    union all
    select
        'kk' as kind,
        r114 as carried,
        document_id,
        is_winner
    from {{ ref('int_rules__judged') }}
    where {{ is_sixteen_digits('r114') }} and not {{ is_placeholder('r114') }} and r115 = 0 and not is_as_sent
),

shared as (
    select
        kind,
        carried,
        min(case when is_winner then document_id end) as one_winning_document
    from carried
    group by kind, carried
    having min(document_id) <> max(document_id)
),

-- Counted for the few: telling documents apart is dear.
winners as (
    select
        c.kind,
        c.carried,
        count(distinct c.document_id) as winning_documents
    from carried as c
    inner join shared as s on c.kind = s.kind and c.carried = s.carried
    where c.is_winner
    group by c.kind, c.carried
)

select
    s.kind,
    s.carried,
    cast(coalesce(w.winning_documents, 0) as integer) as winning_documents,
    s.one_winning_document
from shared as s
left join winners as w on s.kind = w.kind and s.carried = w.carried
