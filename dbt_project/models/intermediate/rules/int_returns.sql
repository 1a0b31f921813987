-- Everything that goes back to the field: open violations, conflicts, rejected documents, persons and bundles, and
-- corrections that were set aside. What a later sending has answered is not listed any more. Names stand where they
-- are needed to find the family: this goes to its supervisor only.
with with_open_violations as (
    select distinct
        arrival_day,
        bundle_name,
        row_number
    from {{ ref('int_violations') }}
    where state = 'open'
),

documents as (
    select
        f.*,
        d.r108 as head_name,
        coalesce(e.supervisor_id, b.supervisor_id) as supervisor_id,
        coalesce(e.kab_code, b.named_kab_code) as kab_of_enumerator
    from {{ ref('int_documents__fate') }} as f
    inner join {{ ref('int_bundles__fate') }} as b on f.arrival_day = b.arrival_day and f.bundle_name = b.bundle_name
    left join {{ ref('int_enumerators__current') }} as e on f.enumerator_id = e.enumerator_id
    inner join {{ ref('int_documents__as_corrected') }} as d
        on f.arrival_day = d.arrival_day and f.bundle_name = d.bundle_name and f.row_number = d.row_number
    left join with_open_violations as v
        on f.arrival_day = v.arrival_day and f.bundle_name = v.bundle_name and f.row_number = v.row_number
    where
        f.outcome = 'rejected' or (f.outcome = 'held' and f.reason = 'CONFLICT')
        or v.row_number is not null
),

-- A rejected document is answered once a document of its id arrived that is not rejected.
answered_documents as (
    select
        document_id,
        max(arrival_day) as answered_on
    from {{ ref('int_documents__live') }}
    group by document_id
),

-- One whose own id is not legal comes back under another: it is answered once its family did.
answered_families as (
    select
        idsubsls,
        r109,
        r110,
        max(arrival_day) as answered_on
    from {{ ref('int_documents__live') }}
    group by idsubsls, r109, r110
),

-- A correction that was set aside is answered once a later one of the same answer applied.
answered_corrections as (
    select
        document_id,
        revision_number,
        person_line,
        variable,
        max(correction_day) as answered_on
    from {{ ref('int_corrections__replayed') }}
    where status = 'applied'
    group by document_id, revision_number, person_line, variable
),

-- A rejected bundle is answered once the same enumerator's bundle of the same field day was accepted under a later
-- sequence.
answered_bundles as (
    select
        enumerator_id,
        named_field_day,
        max(bundle_name) as answered_by
    from {{ ref('int_bundles__fate') }}
    where outcome = 'accepted'
    group by enumerator_id, named_field_day
),

-- Or once the same bytes were: a bundle that came under a wrong name comes again under the right one.
accepted_bytes as (
    select distinct bundle_sha256
    from {{ ref('int_bundles__fate') }}
    where outcome = 'accepted'
),

violations as (
    select
        'rule' as item_kind,
        v.severity,
        v.rule_id,
        d.supervisor_id,
        d.enumerator_id,
        d.kab_of_enumerator,
        d.idsubsls,
        d.r109,
        d.r110,
        d.head_name,
        v.person_line,
        p.r402 as person_name,
        c.problem_id,
        c.treatment_id,
        c.problem_en,
        c.treatment_en,
        v.written_values,
        d.bundle_name,
        coalesce(v.person_row_number, d.row_number) as row_number,
        d.submission_id,
        d.revision,
        d.field_day,
        d.arrival_day,
        v.first_seen_day
    from {{ ref('int_violations') }} as v
    inner join documents as d
        on v.arrival_day = d.arrival_day and v.bundle_name = d.bundle_name and v.row_number = d.row_number
    inner join {{ ref('int_rules__catalogue') }} as c on v.rule_id = c.rule_id and v.rule_version = c.rule_version
    left join {{ ref('int_persons__loaded') }} as p
        on v.arrival_day = p.arrival_day and v.bundle_name = p.bundle_name and v.person_row_number = p.row_number
    where v.state = 'open'
),

unplaced_documents as (
    select
        r.item_kind,
        'error' as severity,
        d.reason as rule_id,
        d.supervisor_id,
        d.enumerator_id,
        d.kab_of_enumerator,
        d.idsubsls,
        d.r109,
        d.r110,
        d.head_name,
        0 as person_line,
        cast(null as string) as person_name,
        r.problem_id,
        r.treatment_id,
        r.problem_en,
        r.treatment_en,
        case
            when d.reason = 'CONFLICT'
                then 'isi lain pada ' || l.bundle_name || ' baris ' || cast(l.row_number as string)
            else {{ place_as_written('s') }}
        end as written_values,
        d.bundle_name,
        d.row_number,
        d.submission_id,
        d.revision,
        d.field_day,
        d.arrival_day,
        d.arrival_day as first_seen_day
    from documents as d
    inner join {{ ref('return_reasons') }} as r
        on d.reason = r.reason and r.item_kind in ('rejected_document', 'conflict')
    inner join {{ ref('int_documents__as_corrected') }} as s
        on d.arrival_day = s.arrival_day and d.bundle_name = s.bundle_name and d.row_number = s.row_number
    left join answered_documents as a on d.document_id = a.document_id
    left join answered_families as g on d.idsubsls = g.idsubsls and d.r109 = g.r109 and d.r110 = g.r110
    left join {{ ref('int_documents__live') }} as l
        on d.document_id = l.document_id and d.revision_number = l.revision_number
    where
        d.outcome = 'held' or (
            coalesce(a.answered_on < d.arrival_day, true)
            and (d.reason <> 'BAD_ID' or coalesce(g.answered_on < d.arrival_day, true))
        )
),

persons as (
    select
        'rejected_person' as item_kind,
        'error' as severity,
        p.reason as rule_id,
        coalesce(e.supervisor_id, b.supervisor_id) as supervisor_id,
        p.enumerator_id,
        coalesce(e.kab_code, b.named_kab_code) as kab_of_enumerator,
        p.idsubsls,
        f.r109,
        f.r110,
        d.r108 as head_name,
        coalesce(p.person_line, -p.row_number) as person_line,
        s.r402 as person_name,
        r.problem_id,
        r.treatment_id,
        r.problem_en,
        r.treatment_en,
        concat_ws('; ', 'r401=' || coalesce(s.r401_text, '-'), 'r403=' || coalesce(s.r403, '-')) as written_values,
        p.bundle_name,
        p.row_number,
        p.submission_id,
        p.revision,
        b.named_field_day as field_day,
        p.arrival_day,
        p.arrival_day as first_seen_day
    from {{ ref('int_persons__fate') }} as p
    inner join {{ ref('return_reasons') }} as r on p.reason = r.reason and r.item_kind = 'rejected_person'
    inner join {{ ref('int_bundles__fate') }} as b on p.arrival_day = b.arrival_day and p.bundle_name = b.bundle_name
    inner join {{ ref('stg_field__persons') }} as s
        on p.arrival_day = s.arrival_day and p.bundle_name = s.bundle_name and p.row_number = s.row_number
    left join {{ ref('int_documents__fate') }} as f
        on p.arrival_day = f.arrival_day and p.bundle_name = f.bundle_name and p.document_row_number = f.row_number
    left join {{ ref('int_documents__as_corrected') }} as d
        on p.arrival_day = d.arrival_day and p.bundle_name = d.bundle_name and p.document_row_number = d.row_number
    left join {{ ref('int_enumerators__current') }} as e on p.enumerator_id = e.enumerator_id
    left join answered_documents as a on lower(p.submission_id) = a.document_id
    where
        p.outcome = 'rejected' and coalesce(f.outcome in ('accepted', 'held'), true)
        and (p.reason = 'DUPLICATE_LINE' or a.answered_on is null or a.answered_on < p.arrival_day)
),

bundles as (
    select
        'rejected_bundle' as item_kind,
        'error' as severity,
        b.reason as rule_id,
        coalesce(e.supervisor_id, b.supervisor_id) as supervisor_id,
        b.enumerator_id,
        coalesce(e.kab_code, b.named_kab_code) as kab_of_enumerator,
        'UNKNOWN' as idsubsls,
        cast(null as integer) as r109,
        cast(null as integer) as r110,
        cast(null as string) as head_name,
        0 as person_line,
        cast(null as string) as person_name,
        r.problem_id,
        r.treatment_id,
        r.problem_en,
        r.treatment_en,
        w.found as written_values,
        b.bundle_name,
        cast(null as integer) as row_number,
        cast(null as string) as submission_id,
        cast(null as string) as revision,
        b.named_field_day as field_day,
        b.arrival_day,
        b.arrival_day as first_seen_day
    from {{ ref('int_bundles__fate') }} as b
    inner join {{ ref('return_reasons') }} as r on b.reason = r.reason and r.item_kind = 'rejected_bundle'
    left join {{ ref('int_enumerators__current') }} as e on b.enumerator_id = e.enumerator_id
    left join {{ ref('int_bundles__found') }} as w
        on b.arrival_day = w.arrival_day and b.bundle_name = w.bundle_name and b.reason = w.reason
    left join answered_bundles as a on b.enumerator_id = a.enumerator_id and b.named_field_day = a.named_field_day
    left join accepted_bytes as s on b.bundle_sha256 = s.bundle_sha256
    where b.outcome = 'rejected' and coalesce(a.answered_by < b.bundle_name, true) and s.bundle_sha256 is null
),

corrections as (
    select
        'stale_correction' as item_kind,
        'error' as severity,
        c.status as rule_id,
        coalesce(e.supervisor_id, c.supervisor_id) as supervisor_id,
        c.enumerator_id,
        coalesce(e.kab_code, c.named_kab_code) as kab_of_enumerator,
        coalesce(f.idsubsls, 'UNKNOWN') as idsubsls,
        f.r109,
        f.r110,
        d.r108 as head_name,
        coalesce(c.person_line, 0) as person_line,
        p.r402 as person_name,
        t.text_id as problem_id,
        t.treatment_id,
        t.text_en as problem_en,
        t.treatment_en,
        concat_ws(
            '; ', c.variable || ': ' || coalesce(c.old_value, '-') || ' -> ' || coalesce(c.new_value, '-'),
            'isi sekarang=' || coalesce(c.current_value, '-')
        ) as written_values,
        c.document_bundle_name as bundle_name,
        c.row_number,
        c.submission_id,
        c.revision,
        f.field_day,
        c.correction_day as arrival_day,
        c.correction_day as first_seen_day
    from {{ ref('int_corrections__replayed') }} as c
    inner join {{ ref('correction_statuses') }} as t on c.status = t.status
    left join {{ ref('int_documents__fate') }} as f
        on
            c.document_arrival_day = f.arrival_day
            and c.document_bundle_name = f.bundle_name
            and c.document_row_number = f.row_number
    left join {{ ref('int_documents__as_corrected') }} as d
        on
            c.document_arrival_day = d.arrival_day
            and c.document_bundle_name = d.bundle_name
            and c.document_row_number = d.row_number
    left join {{ ref('int_persons__loaded') }} as p
        on
            c.document_arrival_day = p.arrival_day
            and c.document_bundle_name = p.bundle_name
            and c.person_row_number = p.row_number
    left join {{ ref('int_enumerators__current') }} as e on c.enumerator_id = e.enumerator_id
    left join answered_corrections as a
        on
            c.document_id = a.document_id
            and c.revision_number = a.revision_number
            and c.person_line = a.person_line
            and c.variable = a.variable
    where
        c.status <> 'applied' and coalesce(f.outcome <> 'superseded', true)
        and coalesce(a.answered_on <= c.correction_day, true)
        -- set aside, and yet the answer reads as decided: nothing is left to do
        and not (c.status = 'stale' and {{ reads_as('c.current_value', 'c.new_value') }})
),

returns as (
    select * from violations
    union all
    select * from unplaced_documents
    union all
    select * from persons
    union all
    select * from bundles
    union all
    select * from corrections
)

select
    r.*,
    concat_ws(
        '|', coalesce(r.bundle_name, ''), lower(coalesce(r.submission_id, '')), coalesce(r.revision, ''),
        cast(r.person_line as string), coalesce(cast(r.row_number as string), '')
    ) as place_key
from returns as r
