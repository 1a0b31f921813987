-- What became of every decided correction, for the office that wrote it and the supervisor it concerns.
with placed as (
    select
        r.*,
        f.idsubsls,
        f.outcome
    from {{ ref('int_corrections__replayed') }} as r
    left join {{ ref('int_documents__fate') }} as f
        on
            r.document_arrival_day = f.arrival_day
            and r.document_bundle_name = f.bundle_name
            and r.document_row_number = f.row_number
)

select
    p.correction_day,
    p.row_number,
    p.submission_id,
    p.revision,
    p.person_line,
    p.variable,
    p.old_value,
    p.new_value,
    p.current_value,
    p.status,
    concat_ws('. ', t.text_id, t.treatment_id) as status_text_id,
    concat_ws('. ', t.text_en, t.treatment_en) as status_text_en,
    p.status = 'applied' and coalesce(p.outcome = 'superseded', false) as overtaken,
    p.decided_by,
    p.decided_at,
    p.reason,
    p.enumerator_id,
    p.supervisor_id,
    case
        when p.idsubsls <> 'UNKNOWN' then substr(p.idsubsls, 1, 4)
        else coalesce(e.kab_code, p.named_kab_code, 'UNKNOWN')
    end as kab_code,
    p.idsubsls,
    {{ as_of() }} as as_of
from placed as p
left join {{ ref('correction_statuses') }} as t on p.status = t.status
left join {{ ref('int_enumerators__current') }} as e on p.enumerator_id = e.enumerator_id
