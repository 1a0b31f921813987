-- Every person row of an accepted bundle, and what became of it. A view: at full scale it has millions of rows and is
-- read by row.
{{ config(materialized='view') }}

select
    p.arrival_day,
    p.bundle_name,
    p.bundle_sha256,
    p.row_number,
    p.submission_id,
    p.revision,
    p.person_line,
    p.enumerator_id,
    p.idsubsls,
    {{ kab_of('p.idsubsls', 'e.kab_code', 'b.named_kab_code') }} as kab_code,
    p.outcome,
    p.reason,
    {{ as_of() }} as as_of
from {{ ref('int_persons__fate') }} as p
inner join {{ ref('int_bundles__fate') }} as b on p.arrival_day = b.arrival_day and p.bundle_name = b.bundle_name
left join {{ ref('int_enumerators__current') }} as e on p.enumerator_id = e.enumerator_id
