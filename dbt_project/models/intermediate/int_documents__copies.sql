-- Documents that arrive under an id and revision already seen. After a lost acknowledgement the tablet sends the same
-- document again (duplicate), or an enumerator edits without raising the revision (conflict). The first stands.
with sent_again as (
    select
        document_id,
        revision_number
    from {{ ref('int_documents__received') }}
    where rejection is null
    group by document_id, revision_number
    having count(*) > 1
),

repeated as (
    select
        r.arrival_day,
        r.bundle_name,
        r.bundle_sha256,
        r.row_number,
        r.submission_id,
        r.revision,
        r.document_id,
        r.revision_number,
        row_number() over (
            partition by r.document_id, r.revision_number
            order by r.arrival_day, r.bundle_sha256, r.row_number
        ) as copy_number
    from {{ ref('int_documents__received') }} as r
    inner join sent_again as s on r.document_id = s.document_id and r.revision_number = s.revision_number
    where r.rejection is null
),

documents as (
    select
        d.*,
        r.document_id as repeated_id,
        r.revision_number as repeated_revision,
        r.copy_number
    from repeated as r
    inner join {{ ref('stg_field__documents') }} as d
        on r.arrival_day = d.arrival_day and r.bundle_name = d.bundle_name and r.row_number = d.row_number
),

repeated_keys as (
    select distinct
        arrival_day,
        bundle_name,
        submission_id,
        revision
    from repeated
),

persons as (
    select p.*
    from repeated_keys as d
    inner join {{ ref('stg_field__persons') }} as p
        on
            d.arrival_day = p.arrival_day
            and d.bundle_name = p.bundle_name
            and d.submission_id = p.submission_id
            and d.revision = p.revision
    inner join {{ ref('int_persons__loaded') }} as l
        on p.arrival_day = l.arrival_day and p.bundle_name = l.bundle_name and p.row_number = l.row_number
),

-- Made here for the few: read from staging, it would be made for every document and person first.
lines as (
    select
        p.arrival_day,
        p.bundle_name,
        p.submission_id,
        p.revision,
        p.r401,
        p.row_number,
        {{ person_content('_text') }} as content
    from persons as p
),

person_content as (
    select
        arrival_day,
        bundle_name,
        submission_id,
        revision,
        {{ joined('content', 'r401, row_number') }} as content
    from lines
    group by arrival_day, bundle_name, submission_id, revision
),

document_content as (
    select
        arrival_day,
        bundle_name,
        bundle_sha256,
        row_number,
        submission_id,
        revision,
        repeated_id,
        repeated_revision,
        copy_number,
        {{ document_content('_text') }} as content
    from documents
),

compared as (
    select
        d.*,
        row_number() over (
            partition by d.repeated_id, d.repeated_revision, d.content, coalesce(p.content, '')
            order by d.arrival_day, d.bundle_sha256, d.row_number
        ) as same_content_number
    from document_content as d
    left join person_content as p
        on
            d.arrival_day = p.arrival_day
            and d.bundle_name = p.bundle_name
            and d.submission_id = p.submission_id
            and d.revision = p.revision
)

select
    arrival_day,
    bundle_name,
    row_number,
    case when same_content_number > 1 then 'duplicate' else 'conflict' end as copy_kind
from compared
where copy_number > 1
