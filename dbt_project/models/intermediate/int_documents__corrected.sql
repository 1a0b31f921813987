-- Family rows that a correction changed, typed anew by what types staging. A copy sent again with the same content is
-- the same document and takes the same corrections; one with other content (a conflict) takes none.
with in_force as (
    select
        document_id,
        revision_number,
        max(correction_day) as corrected_on,
        {{ corrected_texts(family_answer_columns()) }}
    from {{ ref('int_corrections__replayed') }}
    where is_in_force and person_line = 0
    group by document_id, revision_number
),

copies as (
    select
        d.*,
        max(case when c.is_standing_copy then d.content end) over (
            partition by c.document_id, c.revision_number
        ) as standing_content
    from {{ ref('int_corrections__copies') }} as c
    inner join {{ ref('stg_field__documents') }} as d
        on c.arrival_day = d.arrival_day and c.bundle_name = d.bundle_name and c.row_number = d.row_number
),

rewritten as (
    select
        {%- for name in document_identity() %}
        d.{{ name }},
        {%- endfor %}
        d.content,
        i.corrected_on,
        {{ rewritten_texts('d', 'i', family_answer_columns()) }}
    from copies as d
    inner join in_force as i on d.document_id = i.document_id and d.revision_number = i.revision_number
    where d.content = d.standing_content
)

select
    {%- for name in document_identity() %}
    {{ name }},
    {%- endfor %}
    {{ typed(family_answers()) }},
    content,
    corrected_on
from rewritten
