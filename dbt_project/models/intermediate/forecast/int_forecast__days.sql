-- The calendar of the forecast: from the first field day to a year past the as-of day. Families enumerated on a Sunday
-- or a holiday belong to the working day before, so that a pace per working day loses none of them.
with holidays as (
    select distinct date as holiday from {{ ref('holidays') }}
),

days as (
    {{ days_between(field_start(), days_later(as_of(), forecast_horizon_days()), 'day') }}
),

marked as (
    select
        d.day,
        {{ weekday('d.day') }} <> 7 and h.holiday is null as is_working_day
    from days as d
    left join holidays as h on d.day = h.holiday
)

select
    day,
    is_working_day,
    cast(sum(case when is_working_day then 1 else 0 end) over (order by day) as integer) as working_days,
    day <= {{ as_of() }} as is_past
from marked
