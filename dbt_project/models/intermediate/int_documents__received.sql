-- Every document of an accepted bundle, with what it is rejected for by itself: nothing said by other documents.
with documents as (
    select
        d.*,
        b.enumerator_id,
        coalesce(d.r201, b.named_field_day) as field_day,
        {{ is_area_code() }} as is_area_code
    from {{ ref('int_documents__as_corrected') }} as d
    inner join {{ ref('int_bundles__fate') }} as b
        on d.arrival_day = b.arrival_day and d.bundle_name = b.bundle_name and b.outcome = 'accepted'
),

known_area as (
    select distinct
        snapshot_day,
        idsubsls
    from {{ ref('stg_headquarters__sub_sls') }}
)

select
    d.arrival_day,
    d.bundle_name,
    d.bundle_sha256,
    d.row_number,
    d.submission_id,
    d.revision,
    d.document_id,
    d.revision_number,
    d.is_tombstone,
    d.enumerator_id,
    d.field_day,
    f.snapshot_day as frame_snapshot_day,
    d.r109,
    d.r110,
    d.r114,
    d.r115,
    d.r201,
    d.r205,
    d.photo_sha256,
    d.started_at_us,
    d.ended_at_us,
    case when k.idsubsls is null then 'UNKNOWN' else d.idsubsls end as idsubsls,
    {{ own_rejection() }} as rejection
from documents as d
left join {{ ref('int_frame__snapshots') }} as f
    on d.field_day >= f.snapshot_day and d.field_day < f.counts_until_before
left join known_area as k
    on f.snapshot_day = k.snapshot_day and case when d.is_area_code then d.idsubsls end = k.idsubsls
