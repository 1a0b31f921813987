-- What the newest register extract says of its persons. A view: names are read for the few who are followed up.
{{ config(materialized='view') }}

select
    row_number as register_row,
    name as person_name,
    sex,
    birth_date,
    kemendagri_desa_code
from {{ ref('stg_headquarters__population') }}
where snapshot_day = (select max(n.snapshot_day) from {{ ref('stg_headquarters__population') }} as n)
