-- The corrections log replayed: one cell's corrections one after the other, each compared with what stands when it is
-- its turn. One whose old value does not read so any more was decided on other data: it is set aside, never applied.
with recursive turns as (
    select
        c.*,
        row_number() over (
            partition by c.document_id, c.revision_number, c.person_line, c.variable
            order by c.correction_day, coalesce(c.decided_at_us, -1), c.row_number
        ) as turn
    from {{ ref('int_corrections__cells') }} as c
    where c.obstacle is null
),

replay as (
    select
        document_id,
        revision_number,
        person_line,
        variable,
        turn,
        text_as_sent as current_value,
        {{ reads_as('text_as_sent', 'old_value') }} as is_applied,
        case when {{ reads_as('text_as_sent', 'old_value') }} then new_value else text_as_sent end as value_after
    from turns
    where turn = 1
    union all
    select
        t.document_id,
        t.revision_number,
        t.person_line,
        t.variable,
        t.turn,
        r.value_after as current_value,
        {{ reads_as('r.value_after', 't.old_value') }} as is_applied,
        case when {{ reads_as('r.value_after', 't.old_value') }} then t.new_value else r.value_after end as value_after
    from replay as r
    inner join turns as t
        on
            r.document_id = t.document_id
            and r.revision_number = t.revision_number
            and r.person_line = t.person_line
            and r.variable = t.variable
            and r.turn + 1 = t.turn
),

replayed as (
    select
        t.correction_day,
        t.row_number,
        r.current_value,
        r.is_applied,
        t.turn = max(case when r.is_applied then t.turn end) over (
            partition by t.document_id, t.revision_number, t.person_line, t.variable
        ) as is_in_force
    from turns as t
    inner join replay as r
        on
            t.document_id = r.document_id
            and t.revision_number = r.revision_number
            and t.person_line = r.person_line
            and t.variable = r.variable
            and t.turn = r.turn
)

select
    c.correction_day,
    c.row_number,
    c.submission_id,
    c.revision,
    c.document_id,
    c.revision_number,
    c.person_line,
    c.variable,
    c.old_value,
    c.new_value,
    r.current_value,
    coalesce(c.obstacle, case when r.is_applied then 'applied' else 'stale' end) as status,
    coalesce(r.is_in_force, false) as is_in_force,
    c.decided_by,
    c.decided_at,
    c.reason,
    c.document_arrival_day,
    c.document_bundle_name,
    c.document_row_number,
    c.person_row_number,
    c.enumerator_id,
    c.supervisor_id,
    c.named_kab_code
from {{ ref('int_corrections__cells') }} as c
left join replayed as r on c.correction_day = r.correction_day and c.row_number = r.row_number
