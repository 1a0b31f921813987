-- KK numbers and dwelling photos that stand in documents of more than one submission id, and how many winning documents
-- have each. A family's own earlier revision is no twin.
with carried as (
    select
        'photo' as kind,
        photo_sha256 as carried,
        document_id,
        is_winner
    from {{ ref('int_rules__judged_documents') }}
    where photo_sha256 is not null and not is_as_sent
    union all
    select
        'kk' as kind,
        r114 as carried,
        document_id,
        is_winner
    from {{ ref('int_rules__judged_documents') }}
    where {{ is_sixteen_digits('r114') }} and not {{ is_placeholder('r114') }} and r115 = 0 and not is_as_sent
)

select
    kind,
    carried,
    cast(count(distinct case when is_winner then document_id end) as integer) as winning_documents,
    min(case when is_winner then document_id end) as one_winning_document
from carried
group by kind, carried
having min(document_id) <> max(document_id)
