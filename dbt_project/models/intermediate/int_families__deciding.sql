-- Which document holds a family key, when two claim it: neighbours' enumerators meet at a border, or a family is asked
-- twice. The enumerator whose sub-SLS it is goes first, then the later visit, then the larger id, so the answer is one.
with deciding as (
    select * from {{ ref('int_documents__live') }}
    where is_highest_revision and not is_tombstone
),

assigned as (
    select distinct
        d.document_id,
        1 as is_assigned
    from deciding as d
    inner join {{ ref('stg_headquarters__assignments') }} as a
        on
            d.frame_snapshot_day = a.snapshot_day
            and d.idsubsls = a.idsubsls
            and d.enumerator_id = a.enumerator_id
            and d.field_day >= a.valid_from
            and d.field_day <= coalesce(a.valid_to, d.field_day)
)

select
    d.document_id,
    d.revision_number,
    row_number() over (
        partition by d.idsubsls, d.r109, d.r110
        order by coalesce(a.is_assigned, 0) desc, coalesce(d.ended_at_us, -1) desc, d.document_id desc
    ) = 1 as holds_family
from deciding as d
left join assigned as a on d.document_id = a.document_id
