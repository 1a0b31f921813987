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

-- Lines are told apart by a number first and by themselves only where two share it: of millions, hardly any do.
maybe_repeated as (
    select {{ line_hash() }} as line_hash
    from {{ ref('int_persons__as_corrected') }}
    group by {{ line_hash() }}
    having count(*) > 1
),

lined_up as (
    select
        p.arrival_day,
        p.bundle_name,
        p.row_number,
        row_number() over (
            partition by p.arrival_day, p.bundle_name, p.submission_id, p.revision, coalesce(p.r401, -p.row_number)
            order by p.row_number
        ) as copy_number
    from {{ ref('int_persons__as_corrected') }} as p
    inner join maybe_repeated as m on {{ line_hash('p.') }} = m.line_hash
),

repeated as (
    select
        arrival_day,
        bundle_name,
        row_number
    from lined_up
    where copy_number > 1
)

select
    p.arrival_day,
    p.bundle_name,
    p.row_number,
    p.submission_id,
    p.revision,
    p.r402,
    p.r403,
    {{ nik_fault('p.r403') }} as nik_fault,
    {%- for column in person_integers() %}
    p.{{ column }},
    {%- endfor %}
    {{ unreadable_columns(person_integers()) }} as unreadable_columns
from {{ ref('int_persons__as_corrected') }} as p
inner join documents as d
    on
        p.arrival_day = d.arrival_day
        and p.bundle_name = d.bundle_name
        and p.submission_id = d.submission_id
        and p.revision = d.revision
left join repeated as r
    on p.arrival_day = r.arrival_day and p.bundle_name = r.bundle_name and p.row_number = r.row_number
where r.row_number is null
