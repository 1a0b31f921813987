-- What becomes of every document received (docs/upload-contract.md §3): as it stands among the others, and a winner
-- that breaks a rule of severity error is held until a later revision, or a decided correction, passes.
with held as (
    select distinct
        arrival_day,
        bundle_name,
        row_number
    from {{ ref('int_rules__breaches') }}
    where severity = 'error' and is_in_force and not is_as_sent
)

select
    s.arrival_day,
    s.bundle_name,
    s.bundle_sha256,
    s.row_number,
    s.submission_id,
    s.revision,
    s.document_id,
    s.revision_number,
    s.is_tombstone,
    s.enumerator_id,
    s.field_day,
    s.progress_day,
    s.idsubsls,
    s.r109,
    s.r110,
    s.r205,
    s.started_at_us,
    s.ended_at_us,
    case when s.outcome <> 'winner' then s.outcome when h.row_number is null then 'accepted' else 'held' end as outcome,
    case when s.outcome = 'winner' and h.row_number is not null then 'RULES' else s.reason end as reason
from {{ ref('int_documents__standing') }} as s
left join held as h
    on s.arrival_day = h.arrival_day and s.bundle_name = h.bundle_name and s.row_number = h.row_number
