-- Persons that join a family row of their bundle, each line once: a tablet that crashes while saving writes a line
-- twice, and the first stands. Persons of a rejected document are rejected with it.
with documents as (
    select distinct
        arrival_day,
        bundle_name,
        submission_id,
        revision
    from {{ ref('int_documents__received') }}
    where rejection is null
),

joined_to_family as (
    select p.*
    from {{ ref('int_persons__as_corrected') }} as p
    inner join documents as d
        on
            p.arrival_day = d.arrival_day
            and p.bundle_name = d.bundle_name
            and p.submission_id = d.submission_id
            and p.revision = d.revision
),

lined_up as (
    select
        j.*,
        row_number() over (
            partition by j.arrival_day, j.bundle_name, j.submission_id, j.revision, coalesce(j.r401, -j.row_number)
            order by j.row_number
        ) as copy_number
    from joined_to_family as j
)

select
    arrival_day,
    bundle_name,
    row_number,
    submission_id,
    revision,
    r402,
    r403,
    {{ nik_fault('r403') }} as nik_fault,
    {%- for column in person_integers() %}
    {{ column }},
    {%- endfor %}
    {{ unreadable_columns(person_integers()) }} as unreadable_columns,
    content
from lined_up
where copy_number = 1
