-- What is wrong with a shock's folder, or with what it names: nothing that was sent is lost unsaid.
with enumerated as (
    select distinct idsubsls from {{ ref('family_register') }}
),

sub_sls as (
    select
        s.area_code as idsubsls,
        case when f.idsubsls is null then 0 else 1 end as has_families
    from {{ ref('area') }} as s
    left join enumerated as f on s.area_code = f.idsubsls
    where s.area_level = 'sub_sls'
),

lengths as (
    {{ code_lengths() }}
),

known_areas as (
    select
        substr(s.idsubsls, 1, l.digits) as area_code,
        max(s.has_families) as has_families
    from sub_sls as s
    cross join lengths as l
    group by substr(s.idsubsls, 1, l.digits)
),

areas as (
    select
        a.event_id,
        a.area_number,
        case when k.area_code is null then 'UNKNOWN_AREA' else 'AREA_WITHOUT_FAMILIES' end as reason
    from {{ ref('int_events__areas') }} as a
    left join known_areas as k on a.area_code = k.area_code
    where coalesce(k.has_families, 0) = 0
),

in_polygon as (
    select distinct event_id from {{ ref('shock_affected_family') }}
    where footprint_match = 'polygon'
),

findings as (
    select
        event_id,
        reason,
        member,
        occurrences,
        first_row_number,
        detail
    from {{ ref('int_events__findings') }}
    union all
    select
        event_id,
        reason,
        'event.json' as member,
        count(*) as occurrences,
        min(area_number) as first_row_number,
        'areas' as detail
    from areas
    group by event_id, reason
    union all
    select
        e.event_id,
        'FOOTPRINT_WITHOUT_FAMILIES' as reason,
        'event.json' as member,
        1 as occurrences,
        cast(null as integer) as first_row_number,
        'footprint' as detail
    from {{ ref('int_events__current') }} as e
    left join in_polygon as p on e.event_id = p.event_id
    where e.has_footprint and p.event_id is null
)

select
    event_id,
    reason,
    member,
    '35' as kab_code,
    {{ said_of_reason('reason', 1) }} as outcome,
    cast(occurrences as integer) as occurrences,
    cast(first_row_number as integer) as first_row_number,
    detail,
    {{ said_of_reason('reason', 2) }} as problem_id,
    {{ said_of_reason('reason', 3) }} as problem_en,
    {{ as_of() }} as as_of
from findings
