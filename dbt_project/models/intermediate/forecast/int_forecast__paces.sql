-- How fast each enumerator with a load is, and how sure that is: own pace and peers', weighed by empirical Bayes
-- (docs/forecast.md). Peers are the enumerators of the kab/kota; of the province, where these are few.
with grouped as (
    select
        kab_code as peers_code,
        own_days,
        own_families,
        own_squares
    from {{ ref('int_forecast__own_days') }}
    where own_days > 0
    union all
    select
        'province' as peers_code,
        own_days,
        own_families,
        own_squares
    from {{ ref('int_forecast__own_days') }}
    where own_days > 0
),

-- Sums are whole or exact: the order of rows does not show in them.
moments as (
    select
        peers_code,
        sum(case when own_days >= 2 then 1 else 0 end) as judged,
        count(*) as units,
        cast(sum(own_days) as double) as worked_days,
        cast(sum(own_days * own_days) as double) as squared_days,
        cast(sum(own_families) as double) as families,
        cast(sum({{ exact('own_families * own_families / cast(own_days as double)') }}) as double) as between_squares,
        cast(sum({{ exact('own_squares - own_families * own_families / cast(own_days as double)') }}) as double)
            as within_squares,
        cast(sum({{ exact('(own_days - 1) * own_families / cast(own_days as double)') }}) as double) as within_scale
    from grouped
    group by peers_code
),

dispersed as (
    select
        *,
        families / worked_days as pace,
        {{ runs_of_days() }} * greatest(coalesce(within_squares / nullif(within_scale, 0), 1), {{ least_dispersion() }})
            as dispersion
    from moments
),

peers as (
    select
        peers_code,
        judged,
        worked_days,
        squared_days,
        pace,
        dispersion,
        greatest(coalesce(
            (between_squares - families * pace - (units - 1) * dispersion * pace)
            / nullif(worked_days - squared_days / worked_days, 0), 0
        ), 0) as between_variance
    from dispersed
),

-- `own_weight` is the share of the pooled pace that is one's own.
weighed as (
    select
        o.*,
        p.peers_code,
        p.pace as peer_pace,
        p.dispersion,
        p.between_variance,
        p.dispersion * p.pace / p.worked_days
        + p.between_variance * p.squared_days / (p.worked_days * p.worked_days) as peer_pace_variance,
        o.own_families / cast(nullif(o.own_days, 0) as double) as own_pace,
        case
            when p.peers_code is not null
                then coalesce(
                    o.own_days * p.between_variance
                    / nullif(o.own_days * p.between_variance + p.dispersion * p.pace, 0), 0
                )
        end as own_weight
    from {{ ref('int_forecast__own_days') }} as o
    left join peers as k on o.kab_code = k.peers_code
    left join peers as p
        on case when k.judged >= {{ fewest_peers() }} then k.peers_code else 'province' end = p.peers_code
),

pooled as (
    select
        *,
        own_weight * coalesce(own_pace, 0) + (1 - own_weight) * peer_pace as pace
    from weighed
)

select
    enumerator_id,
    kab_code,
    load_families,
    enumerated_families,
    greatest(load_families - enumerated_families, 0) as remaining_families,
    finished_day,
    own_days,
    case when peers_code = 'province' then 'province' when peers_code is null then 'none' else 'kab_kota' end
        as peer_level,
    {{ exact('own_pace') }} as own_pace,
    {{ exact('peer_pace') }} as peer_pace,
    {{ exact('own_weight') }} as own_weight,
    {{ exact('pace') }} as pace,
    {{ exact('dispersion * pace') }} as day_variance,
    {{ exact(
        'between_variance * (1 - own_weight) + (1 - own_weight) * (1 - own_weight) * peer_pace_variance + ('
        ~ own_drift() ~ ' * ' ~ own_drift() ~ ' + ' ~ common_variance('own_days') ~ ') * pace * pace'
    ) }} as pace_variance
from pooled
