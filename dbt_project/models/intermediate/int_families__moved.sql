-- Families that count otherwise than on the day before: another document speaks for them, or the same one says another
-- day or outcome. Only documents that the as-of day touched, and their rivals for a family, can move one.
{% set read_again = [
    'field_day', 'frame_snapshot_day', 'idsubsls', 'r109', 'r110', 'r205', 'ended_at_us', 'rejection'
] %}
{% set claim = [
    'document_id', 'idsubsls', 'r109', 'r110', 'r205', 'arrival_day', 'field_day', 'frame_snapshot_day',
    'enumerator_id', 'ended_at_us'
] %}
with touched as (
    select document_id from {{ ref('int_documents__received') }}
    where arrival_day = {{ as_of() }} and document_id is not null
    union
    select document_id from {{ ref('int_documents__as_read_before') }}
    where document_id is not null
),

received_before as (
    select
        r.arrival_day,
        r.bundle_sha256,
        r.row_number,
        r.document_id,
        r.revision_number,
        r.is_tombstone,
        {%- for column in read_again %}
        case when b.row_number is null then r.{{ column }} else b.{{ column }} end as {{ column }},
        {%- endfor %}
        r.enumerator_id
    from {{ ref('int_documents__received') }} as r
    inner join touched as t on r.document_id = t.document_id
    left join {{ ref('int_documents__as_read_before') }} as b
        on r.arrival_day = b.arrival_day and r.bundle_name = b.bundle_name and r.row_number = b.row_number
    where r.arrival_day < {{ as_of() }}
),

-- The highest revision decides; of its copies the first stands.
deciding_before as (
    select
        r.*,
        row_number() over (
            partition by r.document_id
            order by r.revision_number desc, r.arrival_day asc, r.bundle_sha256 asc, r.row_number asc
        ) as place
    from received_before as r
    where r.rejection is null
),

touched_claims as (
    select {{ claim | join(', ') }}
    from deciding_before
    where place = 1 and not is_tombstone
),

families as (
    select
        idsubsls,
        r109,
        r110
    from touched_claims
    union
    select
        l.idsubsls,
        l.r109,
        l.r110
    from {{ ref('int_documents__live') }} as l
    inner join touched as t on l.document_id = t.document_id
    where l.is_highest_revision and not l.is_tombstone
),

claims_now as (
    select
        {%- for column in claim %}
        l.{{ column }},
        {%- endfor %}
        d.holds_family,
        t.document_id is not null as is_touched
    from {{ ref('int_documents__live') }} as l
    inner join families as f on l.idsubsls = f.idsubsls and l.r109 = f.r109 and l.r110 = f.r110
    inner join {{ ref('int_families__deciding') }} as d
        on l.document_id = d.document_id and l.revision_number = d.revision_number
    left join touched as t on l.document_id = t.document_id
),

claims_before as (
    select {{ claim | join(', ') }} from touched_claims
    union all
    select {{ claim | join(', ') }} from claims_now
    where not is_touched
),

assigned as (
    select distinct
        c.document_id,
        1 as is_assigned
    from claims_before as c
    inner join {{ ref('stg_headquarters__assignments') }} as a
        on
            c.frame_snapshot_day = a.snapshot_day
            and c.idsubsls = a.idsubsls
            and c.enumerator_id = a.enumerator_id
            and c.field_day >= a.valid_from
            and c.field_day <= coalesce(a.valid_to, c.field_day)
),

ranked as (
    select
        c.*,
        row_number() over (
            partition by c.idsubsls, c.r109, c.r110
            order by coalesce(a.is_assigned, 0) desc, coalesce(c.ended_at_us, -1) desc, c.document_id desc
        ) as place
    from claims_before as c
    left join assigned as a on c.document_id = a.document_id
),

{% for relation, holds in [('ranked', 'place = 1'), ('claims_now', 'holds_family')] %}
{{ 'winners_before' if loop.first else 'winners_now' }} as (
    select
        idsubsls,
        r109,
        r110,
        r205,
        document_id,
        greatest({{ field_start() }}, least(field_day, arrival_day)) as progress_day
    from {{ relation }}
    where {{ holds }}
),
{% endfor %}

arrived as (
    select
        document_id,
        bundle_name
    from {{ ref('int_documents__live') }}
    where is_highest_revision and arrival_day = {{ as_of() }}
),

corrected as (
    select distinct document_id
    from {{ ref('int_corrections__replayed') }}
    where
        correction_day = {{ as_of() }} and status = 'applied' and person_line = 0
        and {{ is_one_of('variable', answers_that_place_a_visit()) }}
)

select
    f.idsubsls,
    f.r109,
    f.r110,
    {%- for view, row in [('old', 'o'), ('new', 'n')] %}
    {{ row }}.document_id as {{ view }}_document_id,
    {{ row }}.progress_day as {{ view }}_progress_day,
    {{ row }}.r205 as {{ view }}_r205,
    a{{ row }}.bundle_name as {{ view }}_bundle_name,
    c{{ row }}.document_id as {{ view }}_corrected_id {%- if not loop.last %},{% endif %}
    {%- endfor %}
from families as f
left join winners_before as o on f.idsubsls = o.idsubsls and f.r109 = o.r109 and f.r110 = o.r110
left join winners_now as n on f.idsubsls = n.idsubsls and f.r109 = n.r109 and f.r110 = n.r110
{%- for row in ['o', 'n'] %}
left join arrived as a{{ row }} on {{ row }}.document_id = a{{ row }}.document_id
left join corrected as c{{ row }} on {{ row }}.document_id = c{{ row }}.document_id
{%- endfor %}
where
    coalesce(cast(o.progress_day as string), '') <> coalesce(cast(n.progress_day as string), '')
    or coalesce(o.r205, -1) <> coalesce(n.r205, -1)
