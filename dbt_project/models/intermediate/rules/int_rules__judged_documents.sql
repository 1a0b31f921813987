-- The document rows that rules judge: all that are not rejected, duplicate, conflict or tombstone, superseded ones
-- too. A document that a decided correction changed is judged twice, as sent and as corrected: so its violation is
-- seen to close.
{{ config(materialized='view') }}

with judged as (
    select * from {{ ref('int_documents__standing') }}
    where outcome in ('winner', 'superseded') and coalesce(reason, '') <> 'CONFLICT' and not is_tombstone
),

corrected as (
    select distinct
        document_arrival_day,
        document_bundle_name,
        document_row_number
    from {{ ref('int_corrections__replayed') }}
    where is_in_force
)

{% for relation, is_as_sent in [('int_documents__as_corrected', 'false'), ('stg_field__documents', 'true')] %}
select
    j.arrival_day,
    j.bundle_name,
    j.row_number,
    {{ is_as_sent }} as is_as_sent,
    j.submission_id,
    j.revision,
    j.document_id,
    j.revision_number,
    j.enumerator_id,
    j.field_day,
    j.idsubsls,
    j.outcome = 'winner' as is_winner,
    coalesce(d.r205 in (3, 4, 5), false) as is_unreached,
    d.r106,
    d.r108,
    d.r114,
    d.photo_sha256,
    d.r201,
    d.latitude,
    {%- for column in family_integers() %}
    {{ as_code('d.' ~ column, 'd.' ~ column ~ '_text') }} as {{ column }},
    {%- endfor %}
    d.longitude
from {{ ref(relation) }} as d
inner join judged as j
    on d.arrival_day = j.arrival_day and d.bundle_name = j.bundle_name and d.row_number = j.row_number
{% if is_as_sent == 'true' -%}
inner join corrected as c
    on
        d.arrival_day = c.document_arrival_day
        and d.bundle_name = c.document_bundle_name
        and d.row_number = c.document_row_number
{%- endif %}
{% if not loop.last %}union all{% endif %}
{% endfor %}
