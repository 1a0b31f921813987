-- What the proxy-means score reads of a family, one column a variable (docs/family_welfare.md). Only families that were
-- reached and whose document is accepted: a held document may be wrong in the very answers that rank it.
with families as (
    select * from {{ ref('int_documents__winners') }}
    where is_enumerated and not is_held
)

select
    f.document_id,
    f.idsubsls,
    f.r109,
    f.r110,
    f.resident_persons,
    -- dwelling
    case
        when d.r302 between 1 and 997 and f.resident_persons > 0
            then cast(round(d.r302 / cast(f.resident_persons as double), 4) as {{ pmt_value_type() }})
    end as pcfloor,
    {{ is_code('d.r303', [1, 2, 3, 4, 5, 6, 7, 9], 1, 9) }} as tfloor,
    {{ is_code('d.r304', [1], 1, 7) }} as twall,
    {{ is_code('d.r305', [1, 2], 1, 8) }} as troof,
    {{ is_code('d.r309a', [1], 1, 6) }} as toilet,
    {{ is_code('d.r306a', [1, 2, 3, 4, 5, 7], 1, 11) }} as water,
    {{ is_code('d.r307a', [1, 2], 1, 4) }} as lighting,
    {{ is_code('d.r308', [10], 0, 11) }} as fcook,
    {{ is_code('d.r301a', [1], 1, 5) }} as house,
    -- residents and head
    {%- for name in ['hhsize', 'hhage', 'hhmale', 'hhmarried', 'age04', 'depratio', 'eschild', 'jschild', 'sschild',
                     'hheduc2', 'hheduc3', 'hheduc4', 'higheduc2', 'higheduc3', 'higheduc4', 'formal', 'informal',
                     'hhsector1', 'hhsector2', 'hhsector3', 'credit'] %}
    p.{{ name }},
    {%- endfor %}
    -- belongings
    {{ is_yes('d.r502c') }} as ac,
    {{ is_yes('d.r502h') }} as computer,
    -- who cooks with gas owns a burner, whatever the cylinder
    case
        when d.r502a = 1 or d.r308 between 2 and 6 then 1
        when d.r502a = 2 and d.r308 between 0 and 11 then 0
    end as gas,
    {{ is_yes('d.r502b') }} as refrigerator,
    {{ is_yes('d.r502j') }} as bicycle,
    {{ is_yes('d.r502i') }} as motorcycle,
    {{ is_yes('d.r502k') }} as auto,
    {{ is_yes('d.r502n') }} as hp,
    case
        when d.r504a > 0 or d.r504b > 0 then 1
        when d.r504a = 0 and d.r504b = 0 then 0
    end as cow,
    -- derived
    p.hhsize * p.hhsize as hhsize2,
    p.hhage * p.hhage as hhage2,
    case
        when p.hhmale = 0 or p.hhmarried = 0 then 0
        when p.hhmale = 1 and p.hhmarried = 1 then 1
    end as hhmalemarr
from families as f
inner join {{ ref('int_documents__as_corrected') }} as d
    on f.arrival_day = d.arrival_day and f.bundle_name = d.bundle_name and f.row_number = d.row_number
left join {{ ref('int_families__pmt_people') }} as p
    on
        f.arrival_day = p.arrival_day
        and f.bundle_name = p.bundle_name
        and f.submission_id = p.submission_id
        and f.revision = p.revision
