-- How an enumerator stands on the as-of day; the first that applies. Working days because a Sunday without uploads is
-- no alarm. A winner whose document an earlier bundle brought is no new one. Rules: docs/progress.md.
with bundles as (
    select
        enumerator_id,
        arrival_day,
        bundle_name,
        row_number() over (partition by enumerator_id order by arrival_day desc, bundle_name desc) as latest
    from {{ ref('int_bundles__fate') }}
    where outcome = 'accepted'
),

uploads as (
    select
        enumerator_id,
        max(arrival_day) as last_arrival_day,
        count(*) as bundles
    from bundles
    group by enumerator_id
),

brought_last as (
    select
        b.enumerator_id,
        w.document_id,
        w.revision_number,
        w.arrival_day,
        w.bundle_name
    from {{ ref('int_documents__winners') }} as w
    inner join bundles as b on w.arrival_day = b.arrival_day and w.bundle_name = b.bundle_name
    where b.latest <= 2
),

mended as (
    select distinct w.document_id
    from brought_last as w
    inner join {{ ref('int_documents__live') }} as l on w.document_id = l.document_id
    where
        w.revision_number > 1 and l.revision_number < w.revision_number
        and (l.arrival_day < w.arrival_day or (l.arrival_day = w.arrival_day and l.bundle_name < w.bundle_name))
),

new_winners as (
    select
        w.enumerator_id,
        count(*) as winners_of_last_two
    from brought_last as w
    left join mended as m on w.document_id = m.document_id
    where m.document_id is null
    group by w.enumerator_id
),

done as (
    select
        enumerator_id,
        sum(case when is_enumerated then 1 else 0 end) as done_families
    from {{ ref('int_documents__winners') }}
    group by enumerator_id
),

-- The second last working day up to as-of: silence since before it is inactivity. None while the work is younger.
working_days as (
    select
        field_day,
        row_number() over (order by field_day desc) as latest
    from {{ ref('int_field_days') }}
    where is_working_day and field_day <= {{ as_of() }}
),

silence as (
    select max(case when latest = 2 then field_day end) as since_day
    from working_days
),

window_share as (
    select
        ({{ days_from_to(field_start(), as_of()) }} + 1) * 1.0
        / ({{ days_from_to(field_start(), field_end()) }} + 1) as elapsed_share
)

select
    e.enumerator_id,
    coalesce(d.done_families, 0) as done_families,
    case
        when coalesce(d.done_families, 0) >= e.load_families then 'finished'
        when s.since_day is not null and (u.last_arrival_day is null or u.last_arrival_day < s.since_day)
            then 'inactive'
        when u.bundles >= 2 and n.winners_of_last_two is null then 'stagnant'
        when coalesce(d.done_families, 0) < 0.3 * e.load_families and w.elapsed_share > 0.5 then 'at_risk'
        else 'on_track'
    end as status
from {{ ref('int_enumerators__current') }} as e
cross join silence as s
cross join window_share as w
left join uploads as u on e.enumerator_id = u.enumerator_id
left join new_winners as n on e.enumerator_id = n.enumerator_id
left join done as d on e.enumerator_id = d.enumerator_id
where e.load_families > 0 or e.is_replaced
