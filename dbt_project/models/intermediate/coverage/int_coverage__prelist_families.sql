-- Which winning document speaks for a prelist family, where one is known to: by KK number, else by its head's name,
-- else by a member found living or once listed there.
with kk_candidates as (
    select
        f.prelist_family_id,
        w.document_id,
        w.is_enumerated,
        w.no_kk
    from {{ ref('int_prelist__families') }} as f
    inner join {{ ref('int_coverage__families') }} as w on f.no_kk = w.no_kk
),

contested_kks as (
    select no_kk from kk_candidates
    group by no_kk
    having count(*) > 1
),

by_kk as (
    select
        k.prelist_family_id,
        k.document_id,
        k.is_enumerated
    from kk_candidates as k
    left join contested_kks as c on k.no_kk = c.no_kk
    where c.no_kk is null
),

headed_documents as (
    select
        w.idsubsls,
        {{ folded_name('w.head_name') }} as folded_name,
        w.document_id,
        w.is_enumerated
    from {{ ref('int_coverage__families') }} as w
    left join by_kk as k on w.document_id = k.document_id
    where k.document_id is null
),

headed_families as (
    select
        f.idsubsls,
        {{ folded_name('f.head_name') }} as folded_name,
        f.prelist_family_id
    from {{ ref('int_prelist__families') }} as f
    left join by_kk as k on f.prelist_family_id = k.prelist_family_id
    where k.prelist_family_id is null and f.idsubsls in (select d.idsubsls from headed_documents as d)
),

by_head as (
    select
        min(f.prelist_family_id) as prelist_family_id,
        min(d.document_id) as document_id,
        max(d.is_enumerated) as is_enumerated
    from headed_families as f
    inner join headed_documents as d on f.idsubsls = d.idsubsls and f.folded_name = d.folded_name
    group by f.idsubsls, f.folded_name
    having count(*) = 1
),

by_number_or_head as (
    select
        prelist_family_id,
        document_id,
        is_enumerated,
        'kk' as family_known_by
    from by_kk
    union all
    select
        prelist_family_id,
        document_id,
        is_enumerated,
        'head' as family_known_by
    from by_head
),

by_member as (
    select
        c.prelist_family_id,
        min(c.document_id) as document_id
    from {{ ref('int_coverage__candidates') }} as c
    left join by_number_or_head as k on c.prelist_family_id = k.prelist_family_id
    where c.is_match and coalesce(c.r404, 0) <> 5 and not coalesce(k.is_enumerated, false)
    group by c.prelist_family_id
)

select
    k.prelist_family_id,
    coalesce(m.document_id, k.document_id) as document_id,
    k.is_enumerated or m.document_id is not null as is_enumerated,
    case when m.document_id is null then k.family_known_by else 'member' end as family_known_by
from by_number_or_head as k
left join by_member as m on k.prelist_family_id = m.prelist_family_id
union all
select
    m.prelist_family_id,
    m.document_id,
    true as is_enumerated,
    'member' as family_known_by
from by_member as m
left join by_number_or_head as k on m.prelist_family_id = k.prelist_family_id
where k.prelist_family_id is null
