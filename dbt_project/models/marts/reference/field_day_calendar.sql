-- The days of the field work, for readers of the daily marts.
select
    field_day,
    window_day,
    days_left,
    is_working_day,
    holiday_name_id,
    {{ as_of() }} as as_of
from {{ ref('int_field_days') }}
