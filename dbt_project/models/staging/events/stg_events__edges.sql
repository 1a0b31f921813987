-- Sides of the rings of a footprint; degrees, WGS 84.
with source as (
    select * from {{ source('raw', 'event_edges') }}
)

select
    event_id,
    polygon_number,
    ring_number,
    edge_number,
    lon1,
    lat1,
    lon2,
    lat2
from source
