-- Areas that a shock names, each once.
select
    event_id,
    area_code,
    min(area_number) as area_number
from {{ ref('stg_events__areas') }}
group by event_id, area_code
