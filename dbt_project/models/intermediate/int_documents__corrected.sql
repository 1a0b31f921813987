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
        c.is_standing_copy
    from {{ ref('int_corrections__copies') }} as c
    inner join {{ ref('stg_field__documents') }} as d
        on c.arrival_day = d.arrival_day and c.bundle_name = d.bundle_name and c.row_number = d.row_number
),

-- Made here for the few: read from staging, it would be made for every document first.
compared as (
    select
        c.*,
        {{ document_content('_text') }} as content_as_sent
    from copies as c
),

same as (
    select
        c.*,
        max(case when c.is_standing_copy then c.content_as_sent end) over (
            partition by c.document_id, c.revision_number
        ) as standing_content
    from compared as c
),

rewritten as (
    select
        {%- for name in document_identity() %}
        d.{{ name }},
        {%- endfor %}
        d.content_as_sent as content,
        i.corrected_on,
        {{ rewritten_texts('d', 'i', family_answer_columns()) }}
    from same as d
    inner join in_force as i on d.document_id = i.document_id and d.revision_number = i.revision_number
    where d.content_as_sent = d.standing_content
)

select
    {%- for name in document_identity() %}
    {{ name }},
    {%- endfor %}
    {{ typed(family_answers()) }},
    content,
    corrected_on
from rewritten
