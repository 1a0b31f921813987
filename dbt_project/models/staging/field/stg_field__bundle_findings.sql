-- Every structural finding of intake, rejecting or not.
with source as (
    select * from {{ source('raw', 'bundle_findings') }}
    where arrival_day <= {{ as_of() }}
)

select
    arrival_day,
    bundle_name,
    bundle_sha256,
    reason,
    member,
    row_number,
    detail
from source
