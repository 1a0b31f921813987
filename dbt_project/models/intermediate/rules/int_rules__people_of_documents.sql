-- What the persons of a judged document add up to, for the rules that judge the document by them. Persons of unreached
-- documents are counted too: they should not be there.
select
    arrival_day,
    bundle_name,
    row_number,
    is_as_sent,
    count(*) as persons,
    count(case when {{ is_resident('r404') }} then 1 end) as residents,
    count(case when {{ is_resident('r404') }} and r409 = 1 then 1 end) as heads,
    count(case when {{ is_resident('r404') }} and r409 = 2 then 1 end) as spouses,
    count(case when {{ is_resident('r404') }} and r409 = 1 and r415 between 19 and 22 then 1 end) as heads_with_degree,
    count(case when {{ is_resident('r404') }} and r418 = 5 then 1 end) as civil_servants,
    count(
        case
            when
                {{ is_resident('r404') }} and (
                    r410 = 1 or r407 between 0 and 6 or r407 >= 60 or (r412 = 2 and r407 between 6 and 21)
                    or {{ difficulties() }} > 0
                )
                then 1
        end
    ) as pkh_components,
    max(case when {{ is_resident('r404') }} and r409 = 1 and r407 >= 0 then r407 end) as oldest_head_age
from {{ ref('int_rules__judged_persons') }}
group by arrival_day, bundle_name, row_number, is_as_sent
