-- The document rows that rules judge: all that are not rejected, duplicate, conflict or tombstone, superseded ones
-- too. A document that a decided correction changed is judged twice, as sent and as corrected: so its violation is
-- seen to close. Only the answers that say which document it is: reading all of them is dear.
{{ config(materialized='view') }}

with corrected as (
    select distinct
        document_arrival_day as arrival_day,
        document_bundle_name as bundle_name,
        document_row_number as row_number
    from {{ ref('int_corrections__replayed') }}
    where is_in_force
)

{% for is_as_sent, d in [('false', 's'), ('true', 'd')] %}
select
    s.arrival_day,
    s.bundle_name,
    s.row_number,
    {{ is_as_sent }} as is_as_sent,
    s.submission_id,
    s.revision,
    s.document_id,
    s.revision_number,
    s.enumerator_id,
    s.field_day,
    s.idsubsls,
    s.outcome = 'winner' as is_winner,
    coalesce({{ d }}.r205 in (3, 4, 5), false) as is_unreached,
    {{ d }}.r114,
    {{ d }}.r115,
    {{ d }}.r201,
    {{ d }}.photo_sha256
from {{ ref('int_documents__standing') }} as s
{% if is_as_sent == 'true' -%}
inner join corrected as c
    on s.arrival_day = c.arrival_day and s.bundle_name = c.bundle_name and s.row_number = c.row_number
inner join {{ ref('stg_field__documents') }} as d
    on s.arrival_day = d.arrival_day and s.bundle_name = d.bundle_name and s.row_number = d.row_number
{% endif -%}
where s.outcome in ('winner', 'superseded') and coalesce(s.reason, '') <> 'CONFLICT' and not s.is_tombstone
{% if not loop.last %}union all{% endif %}
{% endfor %}
