-- What becomes of a bundle. A tablet that loses its connection sends the same bytes again, under whatever name or day:
-- once they were accepted, later copies are duplicates; copies of rejected bytes are judged again.
with bundles as (
    select
        b.*,
        row_number() over (order by b.arrival_day, b.bundle_name) as judged_at
    from {{ ref('stg_field__bundles') }} as b
),

named_reasons as (
    select
        f.arrival_day,
        f.bundle_name,
        min(r.precedence) as precedence
    from {{ ref('stg_field__bundle_findings') }} as f
    inner join {{ ref('bundle_reasons') }} as r on f.reason = r.reason
    group by f.arrival_day, f.bundle_name
),

staffed as (
    select
        b.arrival_day,
        b.bundle_name,
        max(case when s.role = 'PPL' then 1 else 0 end) as is_enumerator
    from bundles as b
    left join {{ ref('int_frame__snapshots') }} as f
        on
            least(b.named_field_day, b.arrival_day) >= f.snapshot_day
            and least(b.named_field_day, b.arrival_day) < f.counts_until_before
    left join {{ ref('stg_headquarters__staff') }} as s
        on f.snapshot_day = s.snapshot_day and b.enumerator_id = s.staff_id
    group by b.arrival_day, b.bundle_name
),

stranger as (
    select precedence from {{ ref('bundle_reasons') }}
    where reason = 'UNKNOWN_ENUMERATOR'
),

own_reason as (
    select
        b.*,
        least(coalesce(n.precedence, 99), case when s.is_enumerator = 1 then 99 else u.precedence end) as precedence
    from bundles as b
    cross join stranger as u
    left join named_reasons as n on b.arrival_day = n.arrival_day and b.bundle_name = n.bundle_name
    left join staffed as s on b.arrival_day = s.arrival_day and b.bundle_name = s.bundle_name
),

first_accepted as (
    select
        o.*,
        min(case when o.precedence = 99 then o.judged_at end) over (partition by o.bundle_sha256) as accepted_at
    from own_reason as o
)

select
    a.arrival_day,
    a.bundle_name,
    a.bundle_sha256,
    a.named_kab_code,
    a.named_field_day,
    coalesce(a.enumerator_id, a.named_enumerator_id) as enumerator_id,
    a.supervisor_id,
    a.form_version,
    a.uploaded_at_us,
    case
        when a.judged_at > a.accepted_at then 'duplicate'
        when r.reason is null then 'accepted'
        else 'rejected'
    end as outcome,
    case when a.judged_at > a.accepted_at then null else r.reason end as reason
from first_accepted as a
left join {{ ref('bundle_reasons') }} as r on a.precedence = r.precedence
