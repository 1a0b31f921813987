-- Every bundle received and what became of it, with where to look.
select
    b.arrival_day,
    b.bundle_name,
    b.bundle_sha256,
    b.enumerator_id,
    coalesce(e.supervisor_id, b.supervisor_id) as supervisor_id,
    coalesce(e.kab_code, b.named_kab_code, 'UNKNOWN') as kab_code,
    b.named_field_day,
    b.outcome,
    b.reason,
    w.found,
    r.problem_id,
    r.treatment_id,
    r.problem_en,
    r.treatment_en,
    {{ as_of() }} as as_of
from {{ ref('int_bundles__fate') }} as b
left join {{ ref('int_enumerators__current') }} as e on b.enumerator_id = e.enumerator_id
left join {{ ref('int_bundles__found') }} as w
    on b.arrival_day = w.arrival_day and b.bundle_name = w.bundle_name and b.reason = w.reason
left join {{ ref('return_reasons') }} as r on r.item_kind = 'rejected_bundle' and b.reason = r.reason
