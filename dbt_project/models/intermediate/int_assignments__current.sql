-- Who is assigned what on the as-of day, by the frame that counts then. The same line twice is one assignment.
select distinct
    a.idsubsls,
    a.enumerator_id
from {{ ref('stg_headquarters__assignments') }} as a
inner join {{ ref('int_frame__snapshots') }} as f on a.snapshot_day = f.snapshot_day and f.is_current
where a.valid_from <= {{ as_of() }} and coalesce(a.valid_to, {{ as_of() }}) >= {{ as_of() }}
