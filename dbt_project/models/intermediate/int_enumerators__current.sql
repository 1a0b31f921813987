-- Enumerators of the frame that counts on the as-of day, with the families expected in what they are assigned that day,
-- and whether they were replaced: an assignment of theirs has ended.
with staff as (
    select
        s.snapshot_day,
        s.staff_id as enumerator_id,
        max(s.kab_code) as kab_code,
        max(s.supervisor_id) as supervisor_id
    from {{ ref('stg_headquarters__staff') }} as s
    inner join {{ ref('int_frame__snapshots') }} as f on s.snapshot_day = f.snapshot_day and f.is_current
    where s.role = 'PPL'
    group by s.snapshot_day, s.staff_id
),

loads as (
    select
        a.enumerator_id,
        sum(s.expected_families) as load_families
    from {{ ref('int_assignments__current') }} as a
    inner join {{ ref('int_sub_sls__current') }} as s on a.idsubsls = s.idsubsls
    group by a.enumerator_id
),

replaced as (
    select distinct a.enumerator_id
    from {{ ref('stg_headquarters__assignments') }} as a
    inner join {{ ref('int_frame__snapshots') }} as f on a.snapshot_day = f.snapshot_day and f.is_current
    where a.valid_to < {{ as_of() }}
)

select
    s.enumerator_id,
    s.kab_code,
    s.supervisor_id,
    cast(coalesce(l.load_families, 0) as integer) as load_families,
    r.enumerator_id is not null as is_replaced
from staff as s
left join loads as l on s.enumerator_id = l.enumerator_id
left join replaced as r on s.enumerator_id = r.enumerator_id
