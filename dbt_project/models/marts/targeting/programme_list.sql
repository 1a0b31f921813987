-- What the list of recipients holds, programme by programme, and which of its lines cannot be used. What is no
-- programme is counted as UNKNOWN: anything may stand there.
select
    case when r.fault = 'unknown_programme' then 'UNKNOWN' else r.programme end as programme,
    cast(count(*) as integer) as listed_lines,
    cast(count(case when r.fault is null then 1 end) as integer) as usable_lines,
    {%- for fault in ['unknown_programme', 'no_number', 'unusable_number'] %}
    cast(count(case when r.fault = '{{ fault }}' then 1 end) as integer) as {{ fault }}_lines,
    {%- endfor %}
    r.snapshot_day as recipients_day,
    {{ as_of() }} as as_of
from {{ ref('int_programmes__recipients') }} as r
group by case when r.fault = 'unknown_programme' then 'UNKNOWN' else r.programme end, r.snapshot_day
