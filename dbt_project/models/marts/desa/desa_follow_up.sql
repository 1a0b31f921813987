-- What the lurah or kepala desa sees to, by desa: families of the programmes' lists and persons nobody could confirm,
-- with what is needed to find them. It knows no as-of day: a row that nothing changed is the same row the next night,
-- so that the list of a desa where nothing happened is carried over (docs/adr/0018).
with families as (
    {% for kind in ['eligible_unserved', 'ineligible_served'] %}
    select
        '{{ kind }}' as kind,
        concat_ws('|', idsubsls, cast(building_number as string), cast(family_number as string), programme) as item_key,
        bps_desa_code,
        idsubsls,
        building_number,
        family_number,
        programme,
        reason,
        reason_id,
        reason_en
    from {{ ref(kind) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

of_families as (
    select
        f.kind,
        f.item_key,
        f.bps_desa_code,
        f.idsubsls,
        f.building_number,
        f.family_number,
        r.sls_name,
        r.head_name,
        r.address,
        cast(null as string) as person_name,
        cast(null as string) as nik,
        cast(null as integer) as sex,
        cast(null as date) as birth_date,
        f.programme,
        f.reason,
        f.reason_id,
        f.reason_en
    from families as f
    left join {{ ref('family_register') }} as r
        on
            f.idsubsls = r.idsubsls
            and f.building_number = r.building_number
            and f.family_number = r.family_number
),

confirmations as (
    select
        p.*,
        case when p.idsubsls = 'UNKNOWN' then p.enumerated_idsubsls else p.idsubsls end as placed_idsubsls
    from {{ ref('person_confirmation') }} as p
    where p.status in ('dead', 'moved', 'not_found', 'family_not_reached', 'ambiguous')
),

-- Where a visit found no interview there is no family of the register: then the prelist says whose family it is.
of_persons as (
    select
        'person' as kind,
        c.record_id as item_key,
        substr(c.placed_idsubsls, 1, 10) as bps_desa_code,
        c.placed_idsubsls as idsubsls,
        c.building_number,
        c.family_number,
        r.sls_name,
        coalesce(r.head_name, l.head_name) as head_name,
        r.address,
        c.person_name,
        c.nik,
        c.sex,
        c.birth_date,
        cast(null as string) as programme,
        c.status as reason,
        cast(null as string) as reason_id,
        cast(null as string) as reason_en
    from confirmations as c
    left join {{ ref('family_register') }} as r on c.document_id = r.document_id
    left join {{ ref('int_prelist__families') }} as l on c.prelist_family_id = l.prelist_family_id
),

of_the_register as (
    select
        'unlisted_person' as kind,
        cast(u.register_row as string) as item_key,
        u.bps_desa_code,
        case when substr(u.prelist_idsubsls, 1, 10) = u.bps_desa_code then u.prelist_idsubsls end as idsubsls,
        cast(null as integer) as building_number,
        cast(null as integer) as family_number,
        cast(null as string) as sls_name,
        cast(null as string) as head_name,
        cast(null as string) as address,
        u.person_name,
        u.nik,
        u.sex,
        u.birth_date,
        cast(null as string) as programme,
        case when u.is_family_partly_enumerated then 'family_enumerated' else 'family_not_enumerated' end as reason,
        cast(null as string) as reason_id,
        cast(null as string) as reason_en
    from {{ ref('unlisted_person') }} as u
    where not u.is_provisional
),

items as (
    select * from of_families
    union all
    select * from of_persons
    union all
    select * from of_the_register
)

select
    md5(concat_ws('|', i.kind, i.item_key)) as item_id,
    i.kind,
    substr(i.bps_desa_code, 1, 4) as kab_code,
    i.bps_desa_code,
    d.area_name as desa_name,
    k.area_name as kecamatan_name,
    i.idsubsls,
    i.building_number,
    i.family_number,
    i.sls_name,
    i.head_name,
    i.address,
    i.person_name,
    i.nik,
    i.sex,
    i.birth_date,
    i.programme,
    i.reason,
    coalesce(i.reason_id, t.problem_id) as problem_id,
    t.treatment_id,
    coalesce(i.reason_en, t.problem_en) as problem_en,
    t.treatment_en
from items as i
left join {{ ref('desa_follow_up_texts') }} as t on i.kind = t.kind and i.reason = t.reason
left join {{ ref('area') }} as d on d.area_level = 'desa' and i.bps_desa_code = d.area_code
left join {{ ref('area') }} as k on k.area_level = 'kecamatan' and substr(i.bps_desa_code, 1, 7) = k.area_code
where i.bps_desa_code is not null and i.bps_desa_code <> 'UNKNOWN'
