-- Which rules each person breaks: one pass, every rule, every failing row. Rules: _rules_of_persons.yml.
with judged as (
    select
        arrival_day,
        bundle_name,
        row_number,
        person_row_number,
        is_as_sent,
        document_id,
        revision_number,
        idsubsls,
        person_line,
        {{ broken_rules('person') }} as broken
    from {{ ref('int_rules__person_inputs') }}
    where {{ breaks_any_rule('person') }}
),

breaches as (
    {{ breaches_of('judged', [
        'arrival_day', 'bundle_name', 'row_number', 'person_row_number', 'is_as_sent',
        'document_id', 'revision_number', 'idsubsls', 'person_line'
    ]) }}
)

select * from breaches
