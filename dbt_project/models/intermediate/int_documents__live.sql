-- The revisions that count: the first copy of each, and among them the highest, which decides for the document.
with first_copies as (
    select r.*
    from {{ ref('int_documents__received') }} as r
    left join {{ ref('int_documents__copies') }} as c
        on r.arrival_day = c.arrival_day and r.bundle_name = c.bundle_name and r.row_number = c.row_number
    where r.rejection is null and c.copy_kind is null
)

select
    l.*,
    l.revision_number = max(l.revision_number) over (partition by l.document_id) as is_highest_revision
from first_copies as l
