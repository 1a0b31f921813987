-- Documents that arrive under an id and revision already seen. After a lost acknowledgement the tablet sends the same
-- document again (duplicate), or an enumerator edits without raising the revision (conflict). The first stands.
with numbered as (
    select
        r.*,
        row_number() over same_revision as copy_number,
        count(*) over (partition by r.document_id, r.revision_number) as copies
    from {{ ref('int_documents__received') }} as r
    where r.rejection is null
    window same_revision as (
        partition by r.document_id, r.revision_number
        order by r.arrival_day, r.bundle_sha256, r.row_number
    )
),

repeated as (
    select * from numbered
    where copies > 1
),

repeated_keys as (
    select distinct
        arrival_day,
        bundle_name,
        submission_id,
        revision
    from repeated
),

person_content as (
    select
        p.arrival_day,
        p.bundle_name,
        p.submission_id,
        p.revision,
        {{ joined('p.content', 'p.r401, p.row_number') }} as content
    from {{ ref('int_persons__loaded') }} as p
    inner join repeated_keys as d
        on
            p.arrival_day = d.arrival_day
            and p.bundle_name = d.bundle_name
            and p.submission_id = d.submission_id
            and p.revision = d.revision
    group by p.arrival_day, p.bundle_name, p.submission_id, p.revision
),

compared as (
    select
        r.*,
        row_number() over (
            partition by r.document_id, r.revision_number, d.content, coalesce(p.content, '')
            order by r.arrival_day, r.bundle_sha256, r.row_number
        ) as same_content_number
    from repeated as r
    inner join {{ ref('stg_field__documents') }} as d
        on r.arrival_day = d.arrival_day and r.bundle_name = d.bundle_name and r.row_number = d.row_number
    left join person_content as p
        on
            r.arrival_day = p.arrival_day
            and r.bundle_name = p.bundle_name
            and r.submission_id = p.submission_id
            and r.revision = p.revision
)

select
    arrival_day,
    bundle_name,
    row_number,
    case when same_content_number > 1 then 'duplicate' else 'conflict' end as copy_kind
from compared
where copy_number > 1
