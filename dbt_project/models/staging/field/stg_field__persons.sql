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
    -- texts; the name as names compare, in content below as written
    {{ normalised_name('r402') }} as r402,
    r403
    {%- for column in person_integers() %},
    {{ to_integer(column) }} as {{ column }}
    {%- endfor %},
    -- evidence
    {{ content_of(person_columns()[2:]) }} as content
from recoded
