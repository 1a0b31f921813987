-- A rule broken by a document, over the document's revisions: when it was first seen, and whether a later revision, or
-- a decided correction, passes. It closes in no other way. Where another document holds the family it is dormant:
-- nobody has to mend it, and it comes back with the document.
with breaches as (
    select
        b.*,
        -- a corrected document comes after the same revision as sent
        b.revision_number * 2 + case when b.is_as_sent then 0 else 1 end as step
    from {{ ref('int_rules__breaches') }} as b
    where b.is_in_force
),

last_breach as (
    select
        b.*,
        row_number() over last_first as latest,
        min(b.arrival_day) over (partition by b.document_id, b.person_line, b.rule_id) as first_seen_day
    from breaches as b
    window last_first as (
        partition by b.document_id, b.person_line, b.rule_id order by b.step desc, b.person_row_number asc
    )
),

violations as (
    select * from last_breach
    where latest = 1
),

corrected as (
    select
        document_arrival_day,
        document_bundle_name,
        document_row_number,
        max(correction_day) as corrected_on
    from {{ ref('int_corrections__replayed') }}
    where is_in_force
    group by document_arrival_day, document_bundle_name, document_row_number
),

-- Which later revision came first, whatever the order they arrived in.
followed as (
    select
        v.document_id,
        v.person_line,
        v.rule_id,
        min(l.arrival_day) as followed_on
    from violations as v
    inner join {{ ref('int_documents__live') }} as l
        on v.document_id = l.document_id and v.revision_number < l.revision_number
    group by v.document_id, v.person_line, v.rule_id
),

standing as (
    select
        l.document_id,
        l.revision_number * 2 + 1 as standing_step,
        l.is_tombstone,
        s.outcome = 'winner' as is_winner
    from {{ ref('int_documents__live') }} as l
    inner join {{ ref('int_documents__standing') }} as s
        on l.arrival_day = s.arrival_day and l.bundle_name = s.bundle_name and l.row_number = s.row_number
    where l.is_highest_revision
),

judged as (
    select
        v.*,
        case
            when s.is_tombstone then 'withdrawal'
            when v.step = s.standing_step then null
            when f.followed_on is not null then 'revision'
            else 'correction'
        end as closed_by,
        case when s.is_winner then 'open' else 'dormant' end as state_while_broken,
        greatest(v.first_seen_day, coalesce(f.followed_on, c.corrected_on)) as closed_on
    from violations as v
    inner join standing as s on v.document_id = s.document_id
    left join followed as f
        on v.document_id = f.document_id and v.person_line = f.person_line and v.rule_id = f.rule_id
    left join corrected as c
        on
            v.arrival_day = c.document_arrival_day
            and v.bundle_name = c.document_bundle_name
            and v.row_number = c.document_row_number
),

aged as (
    select
        j.*,
        case when j.closed_by is null then {{ as_of() }} else j.closed_on end as aged_until
    from judged as j
)

select
    j.document_id,
    j.person_line,
    j.rule_id,
    j.rule_version,
    j.severity,
    case when j.closed_by is null then j.state_while_broken else 'closed' end as state,
    j.closed_by,
    j.first_seen_day,
    case when j.closed_by is not null then j.closed_on end as closed_on,
    cast({{ days_from_to('j.first_seen_day', 'j.aged_until') }} as integer) as age_days,
    j.written_values,
    j.arrival_day,
    j.bundle_name,
    j.row_number,
    j.person_row_number,
    s.submission_id,
    s.revision,
    s.idsubsls,
    s.r109,
    s.r110,
    s.field_day,
    s.enumerator_id,
    coalesce(e.supervisor_id, b.supervisor_id) as supervisor_id
from aged as j
inner join {{ ref('int_documents__standing') }} as s
    on j.arrival_day = s.arrival_day and j.bundle_name = s.bundle_name and j.row_number = s.row_number
inner join {{ ref('int_bundles__fate') }} as b on j.arrival_day = b.arrival_day and j.bundle_name = b.bundle_name
left join {{ ref('int_enumerators__current') }} as e on s.enumerator_id = e.enumerator_id
