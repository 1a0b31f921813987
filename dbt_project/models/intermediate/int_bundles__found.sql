-- What intake found in a bundle for each reason, in one line a supervisor can act on: member, row, what to look at.
select
    arrival_day,
    bundle_name,
    reason,
    {{ joined_lines("concat_ws(' ', member, 'baris ' || cast(row_number as string), detail)") }} as found
from {{ ref('int_bundles__findings') }}
group by arrival_day, bundle_name, reason
