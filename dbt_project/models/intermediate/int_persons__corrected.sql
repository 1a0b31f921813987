-- Person rows that a correction changed, typed anew by what types staging. A line sent again with the same content
-- takes the same corrections; one with other content takes none.
with in_force as (
    select
        document_id,
        revision_number,
        person_line,
        max(person_row_number) as standing_row_number,
        max(correction_day) as corrected_on,
        {{ corrected_texts(person_answer_columns()) }}
    from {{ ref('int_corrections__replayed') }}
    where is_in_force and person_line > 0
    group by document_id, revision_number, person_line
),

-- Persons join by what their bundle wrote, so a document that stands twice in one bundle counts once.
copies as (
    select
        arrival_day,
        bundle_name,
        submission_id,
        revision,
        document_id,
        revision_number,
        max(case when is_standing_copy then 1 else 0 end) as holds_standing_copy
    from {{ ref('int_corrections__copies') }}
    group by arrival_day, bundle_name, submission_id, revision, document_id, revision_number
),

persons as (
    select
        p.*,
        c.document_id,
        c.revision_number,
        c.holds_standing_copy
    from copies as c
    inner join {{ ref('stg_field__persons') }} as p
        on
            c.arrival_day = p.arrival_day
            and c.bundle_name = p.bundle_name
            and c.submission_id = p.submission_id
            and c.revision = p.revision
),

-- Made here for the few: read from staging, it would be made for every person first.
compared as (
    select
        p.*,
        {{ person_content('_text') }} as content_as_sent
    from persons as p
),

same as (
    select
        p.*,
        i.corrected_on,
        max(
            case when p.holds_standing_copy = 1 and p.row_number = i.standing_row_number then p.content_as_sent end
        ) over (
            partition by i.document_id, i.revision_number, i.person_line
        ) as standing_content
    from compared as p
    inner join in_force as i
        on p.document_id = i.document_id and p.revision_number = i.revision_number and p.r401 = i.person_line
),

rewritten as (
    select
        {%- for name in person_identity() %}
        p.{{ name }},
        {%- endfor %}
        p.content_as_sent as content,
        p.corrected_on,
        {{ rewritten_texts('p', 'i', person_answer_columns()) }}
    from same as p
    inner join in_force as i
        on p.document_id = i.document_id and p.revision_number = i.revision_number and p.r401 = i.person_line
    where p.content_as_sent = p.standing_content
)

select
    {%- for name in person_identity() %}
    {{ name }},
    {%- endfor %}
    {{ typed(person_answers()) }},
    content,
    corrected_on
from rewritten
