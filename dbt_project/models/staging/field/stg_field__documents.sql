-- Family documents as written, in the final codes. A value that does not parse is null here and evidence in raw.
with source as (
    select * from {{ source('raw', 'documents') }}
    where arrival_day <= {{ as_of() }}
),

recoded as (
    select
        {%- for column in family_columns() %}
        {{ in_final_codes(column) }} as {{ column }},
        {%- endfor %}
        arrival_day,
        bundle_name,
        bundle_sha256,
        row_number
    from source
)

select
    -- lineage
    arrival_day,
    bundle_name,
    bundle_sha256,
    row_number,
    -- keys: as written, for the persons' join; and as compared
    submission_id,
    revision,
    is_deleted,
    case when {{ matches('submission_id', uuid_pattern()) }} then lower(submission_id) end as document_id,
    nullif({{ to_integer('revision') }}, 0) as revision_number,
    coalesce({{ to_integer('is_deleted') }} = 1, false) as is_tombstone,
    -- answers: typed, and as written
    {{ typed(family_answers()) }},
    -- evidence
    {{ document_content('') }} as content
from recoded
