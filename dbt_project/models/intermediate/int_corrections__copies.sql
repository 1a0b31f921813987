-- Where the documents that the corrections log names lie among what was received. A tablet may have sent a document
-- more than once; corrections are judged on the copy that stands as sent: the first that is not rejected by itself.
with named as (
    select distinct
        document_id,
        revision_number
    from {{ ref('stg_headquarters__corrections') }}
),

documents as (
    select
        d.arrival_day,
        d.bundle_name,
        d.bundle_sha256,
        d.row_number,
        d.submission_id,
        d.revision,
        d.document_id,
        d.revision_number,
        d.idsubsls,
        d.r109,
        d.r110,
        b.enumerator_id,
        b.supervisor_id,
        b.named_kab_code,
        coalesce(d.r201, b.named_field_day) as field_day,
        {{ is_area_code() }} as is_area_code
    from {{ ref('stg_field__documents') }} as d
    inner join named as n on d.document_id = n.document_id and d.revision_number = n.revision_number
    inner join {{ ref('int_bundles__fate') }} as b
        on d.arrival_day = b.arrival_day and d.bundle_name = b.bundle_name and b.outcome = 'accepted'
),

known_area as (
    select distinct
        snapshot_day,
        idsubsls
    from {{ ref('stg_headquarters__sub_sls') }}
),

judged as (
    select
        d.*,
        {{ own_rejection() }} as rejection
    from documents as d
    left join {{ ref('int_frame__snapshots') }} as f
        on d.field_day >= f.snapshot_day and d.field_day < f.counts_until_before
    left join known_area as k
        on f.snapshot_day = k.snapshot_day and case when d.is_area_code then d.idsubsls end = k.idsubsls
)

select
    arrival_day,
    bundle_name,
    row_number,
    submission_id,
    revision,
    document_id,
    revision_number,
    enumerator_id,
    supervisor_id,
    named_kab_code,
    row_number() over (
        partition by document_id, revision_number
        order by case when rejection is null then 0 else 1 end, arrival_day, bundle_sha256, row_number
    ) = 1 as is_standing_copy
from judged
