-- Where each line of the corrections log points, and what stands there as sent. A line that points nowhere says why.
with standing as (
    select * from {{ ref('int_corrections__copies') }}
    where is_standing_copy
),

families as (
    select d.*
    from standing as s
    inner join {{ ref('stg_field__documents') }} as d
        on s.arrival_day = d.arrival_day and s.bundle_name = d.bundle_name and s.row_number = d.row_number
),

-- A line written twice counts once, the first, as everywhere.
persons as (
    select
        s.document_id,
        s.revision_number,
        p.*,
        row_number() over (partition by s.document_id, s.revision_number, p.r401 order by p.row_number) as copy_number
    from standing as s
    inner join {{ ref('stg_field__persons') }} as p
        on
            s.arrival_day = p.arrival_day
            and s.bundle_name = p.bundle_name
            and s.submission_id = p.submission_id
            and s.revision = p.revision
),

located as (
    select
        c.*,
        s.arrival_day as document_arrival_day,
        s.bundle_name as document_bundle_name,
        s.row_number as document_row_number,
        p.row_number as person_row_number,
        s.enumerator_id,
        s.supervisor_id,
        s.named_kab_code,
        case
            when c.person_line = 0 then {{ text_of_cell('c.variable', 'd', family_answer_columns()) }}
            else {{ text_of_cell('c.variable', 'p', person_answer_columns()) }}
        end as text_as_sent,
        case
            when c.person_line = 0 then {{ is_one_of('c.variable', family_answer_columns()) }}
            else {{ is_one_of('c.variable', person_answer_columns()) }}
        end as is_correctable
    from {{ ref('stg_headquarters__corrections') }} as c
    left join standing as s on c.document_id = s.document_id and c.revision_number = s.revision_number
    left join families as d on c.document_id = d.document_id and c.revision_number = d.revision_number
    left join persons as p
        on
            c.document_id = p.document_id
            and c.revision_number = p.revision_number
            and c.person_line = p.r401
            and p.copy_number = 1
)

select
    correction_day,
    row_number,
    submission_id,
    revision,
    document_id,
    revision_number,
    person_line,
    variable,
    old_value,
    new_value,
    decided_by,
    decided_at_us,
    decided_at,
    reason,
    document_arrival_day,
    document_bundle_name,
    document_row_number,
    person_row_number,
    enumerator_id,
    supervisor_id,
    named_kab_code,
    text_as_sent,
    case
        when not coalesce(is_correctable, false) then 'not_correctable'
        when document_row_number is null then 'unknown_document'
        when person_line is null or (person_line > 0 and person_row_number is null) then 'unknown_line'
    end as obstacle
from located
