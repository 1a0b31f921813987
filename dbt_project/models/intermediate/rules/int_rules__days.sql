-- The days on which flags can move: days on which something arrived, and days on which a rule begins or has ended.
with first_day as (
    select min(arrival_day) as arrival_day from {{ ref('int_bundles__fate') }}
),

days as (
    select arrival_day from {{ ref('int_bundles__fate') }}
    union
    select valid_from as arrival_day from {{ ref('int_rules__catalogue') }}
    union
    select {{ day_after('valid_to') }} as arrival_day from {{ ref('int_rules__catalogue') }}
)

select d.arrival_day
from days as d
inner join first_day as f on d.arrival_day >= f.arrival_day
where d.arrival_day <= {{ as_of() }}
