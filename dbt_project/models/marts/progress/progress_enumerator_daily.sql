-- Who is working, how fast, and who needs a visit from the supervisor: every enumerator with a load, every field day;
-- one who was replaced keeps the rows of what he did.
with received as (
    select
        enumerator_id,
        progress_day,
        count(*) as documents,
        median({{ days_from_to('field_day', 'arrival_day') }}) as median_upload_lag_days
    from {{ ref('int_documents__fate') }}
    where coalesce(reason, '') <> 'CONFLICT'
    group by enumerator_id, progress_day
),

enumerated as (
    select
        enumerator_id,
        progress_day,
        count(*) as families,
        sum(resident_persons) as persons,
        median(case when ended_at_us > started_at_us then (ended_at_us - started_at_us) / 60e6 end)
            as median_minutes
    from {{ ref('int_documents__winners') }}
    where is_enumerated
    group by enumerator_id, progress_day
),

daily as (
    select
        e.enumerator_id,
        e.supervisor_id,
        e.kab_code,
        c.field_day,
        cast(coalesce(r.documents, 0) as integer) as documents,
        cast(coalesce(v.families, 0) as integer) as families,
        cast(coalesce(v.persons, 0) as integer) as persons,
        cast({{ rounded('v.median_minutes', 2) }} as decimal(10, 2)) as median_minutes,
        cast(r.median_upload_lag_days as decimal(10, 2)) as median_upload_lag_days,
        cast(sum(coalesce(v.families, 0)) over to_date as integer) as families_cumulative,
        e.load_families
    from {{ ref('int_enumerators__current') }} as e
    cross join {{ ref('int_field_days') }} as c
    left join received as r on e.enumerator_id = r.enumerator_id and c.field_day = r.progress_day
    left join enumerated as v on e.enumerator_id = v.enumerator_id and c.field_day = v.progress_day
    where (e.load_families > 0 or e.is_replaced) and c.field_day <= {{ as_of() }}
    window to_date as (partition by e.enumerator_id order by c.field_day)
)

select
    d.enumerator_id,
    d.supervisor_id,
    d.kab_code,
    d.field_day,
    d.documents,
    d.families,
    d.persons,
    d.median_minutes,
    d.median_upload_lag_days,
    d.families_cumulative,
    d.load_families,
    {{ share('d.families_cumulative', 'd.load_families') }} as done_share,
    s.status,
    {{ as_of() }} as as_of
from daily as d
inner join {{ ref('int_enumerators__status') }} as s on d.enumerator_id = s.enumerator_id
