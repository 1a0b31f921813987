-- The loaded persons of judged documents that were reached, with what their document says; as sent and as corrected
-- where a decided correction changed the document.
{{ config(materialized='view') }}

with corrected_bundles as (
    select distinct
        document_arrival_day as arrival_day,
        document_bundle_name as bundle_name
    from {{ ref('int_corrections__replayed') }}
    where is_in_force
),

-- Nearly everybody's answers can be read: they pass as they are.
persons as (
    {%- for readable in [true, false] %}
    select
        p.arrival_day,
        p.bundle_name,
        p.row_number,
        p.submission_id,
        p.revision,
        false as is_as_sent,
        p.r402,
        {%- for column in person_integers() %}
        {{ 'p.' ~ column if readable else code_unless_listed('p.' ~ column, 'p.unreadable_columns') }} as {{ column }},
        {%- endfor %}
        p.r403,
        p.nik_fault
    from {{ ref('int_persons__loaded') }} as p
    where p.unreadable_columns is {{ '' if readable else 'not ' }}null
    union all
    {%- endfor %}
    select
        p.arrival_day,
        p.bundle_name,
        p.row_number,
        p.submission_id,
        p.revision,
        true as is_as_sent,
        p.r402,
        {%- for column in person_integers() %}
        {{ as_code('p.' ~ column, 'p.' ~ column ~ '_text') }} as {{ column }},
        {%- endfor %}
        p.r403,
        {{ nik_fault('p.r403') }} as nik_fault
    from {{ ref('stg_field__persons') }} as p
    inner join corrected_bundles as c on p.arrival_day = c.arrival_day and p.bundle_name = c.bundle_name
    inner join {{ ref('int_persons__loaded') }} as l
        on p.arrival_day = l.arrival_day and p.bundle_name = l.bundle_name and p.row_number = l.row_number
)

select
    p.arrival_day,
    p.bundle_name,
    d.row_number,
    p.row_number as person_row_number,
    p.is_as_sent,
    p.submission_id,
    p.revision,
    d.document_id,
    d.revision_number,
    d.idsubsls,
    d.is_winner,
    d.is_unreached,
    d.field_day,
    d.r201,
    d.r114,
    p.r402,
    p.r403,
    {%- for column in person_integers() %}
    p.{{ column }},
    {%- endfor %}
    {{ nik_class('p.r403', 'p.nik_fault', 'd.r114') }} as nik_class
from persons as p
inner join {{ ref('int_rules__judged') }} as d
    on
        p.arrival_day = d.arrival_day
        and p.bundle_name = d.bundle_name
        and p.submission_id = d.submission_id
        and p.revision = d.revision
        and p.is_as_sent = d.is_as_sent
