-- Person rows as written, in the final codes.
with source as (
    select * from {{ source('raw', 'persons') }}
    where arrival_day <= {{ as_of() }}
),

recoded as (
    select
        {%- for column in person_columns() %}
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
    -- keys
    submission_id,
    revision,
    {{ to_integer('r401') }} as r401,
    r401 as r401_text,
    -- answers: typed, and as written
    {{ typed(person_answers()) }},
    -- evidence
    {{ person_content('') }} as content
from recoded
