-- What stands behind the accounting: every document received, and what became of it.
select
    f.arrival_day,
    f.bundle_name,
    f.bundle_sha256,
    f.row_number,
    f.submission_id,
    f.revision,
    f.enumerator_id,
    f.idsubsls,
    {{ kab_of('f.idsubsls', 'e.kab_code', 'b.named_kab_code') }} as kab_code,
    f.field_day,
    f.outcome,
    f.reason,
    {{ as_of() }} as as_of
from {{ ref('int_documents__fate') }} as f
inner join {{ ref('int_bundles__fate') }} as b on f.arrival_day = b.arrival_day and f.bundle_name = b.bundle_name
left join {{ ref('int_enumerators__current') }} as e on f.enumerator_id = e.enumerator_id
