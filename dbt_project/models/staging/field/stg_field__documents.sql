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
    case when {{ matches('submission_id', uuid_pattern()) }} then lower(submission_id) end as document_id,
    nullif({{ to_integer('revision') }}, 0) as revision_number,
    coalesce({{ to_integer('is_deleted') }} = 1, false) as is_tombstone,
    -- place
    r101, r102, r103, r104, r105,
    r101 || r102 || r103 || r104 || r105 as idsubsls,
    -- texts; names as they compare, in content below as written
    {{ normalised_name('r106') }} as r106,
    {{ normalised_name('r107') }} as r107,
    {{ normalised_name('r108') }} as r108,
    r113, r114, r202, r204, r206, photo_sha256, notes,
    -- times
    {{ to_day('r201') }} as r201,
    {{ to_day('r203') }} as r203,
    {{ to_instant_us('started_at') }} as started_at_us,
    {{ to_instant_us('ended_at') }} as ended_at_us,
    -- measures
    {{ to_double('latitude') }} as latitude,
    {{ to_double('longitude') }} as longitude,
    {{ to_double('accuracy_m') }} as accuracy_m
    {%- for column in family_integers() %},
    {{ to_integer(column) }} as {{ column }}
    {%- endfor %},
    -- evidence: what two copies of a document are compared by, ids in lower case as they compare
    lower(coalesce(submission_id, '')) || chr(31) || {{ content_of(family_columns()[1:]) }} as content
from recoded
