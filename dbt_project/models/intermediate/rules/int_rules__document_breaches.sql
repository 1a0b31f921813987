-- Which rules each document breaks: one pass, every rule, every failing row. Rules: _rules_of_documents.yml.
with judged as (
    select
        arrival_day,
        bundle_name,
        row_number,
        is_as_sent,
        document_id,
        revision_number,
        idsubsls,
        0 as person_line,
        {{ broken_rules('document') }} as broken
    from {{ ref('int_rules__document_inputs') }}
    where {{ breaks_any_rule('document') }}
),

breaches as (
    {{ breaches_of('judged', [
        'arrival_day', 'bundle_name', 'row_number', 'is_as_sent', 'document_id',
        'revision_number', 'idsubsls', 'person_line'
    ]) }}
)

select * from breaches
