-- The frame that counts on the as-of day: expected families and who is assigned. A sub-SLS listed twice in a snapshot
-- counts once, with the larger expectation, so that a doubled line never lowers a denominator.
with current_frame as (
    select s.*
    from {{ ref('stg_headquarters__sub_sls') }} as s
    inner join {{ ref('int_frame__snapshots') }} as f
        on s.snapshot_day = f.snapshot_day and f.is_current
)

select
    snapshot_day,
    idsubsls,
    max(sls_name) as sls_name,
    max(urban_rural) as urban_rural,
    max(expected_families) as expected_families
from current_frame
group by snapshot_day, idsubsls
