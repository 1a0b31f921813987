-- The days of the field window and after, up to the as-of day. Enumerators rest on Sundays and public holidays: a real
-- regency planned 25 working days in the 31-day window of 2022 (docs/domain.md §6.2).
with holidays as (
    select
        date as holiday,
        max(name_id) as holiday_name_id
    from {{ ref('holidays') }}
    group by date
),

days as (
    {{ days_between(field_start(), "greatest(" ~ field_end() ~ ", " ~ as_of() ~ ")", 'field_day') }}
)

select
    d.field_day,
    cast({{ days_from_to(field_start(), 'd.field_day') }} + 1 as integer) as window_day,
    cast(greatest({{ days_from_to('d.field_day', field_end()) }}, 0) as integer) as days_left,
    {{ weekday('d.field_day') }} <> 7 and h.holiday_name_id is null as is_working_day,
    h.holiday_name_id
from days as d
left join holidays as h on d.field_day = h.holiday
