-- Document rows that may read otherwise today than on the day before: those the corrections log names, and those of a
-- field day that a frame begun today judges. How they read then: corrections and frames of earlier days, on the copy
-- that stood then. All others read the same, so only these few are read again.
{% set answers = answers_that_place_a_visit() %}
with recursive begun_today as (
    select snapshot_day from {{ ref('int_frame__snapshots') }}
    where snapshot_day = {{ as_of() }}
),

reread as (
    select
        arrival_day,
        bundle_name,
        row_number
    from {{ ref('int_corrections__copies') }}
    where arrival_day < {{ as_of() }}
    union
    select
        r.arrival_day,
        r.bundle_name,
        r.row_number
    from {{ ref('int_documents__received') }} as r
    cross join begun_today
    where r.arrival_day < {{ as_of() }} and r.field_day >= {{ as_of() }}
),

frames as (
    select
        snapshot_day,
        case
            when counts_until_before = {{ as_of() }} then cast('9999-12-31' as date) else counts_until_before
        end as counts_until_before
    from {{ ref('int_frame__snapshots') }}
    where snapshot_day < {{ as_of() }}
),

known_area as (
    select distinct
        snapshot_day,
        idsubsls
    from {{ ref('stg_headquarters__sub_sls') }}
    where snapshot_day < {{ as_of() }}
),

documents as (
    select
        d.arrival_day,
        d.bundle_name,
        d.bundle_sha256,
        d.row_number,
        d.document_id,
        d.revision_number,
        d.idsubsls,
        d.r109,
        d.r110,
        {%- for answer in answers %}
        d.{{ answer }}_text,
        {%- endfor %}
        b.named_field_day,
        coalesce(d.r201, b.named_field_day) as field_day,
        {{ is_area_code() }} as is_area_code,
        {{ document_content('_text') }} as content_as_sent
    from {{ ref('stg_field__documents') }} as d
    inner join reread as r
        on d.arrival_day = r.arrival_day and d.bundle_name = r.bundle_name and d.row_number = r.row_number
    inner join {{ ref('int_bundles__fate') }} as b
        on d.arrival_day = b.arrival_day and d.bundle_name = b.bundle_name and b.outcome = 'accepted'
),

judged_as_sent as (
    select
        d.*,
        row_number() over (
            partition by d.document_id, d.revision_number
            order by
                case when {{ own_rejection() }} is null then 0 else 1 end, d.arrival_day, d.bundle_sha256, d.row_number
        ) as copy_number
    from documents as d
    left join frames as f on d.field_day >= f.snapshot_day and d.field_day < f.counts_until_before
    left join known_area as k
        on f.snapshot_day = k.snapshot_day and case when d.is_area_code then d.idsubsls end = k.idsubsls
),

standing as (
    select * from judged_as_sent
    where copy_number = 1
),

turns as (
    select
        c.document_id,
        c.revision_number,
        c.variable,
        c.old_value,
        c.new_value,
        {{ text_of_cell('c.variable', 's', answers) }} as text_as_sent,
        row_number() over (
            partition by c.document_id, c.revision_number, c.variable
            order by c.correction_day, coalesce(c.decided_at_us, -1), c.row_number
        ) as turn
    from {{ ref('stg_headquarters__corrections') }} as c
    inner join standing as s on c.document_id = s.document_id and c.revision_number = s.revision_number
    where c.correction_day < {{ as_of() }} and c.person_line = 0 and {{ is_one_of('c.variable', answers) }}
),

replay as (
    select
        document_id,
        revision_number,
        variable,
        turn,
        case when {{ reads_as('text_as_sent', 'old_value') }} then new_value else text_as_sent end as value_after
    from turns
    where turn = 1
    union all
    select
        t.document_id,
        t.revision_number,
        t.variable,
        t.turn,
        case when {{ reads_as('r.value_after', 't.old_value') }} then t.new_value else r.value_after end as value_after
    from replay as r
    inner join turns as t
        on
            r.document_id = t.document_id
            and r.revision_number = t.revision_number
            and r.variable = t.variable
            and r.turn + 1 = t.turn
),

last_turns as (
    select
        r.*,
        max(r.turn) over (partition by r.document_id, r.revision_number, r.variable) as last_turn
    from replay as r
),

corrected as (
    select
        document_id,
        revision_number,
        {{ latest_texts(answers, 'value_after') }}
    from last_turns
    where turn = last_turn
    group by document_id, revision_number
),

-- A copy with other content than the one that stands takes no correction: its key is left empty.
copies as (
    select
        d.*,
        case when d.content_as_sent = s.content_as_sent then d.document_id end as corrected_id
    from judged_as_sent as d
    left join standing as s on d.document_id = s.document_id and d.revision_number = s.revision_number
),

rewritten as (
    select
        d.arrival_day,
        d.bundle_name,
        d.row_number,
        d.document_id,
        d.revision_number,
        d.named_field_day,
        {{ rewritten_texts('d', 'c', answers) }}
    from copies as d
    left join corrected as c on d.corrected_id = c.document_id and d.revision_number = c.revision_number
),

read_then as (
    select
        w.arrival_day,
        w.bundle_name,
        w.row_number,
        w.document_id,
        w.revision_number,
        w.r101 || w.r102 || w.r103 || w.r104 || w.r105 as idsubsls,
        {{ is_area_code() }} as is_area_code,
        coalesce({{ to_day('w.r201') }}, w.named_field_day) as field_day,
        {%- for column in ['r109', 'r110', 'r205'] %}
        {{ to_integer('w.' ~ column) }} as {{ column }},
        {%- endfor %}
        {{ to_instant_us('w.ended_at') }} as ended_at_us
    from rewritten as w
)

select
    d.arrival_day,
    d.bundle_name,
    d.row_number,
    d.document_id,
    d.field_day,
    f.snapshot_day as frame_snapshot_day,
    d.r109,
    d.r110,
    d.r205,
    d.ended_at_us,
    case when k.idsubsls is null then 'UNKNOWN' else d.idsubsls end as idsubsls,
    {{ own_rejection() }} as rejection
from read_then as d
left join frames as f on d.field_day >= f.snapshot_day and d.field_day < f.counts_until_before
left join known_area as k
    on f.snapshot_day = k.snapshot_day and case when d.is_area_code then d.idsubsls end = k.idsubsls
