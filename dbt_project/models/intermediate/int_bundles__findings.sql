-- What intake found wrong with bundles, as far as it decided their fate.
{{ config(materialized='view') }}

select distinct
    f.arrival_day,
    f.bundle_name,
    f.reason,
    f.member,
    f.row_number,
    f.detail
from {{ ref('stg_field__bundle_findings') }} as f
inner join {{ ref('bundle_reasons') }} as r on f.reason = r.reason
