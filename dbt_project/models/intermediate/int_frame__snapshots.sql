-- From when until when each frame snapshot counts: a document is judged by the frame of its own day.
with days as (
    select distinct snapshot_day from {{ ref('stg_headquarters__sub_sls') }}
)

select
    snapshot_day,
    coalesce(lead(snapshot_day) over (order by snapshot_day), cast('9999-12-31' as date)) as counts_until_before,
    lead(snapshot_day) over (order by snapshot_day) is null as is_current
from days
