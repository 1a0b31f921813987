-- Is the work shared out, every sub-SLS to exactly one enumerator, and how heavy is each one's share? What is assigned
-- and has left the frame shows too, so that nobody walks a sub-SLS that is no more.
with assigned as (
    select
        a.idsubsls,
        count(*) as assignments,
        {{ joined_lines('a.enumerator_id') }} as enumerator_ids,
        case when count(*) = 1 then max(a.enumerator_id) end as enumerator_id,
        sum(case when e.enumerator_id is not null then 1 else 0 end) as known_enumerators
    from {{ ref('int_assignments__current') }} as a
    left join {{ ref('int_enumerators__current') }} as e on a.enumerator_id = e.enumerator_id
    group by a.idsubsls
),

places as (
    select
        s.idsubsls,
        s.sls_name,
        s.expected_families,
        true as is_in_frame
    from {{ ref('int_sub_sls__current') }} as s
    union all
    select
        a.idsubsls,
        cast(null as string) as sls_name,
        0 as expected_families,
        false as is_in_frame
    from assigned as a
    left join {{ ref('int_sub_sls__current') }} as s on a.idsubsls = s.idsubsls
    where s.idsubsls is null
),

current_frame as (
    select max(snapshot_day) as snapshot_day from {{ ref('int_frame__snapshots') }}
    where is_current
)

select
    p.idsubsls,
    p.sls_name,
    substr(p.idsubsls, 1, 10) as desa_code,
    substr(p.idsubsls, 1, 4) as kab_code,
    cast(p.expected_families as integer) as expected_families,
    cast(coalesce(a.assignments, 0) as integer) as assignments,
    cast(coalesce(a.known_enumerators, 0) as integer) as known_enumerators,
    coalesce(a.assignments, 0) = 1 as is_assigned_once,
    a.enumerator_id,
    a.enumerator_ids,
    e.supervisor_id,
    case
        when not p.is_in_frame then 'not_in_frame'
        when a.assignments is null then 'unassigned'
        when a.assignments > 1 then 'doubly_assigned'
        when e.enumerator_id is null then 'unknown_enumerator'
        else 'assigned'
    end as status,
    e.load_families as load_share_numerator,
    {{ load_norm() }} as load_share_denominator,
    {{ share('e.load_families', load_norm()) }} as load_share,
    cast(ceil(p.expected_families / cast({{ load_norm() }} as double)) as integer) as enumerators_needed,
    f.snapshot_day as frame_snapshot_day,
    {{ as_of() }} as as_of
from places as p
left join assigned as a on p.idsubsls = a.idsubsls
left join {{ ref('int_enumerators__current') }} as e on a.enumerator_id = e.enumerator_id
cross join current_frame as f
