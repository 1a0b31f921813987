-- The document rows that rules judge with their answers, codes as rules read them.
{{ config(materialized='view') }}

{% for relation, is_as_sent in [('int_documents__as_corrected', 'false'), ('stg_field__documents', 'true')] %}
select
    j.arrival_day,
    j.bundle_name,
    j.row_number,
    j.is_as_sent,
    j.submission_id,
    j.revision,
    j.document_id,
    j.revision_number,
    j.enumerator_id,
    j.field_day,
    j.idsubsls,
    j.is_winner,
    j.is_unreached,
    j.r114,
    j.photo_sha256,
    j.r201,
    d.r106,
    d.r108,
    d.latitude,
    {%- for column in family_integers() %}
    {{ as_code('d.' ~ column, 'd.' ~ column ~ '_text') }} as {{ column }},
    {%- endfor %}
    d.longitude
from {{ ref('int_rules__judged') }} as j
inner join {{ ref(relation) }} as d
    on j.arrival_day = d.arrival_day and j.bundle_name = d.bundle_name and j.row_number = d.row_number
where j.is_as_sent = {{ is_as_sent }}
{% if not loop.last %}union all{% endif %}
{% endfor %}
