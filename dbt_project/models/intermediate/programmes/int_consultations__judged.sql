-- What becomes of every line of the consultation that counts: the newest not after the as-of day. Minutes are typed by
-- hand, so a family may stand twice; the later line is the later decision.
with current_snapshot as (
    select c.*
    from {{ ref('stg_headquarters__consultations') }} as c
    where c.snapshot_day = (select max(s.snapshot_day) from {{ ref('stg_headquarters__consultations') }} as s)
),

read as (
    select
        c.*,
        case
            when
                c.idsubsls is null
                or coalesce(c.r109, 0) not between 1 and 999
                or coalesce(c.r110, 0) not between 1 and 999
                then 'bad_key'
            when coalesce(c.group_before, 0) not between 1 and 4 or coalesce(c.group_after, 0) not between 1 and 4
                then 'bad_group'
        end as fault
    from current_snapshot as c
),

last_lines as (
    select
        idsubsls,
        r109,
        r110,
        max(row_number) as last_row_number
    from read
    where fault is null
    group by idsubsls, r109, r110
)

select
    r.snapshot_day,
    r.row_number,
    r.idsubsls_text,
    r.r109_text,
    r.r110_text,
    r.group_before_text,
    r.group_after_text,
    r.idsubsls,
    r.r109,
    r.r110,
    r.group_before,
    r.group_after,
    r.change_reason,
    r.decided_by,
    w.document_id,
    case
        when r.fault is not null then r.fault
        when r.row_number < l.last_row_number then 'repeated'
        when w.document_id is null then 'unknown_family'
        when w.is_held or not w.is_enumerated or w.resident_persons = 0 then 'not_ranked'
        else 'applied'
    end as status
from read as r
left join last_lines as l on r.idsubsls = l.idsubsls and r.r109 = l.r109 and r.r110 = l.r110
left join {{ ref('int_documents__winners') }} as w on r.idsubsls = w.idsubsls and r.r109 = w.r109 and r.r110 = w.r110
