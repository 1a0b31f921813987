-- What intake found wrong with bundles, as far as it decides their fate.
{{ config(materialized='view') }}

select
    f.arrival_day,
    f.bundle_name,
    f.reason,
    f.member,
    f.row_number,
    f.detail,
    row_number() over (
        partition by f.arrival_day, f.bundle_name, f.reason order by f.member, f.row_number, f.detail
    ) as finding_number
from {{ ref('stg_field__bundle_findings') }} as f
inner join {{ ref('bundle_reasons') }} as r on f.reason = r.reason
