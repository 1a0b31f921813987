-- The loaded persons of judged documents that were reached, with what their document says; as sent and as corrected
-- where a decided correction changed the document.
{{ config(materialized='view') }}

with persons as (
    select
        arrival_day,
        bundle_name,
        row_number,
        submission_id,
        revision,
        false as is_as_sent,
        r402,
        r403,
        nik_fault
        {%- for column in person_integers() %},
        {{ column }}
        {%- endfor %},
        unreadable_columns
    from {{ ref('int_persons__loaded') }}
    union all
    select
        p.arrival_day,
        p.bundle_name,
        p.row_number,
        p.submission_id,
        p.revision,
        true as is_as_sent,
        p.r402,
        p.r403,
        {{ nik_fault('p.r403') }} as nik_fault
        {%- for column in person_integers() %},
        p.{{ column }}
        {%- endfor %},
        {{ unreadable_columns(person_integers()) }} as unreadable_columns
    from {{ ref('stg_field__persons') }} as p
    where
        exists (
            select 1 from {{ ref('int_corrections__replayed') }} as c
            where c.is_in_force and p.arrival_day = c.document_arrival_day and p.bundle_name = c.document_bundle_name
        )
        and exists (
            select 1 from {{ ref('int_persons__loaded') }} as l
            where p.arrival_day = l.arrival_day and p.bundle_name = l.bundle_name and p.row_number = l.row_number
        )
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
    case
        when p.unreadable_columns is null or p.{{ column }} is not null then p.{{ column }}
        when p.unreadable_columns like '%,{{ column }},%' then -1
    end as {{ column }},
    {%- endfor %}
    {{ nik_class('p.r403', 'p.nik_fault', 'd.r114') }} as nik_class
from persons as p
inner join {{ ref('int_rules__judged_documents') }} as d
    on
        p.arrival_day = d.arrival_day
        and p.bundle_name = d.bundle_name
        and p.submission_id = d.submission_id
        and p.revision = d.revision
        and p.is_as_sent = d.is_as_sent
