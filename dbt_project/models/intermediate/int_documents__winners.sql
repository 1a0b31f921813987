-- The documents that speak for their families: accepted, or held because a rule is broken.
with residents as (
    select
        arrival_day,
        bundle_name,
        submission_id,
        revision,
        count(*) as resident_persons
    from {{ ref('int_persons__loaded') }}
    where {{ is_resident('r404') }}
    group by arrival_day, bundle_name, submission_id, revision
)

select
    f.arrival_day,
    f.bundle_name,
    f.bundle_sha256,
    f.row_number,
    f.submission_id,
    f.revision,
    f.document_id,
    f.revision_number,
    f.enumerator_id,
    f.idsubsls,
    f.r109,
    f.r110,
    f.r205,
    f.field_day,
    f.progress_day,
    f.started_at_us,
    f.ended_at_us,
    f.outcome = 'held' as is_held,
    {{ is_enumerated('f.r205') }} as is_enumerated,
    case when {{ is_enumerated('f.r205') }} then coalesce(r.resident_persons, 0) else 0 end as resident_persons
from {{ ref('int_documents__fate') }} as f
left join residents as r
    on
        f.arrival_day = r.arrival_day
        and f.bundle_name = r.bundle_name
        and f.submission_id = r.submission_id
        and f.revision = r.revision
where f.outcome = 'accepted' or (f.outcome = 'held' and f.reason = 'RULES')
