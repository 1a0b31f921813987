-- What each enumerator has to do on the as-of day, and what of it is done. Whoever enumerated a family of the sub-SLS,
-- it is done: an enumerator who takes over half-finished work has half of it left.
with assigned as (
    select
        a.idsubsls,
        a.enumerator_id,
        min(a.valid_from) as valid_from
    from {{ ref('stg_headquarters__assignments') }} as a
    inner join {{ ref('int_frame__snapshots') }} as f on a.snapshot_day = f.snapshot_day and f.is_current
    where a.valid_from <= {{ as_of() }} and coalesce(a.valid_to, {{ as_of() }}) >= {{ as_of() }}
    group by a.idsubsls, a.enumerator_id
),

shared as (
    select
        idsubsls,
        count(*) as enumerators
    from assigned
    group by idsubsls
),

done as (
    select
        idsubsls,
        count(*) as families
    from {{ ref('int_documents__winners') }}
    where is_enumerated
    group by idsubsls
)

select
    a.enumerator_id,
    a.idsubsls,
    a.valid_from,
    s.expected_families,
    cast(coalesce(d.families, 0) as integer) as enumerated_families,
    cast(n.enumerators as integer) as enumerators
from assigned as a
inner join {{ ref('int_sub_sls__current') }} as s on a.idsubsls = s.idsubsls
inner join shared as n on a.idsubsls = n.idsubsls
left join done as d on a.idsubsls = d.idsubsls
