-- Winning documents with what links them to the prelist: the KK number, where it is one, and the head's name as
-- written.
select
    w.arrival_day,
    w.bundle_name,
    w.submission_id,
    w.revision,
    w.document_id,
    w.idsubsls,
    w.r109,
    w.r110,
    w.r205,
    coalesce(w.is_enumerated, false) as is_enumerated,
    w.is_held,
    w.enumerator_id,
    w.field_day,
    d.r108_text as head_name,
    case when {{ is_sixteen_digits('d.r114') }} and not {{ is_placeholder('d.r114') }} then d.r114 end as no_kk
from {{ ref('int_documents__winners') }} as w
inner join {{ ref('int_documents__as_corrected') }} as d
    on w.arrival_day = d.arrival_day and w.bundle_name = d.bundle_name and w.row_number = d.row_number
