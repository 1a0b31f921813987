-- How every document received stands among the others, before any rule judges it: the first line of the contract's
-- table that applies (docs/upload-contract.md §3), a winner where none does. Who wins does not depend on rules.
-- progress_day: a visit dated before the window counts on its first day; one dated after it arrived counts on the day
-- it arrived, so that no figure of a past day waits for a future one.
with received as (
    select
        r.*,
        -- A rejected document has no place among the live ones. The condition is in the key: on the left side of a left
        -- join's ON it would make DuckDB compare every pair of rows.
        case when r.rejection is null then r.document_id end as live_id
    from {{ ref('int_documents__received') }} as r
),

documents as (
    select
        r.*,
        c.copy_kind,
        f.holds_family,
        t.revision_number as standing_revision,
        t.is_tombstone as is_withdrawn
    from received as r
    left join {{ ref('int_documents__copies') }} as c
        on r.arrival_day = c.arrival_day and r.bundle_name = c.bundle_name and r.row_number = c.row_number
    left join {{ ref('int_documents__live') }} as t
        on r.live_id = t.document_id and t.is_highest_revision
    left join {{ ref('int_families__deciding') }} as f
        on r.live_id = f.document_id and r.revision_number = f.revision_number
),

judged as (
    select
        d.*,
        case
            when d.rejection is not null then 'rejected'
            when d.copy_kind = 'duplicate' then 'duplicate'
            when d.copy_kind = 'conflict' and d.standing_revision <= d.revision_number then 'held'
            when d.copy_kind = 'conflict' then 'superseded'
            when d.is_withdrawn or d.standing_revision > d.revision_number or not d.holds_family then 'superseded'
            else 'winner'
        end as outcome,
        case
            when d.rejection is not null then d.rejection
            when d.copy_kind = 'duplicate' then null
            when d.copy_kind = 'conflict' then 'CONFLICT'
            when d.is_withdrawn then 'TOMBSTONE'
            when d.standing_revision > d.revision_number then 'REVISION'
            when not d.holds_family then 'SAME_FAMILY'
        end as reason
    from documents as d
)

select
    arrival_day,
    bundle_name,
    bundle_sha256,
    row_number,
    submission_id,
    revision,
    document_id,
    revision_number,
    is_tombstone,
    enumerator_id,
    field_day,
    greatest({{ field_start() }}, least(field_day, arrival_day)) as progress_day,
    idsubsls,
    r109,
    r110,
    r114,
    r115,
    r201,
    r205,
    photo_sha256,
    started_at_us,
    ended_at_us,
    outcome,
    reason
from judged
