-- What each enumerator with a load did on the working days by which their pace is judged. Silence is data: a working
-- day without a family counts 0. After the day on which the load was done there is nothing to be slow at.
with loads as (
    select
        e.enumerator_id,
        e.kab_code,
        e.load_families,
        greatest(min(a.valid_from), {{ field_start() }}) as assigned_from,
        cast(sum(a.enumerated_families) as integer) as enumerated_families
    from {{ ref('int_enumerators__current') }} as e
    inner join {{ ref('int_forecast__assigned') }} as a on e.enumerator_id = a.enumerator_id
    where e.load_families > 0
    group by e.enumerator_id, e.kab_code, e.load_families
),

progress as (
    select
        a.enumerator_id,
        w.progress_day,
        sum(count(*)) over (partition by a.enumerator_id order by w.progress_day) as to_date
    from {{ ref('int_documents__winners') }} as w
    inner join {{ ref('int_forecast__assigned') }} as a on w.idsubsls = a.idsubsls
    where w.is_enumerated
    group by a.enumerator_id, w.progress_day
),

finished as (
    select
        l.enumerator_id,
        min(p.progress_day) as finished_day
    from loads as l
    inner join progress as p on l.enumerator_id = p.enumerator_id
    where p.to_date >= l.load_families
    group by l.enumerator_id
),

visits as (
    select
        w.enumerator_id,
        greatest(d.working_days, 1) as working_day,
        count(*) as families
    from {{ ref('int_documents__winners') }} as w
    inner join {{ ref('int_forecast__days') }} as d on w.progress_day = d.day
    where w.is_enumerated
    group by w.enumerator_id, greatest(d.working_days, 1)
),

first_visits as (
    select
        enumerator_id,
        min(working_day) as working_day
    from visits
    group by enumerator_id
),

today as (
    select coalesce(max(working_days), 0) as working_day from {{ ref('int_forecast__days') }}
    where is_past
),

-- Both ends in; none where the last working day lies before the first.
spans as (
    select
        l.enumerator_id,
        l.kab_code,
        l.load_families,
        l.enumerated_families,
        f.finished_day,
        least(t.working_day, greatest(coalesce(done.working_days, t.working_day), 1)) as last_working_day,
        least(
            case when assigned.is_working_day then assigned.working_days else assigned.working_days + 1 end,
            coalesce(v.working_day, assigned.working_days + 1)
        ) as first_working_day
    from loads as l
    cross join today as t
    inner join {{ ref('int_forecast__days') }} as assigned on l.assigned_from = assigned.day
    left join finished as f on l.enumerator_id = f.enumerator_id
    left join {{ ref('int_forecast__days') }} as done on f.finished_day = done.day
    left join first_visits as v on l.enumerator_id = v.enumerator_id
),

-- The days of the start, in teams and with much to learn, leave the pace once two others are there.
judged as (
    select
        *,
        case
            when last_working_day - first_working_day + 1 >= {{ start_up_days() + 2 }}
                then greatest(first_working_day + {{ start_up_days() }}, last_working_day - {{ pace_days() - 1 }})
            else first_working_day
        end as pace_from
    from spans
)

select
    j.enumerator_id,
    j.kab_code,
    j.load_families,
    j.enumerated_families,
    j.finished_day,
    cast(greatest(j.last_working_day - j.pace_from + 1, 0) as integer) as own_days,
    cast(coalesce(sum(v.families), 0) as integer) as own_families,
    cast(coalesce(sum(v.families * v.families), 0) as integer) as own_squares
from judged as j
left join visits as v
    on j.enumerator_id = v.enumerator_id and v.working_day between j.pace_from and j.last_working_day
group by
    j.enumerator_id, j.kab_code, j.load_families, j.enumerated_families, j.finished_day, j.last_working_day, j.pace_from
