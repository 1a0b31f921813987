-- Sides of footprints, once for each band of latitude that they reach: a family's point is then compared with the sides
-- of its own band alone. A level side is crossed by nobody.
with sides as (
    select
        e.*,
        min(least(e.lon1, e.lon2)) over (partition by e.event_id, e.polygon_number) as min_longitude,
        max(greatest(e.lon1, e.lon2)) over (partition by e.event_id, e.polygon_number) as max_longitude,
        greatest({{ latitude_band('least(e.lat1, e.lat2)') }}, {{ first_band() }}) as lowest_band,
        least({{ latitude_band('greatest(e.lat1, e.lat2)') }}, {{ last_band() }}) as highest_band
    from {{ ref('stg_events__edges') }} as e
    where e.lat1 <> e.lat2
),

banded as (
    select
        s.*,
        {{ each_number('s.lowest_band', 's.highest_band') }} as band
    from sides as s
    where s.lowest_band <= s.highest_band
)

select
    event_id,
    polygon_number,
    ring_number,
    edge_number,
    cast(band as integer) as latitude_band,
    lon1,
    lat1,
    lon2,
    lat2,
    min_longitude,
    max_longitude
from banded
