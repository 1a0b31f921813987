-- What the rules of persons read: codes, and the derived words of docs/rules.md. One row per judged person row.
{{ config(materialized='view') }}

with heads as (
    select
        arrival_day,
        bundle_name,
        row_number,
        is_as_sent,
        oldest_head_age as head_age
    from {{ ref('int_rules__people_of_documents') }}
    where heads = 1
),

persons as (
    select
        p.*,
        coalesce({{ is_resident('p.r404') }}, false) as is_resident,
        coalesce(p.r404 in (2, 3, 4, 6), false) as is_gone,
        case when p.r407 >= 0 then p.r407 end as age,
        cast(extract(year from p.field_day) as integer) as field_year,
        cast(extract(month from p.field_day) * 100 + extract(day from p.field_day) as integer) as field_month_day
    from {{ ref('int_rules__judged_persons') }} as p
    where not p.is_unreached
),

born as (
    select
        p.*,
        case when p.r406y between 1900 and p.field_year then p.field_year - p.r406y end as years_since_birth_year,
        p.r406d between 1 and 31 and p.r406m between 1 and 12 as is_birthday_known,
        -- bigint: any number of nine digits may stand there
        cast(p.r406m as bigint) * 100 + p.r406d > p.field_month_day as is_birthday_to_come
    from persons as p
)

select
    p.*,
    case when p.r401 >= 0 then p.r401 else -p.person_row_number end as person_line,
    {{ count_filled(columns_of_residents()) }} as filled_of_residents,
    {{ count_filled(columns_of_five()) }} as filled_of_five,
    {{ count_outside(person_code_lists()) }} as outside_codes,
    {{ difficulties() }} as difficulties,
    h.head_age,
    p.years_since_birth_year
    - case when coalesce(p.is_birthday_known, false) and p.is_birthday_to_come then 1 else 0 end as oldest_age,
    p.years_since_birth_year
    - case when coalesce(p.is_birthday_known, false) and not p.is_birthday_to_come then 0 else 1 end as youngest_age,
    {{ least_age_of_level('p.r413') }} as least_age_of_level,
    {{ school_step('p.r413') }} as level_step,
    {{ school_step('p.r415') }} as certificate_step,
    case when p.nik_class = 'valid' then {{ nik_part('p.r403', 1, 2) }} end as nik_province,
    case when p.nik_class = 'valid' then {{ nik_birth_day('p.r403') }} end as nik_birth_day,
    case when p.nik_class = 'valid' then {{ nik_part('p.r403', 9, 2) }} end as nik_birth_month,
    case when p.nik_class = 'valid' then {{ nik_part('p.r403', 11, 2) }} end as nik_birth_year,
    case when p.nik_class = 'valid' then case when {{ nik_part('p.r403', 7, 2) }} > 40 then 2 else 1 end end as nik_sex,
    {{ other_winners('n', 'p') }} as other_documents_with_nik
from born as p
left join heads as h
    on
        p.arrival_day = h.arrival_day
        and p.bundle_name = h.bundle_name
        and p.row_number = h.row_number
        and p.is_as_sent = h.is_as_sent
left join {{ ref('int_niks__shared') }} as n on p.r403 = n.nik
