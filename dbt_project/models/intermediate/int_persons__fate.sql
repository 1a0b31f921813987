-- What becomes of every person row of an accepted bundle (docs/upload-contract.md §3): rejected by itself, or as its
-- document. A view: it stands behind figures and is read by row.
{{ config(materialized='view') }}

with documents as (
    select
        f.*,
        row_number() over (
            partition by f.arrival_day, f.bundle_name, f.submission_id, f.revision
            order by case f.outcome when 'rejected' then 2 when 'duplicate' then 1 else 0 end, f.row_number
        ) as choice
    from {{ ref('int_documents__fate') }} as f
),

persons as (
    select
        p.arrival_day,
        p.bundle_name,
        p.bundle_sha256,
        p.row_number,
        p.submission_id,
        p.revision,
        p.r401,
        b.enumerator_id,
        l.row_number as loaded_row_number,
        d.row_number as document_row_number,
        d.idsubsls,
        d.outcome,
        d.reason
    from {{ ref('stg_field__persons') }} as p
    inner join {{ ref('int_bundles__fate') }} as b
        on p.arrival_day = b.arrival_day and p.bundle_name = b.bundle_name and b.outcome = 'accepted'
    left join documents as d
        on
            p.arrival_day = d.arrival_day
            and p.bundle_name = d.bundle_name
            and p.submission_id = d.submission_id
            and p.revision = d.revision
            and d.choice = 1
    left join {{ ref('int_persons__loaded') }} as l
        on p.arrival_day = l.arrival_day and p.bundle_name = l.bundle_name and p.row_number = l.row_number
)

select
    arrival_day,
    bundle_name,
    bundle_sha256,
    row_number,
    submission_id,
    revision,
    r401 as person_line,
    document_row_number,
    enumerator_id,
    coalesce(idsubsls, 'UNKNOWN') as idsubsls,
    case
        when document_row_number is null then 'rejected'
        when outcome <> 'rejected' and loaded_row_number is null then 'rejected'
        else outcome
    end as outcome,
    case
        when document_row_number is null then 'ORPHAN_PERSON'
        when outcome <> 'rejected' and loaded_row_number is null then 'DUPLICATE_LINE'
        else reason
    end as reason
from persons
