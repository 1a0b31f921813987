-- What is odd about a bundle without rejecting it: what intake saw in its files, and a kab/kota in its name that is not
-- the enumerator's own, which only the staff list knows.
with bundles as (
    select
        b.arrival_day,
        b.bundle_name,
        b.named_kab_code,
        b.enumerator_id,
        least(b.named_field_day, b.arrival_day) as staffed_on
    from {{ ref('stg_field__bundles') }} as b
    where b.named_kab_code is not null
),

other_kab as (
    select
        b.arrival_day,
        b.bundle_name
    from bundles as b
    inner join {{ ref('int_frame__snapshots') }} as f
        on b.staffed_on >= f.snapshot_day and b.staffed_on < f.counts_until_before
    inner join {{ ref('stg_headquarters__staff') }} as s
        on f.snapshot_day = s.snapshot_day and b.enumerator_id = s.staff_id and s.role = 'PPL'
    group by b.arrival_day, b.bundle_name, b.named_kab_code
    -- Headquarters' list may have an enumerator twice, in two kab/kota.
    having max(case when s.kab_code = b.named_kab_code then 1 else 0 end) = 0
),

found as (
    select
        f.arrival_day,
        f.bundle_name,
        f.reason as warning,
        coalesce(f.member, '') as member,
        min(f.row_number) as row_number,
        max(f.detail) as detail
    from {{ ref('stg_field__bundle_findings') }} as f
    inner join {{ ref('bundle_warnings') }} as w on f.reason = w.warning
    group by f.arrival_day, f.bundle_name, f.reason, coalesce(f.member, '')
),

warned as (
    select
        arrival_day,
        bundle_name,
        warning,
        member,
        row_number,
        detail
    from found
    union all
    select
        arrival_day,
        bundle_name,
        'OTHER_KAB' as warning,
        '' as member,
        cast(null as integer) as row_number,
        cast(null as {{ dbt.type_string() }}) as detail
    from other_kab
)

select
    w.arrival_day,
    w.bundle_name,
    w.warning,
    w.member,
    w.row_number,
    w.detail,
    b.outcome
from warned as w
inner join {{ ref('int_bundles__fate') }} as b on w.arrival_day = b.arrival_day and w.bundle_name = b.bundle_name
