-- Every breach of documents and persons, with its rule's severity and dates. One row per breach.
{{ config(materialized='view') }}

with breaches as (
    {%- for level, person_row in [('document', 'cast(null as integer)'), ('person', 'person_row_number')] %}
    select
        arrival_day,
        bundle_name,
        row_number,
        is_as_sent,
        document_id,
        revision_number,
        idsubsls,
        person_line,
        {{ person_row }} as person_row_number,
        coalesce({{ person_row }}, 0) as person_key,
        rule_id,
        rule_version,
        written_values
    from {{ ref('int_rules__' ~ level ~ '_breaches') }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
)

select
    b.*,
    r.severity,
    r.valid_from,
    r.valid_to,
    r.is_in_force
from breaches as b
inner join {{ ref('int_rules__catalogue') }} as r on b.rule_id = r.rule_id and b.rule_version = r.rule_version
