-- Every ranked family's members, head, place and programmes, wide: one row a family, so that what is judged per
-- programme is read from one place. One pass over the residents; a number is looked up only where it could name one
-- person or family. Where no list has come, nobody knows who is served.
with listed_niks as (
    select
        nik,
        {%- for code, column in programmes() %}
        max(case when programme = '{{ code }}' then 1 else 0 end) as {{ column }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('int_programmes__recipients') }}
    where nik is not null and fault is null
    group by nik
),

residents as (
    select
        arrival_day,
        bundle_name,
        submission_id,
        revision,
        case when nik_fault is null then r403 end as nik,
        r405,
        case when r407 between 0 and 98 then r407 end as age,
        r409,
        coalesce(r410 = 1, false) as is_pregnant,
        coalesce(r412 = 2, false) as attends,
        r413,
        {%- for name, columns, codes in [('cannot', 'abcdefghi', '1'), ('is_disabled', 'abcdefghij', '1, 2')] %}
        coalesce(
            {%- for x in columns %}
            {% if not loop.first %}or {% endif %}coalesce(r428{{ x }}, 0) in ({{ codes }})
            {%- endfor %},
            false
        ) as {{ name }},
        {%- endfor %}
        coalesce(r431a <> 99 and r431a % 2 = 1, false) as told_pbi,
        coalesce(r431e = 1, false) as told_pip
    from {{ ref('int_persons__loaded') }}
    where {{ is_resident('r404') }}
),

people as (
    select
        p.arrival_day,
        p.bundle_name,
        p.submission_id,
        p.revision,
        cast(count(*) as integer) as resident_members,
        cast(count(case
            when
                p.is_pregnant or p.cannot or p.age between 0 and 6 or p.age >= 60
                or (p.age between 6 and 21 and p.attends and p.r413 between 1 and 17)
                then 1
        end) as integer) as pkh_members,
        cast(count(case when p.age between 6 and 21 and p.attends then 1 end) as integer) as pupil_members,
        case
            when count(case when p.r409 = 1 then 1 end) = 1 then max(case when p.r409 = 1 then p.r405 end)
        end as head_sex_code,
        case
            when count(case when p.r409 = 1 then 1 end) = 1 then max(case when p.r409 = 1 then p.age end)
        end as head_age_years,
        max(case when p.is_disabled then 1 else 0 end) = 1 as has_disability,
        count(p.nik) > 0 as has_usable_nik,
        max(case when p.told_pbi then 1 else 0 end) = 1 as pbi_jkn_told,
        max(case when p.told_pip then 1 else 0 end) = 1 as pip_told,
        {%- for _, column in programmes() %}
        cast(sum(coalesce(l.{{ column }}, 0)) as integer) as {{ column }}_listed{% if not loop.last %},{% endif %}
        {%- endfor %}
    from residents as p
    left join listed_niks as l on p.nik = l.nik
    group by p.arrival_day, p.bundle_name, p.submission_id, p.revision
),

listed_kks as (
    select
        no_kk,
        {%- for code, column in programmes() %}
        max(case when programme = '{{ code }}' then 1 else 0 end) as {{ column }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from {{ ref('int_programmes__recipients') }}
    where no_kk is not null and fault is null
    group by no_kk
),

-- One row, null where no list counts yet.
lists as (
    select max(snapshot_day) as recipients_day from {{ ref('stg_headquarters__recipients') }}
),

families as (
    select
        w.*,
        case when {{ is_usable_kk('d.r114') }} then d.r114 end as kk,
        d.r501a = 1 as sembako_told,
        d.r501b = 1 as pkh_told,
        d.r501c = 1 as blt_dd_told
    from {{ ref('int_documents__winners') }} as w
    inner join {{ ref('int_documents__as_corrected') }} as d
        on w.arrival_day = d.arrival_day and w.bundle_name = d.bundle_name and w.row_number = d.row_number
    where w.is_enumerated and not w.is_held
)

select
    f.document_id,
    coalesce(p.resident_members, 0) as resident_members,
    coalesce(p.pkh_members, 0) as pkh_members,
    coalesce(p.pupil_members, 0) as pupil_members,
    case p.head_sex_code when 1 then 'male' when 2 then 'female' else 'unknown' end as head_sex,
    case
        when p.head_age_years < 30 then 'under_30'
        when p.head_age_years < 45 then '30_to_44'
        when p.head_age_years < 60 then '45_to_59'
        when p.head_age_years >= 60 then '60_and_over'
        else 'unknown'
    end as head_age,
    case s.urban_rural when 1 then 'urban' when 2 then 'rural' else 'unknown' end as residence,
    case when p.has_disability then 'yes' else 'no' end as disability,
    coalesce(p.has_usable_nik, false) or f.kk is not null as has_usable_number,
    t.recipients_day,
    {%- for _, column in programmes() %}
    coalesce({{ 'p' if column in ['pbi_jkn', 'pip'] else 'f' }}.{{ column }}_told, false) as {{ column }}_told,
    case when t.recipients_day is not null then coalesce(p.{{ column }}_listed, 0) end as {{ column }}_listed,
    case when t.recipients_day is not null then coalesce(l.{{ column }}, 0) = 1 end as {{ column }}_kk_listed,
    case
        when t.recipients_day is not null then coalesce(p.{{ column }}_listed, 0) > 0 or coalesce(l.{{ column }}, 0) = 1
    end as {{ column }}_served{% if not loop.last %},{% endif %}
    {%- endfor %}
from families as f
left join people as p
    on
        f.arrival_day = p.arrival_day
        and f.bundle_name = p.bundle_name
        and f.submission_id = p.submission_id
        and f.revision = p.revision
left join listed_kks as l on f.kk = l.no_kk
left join {{ ref('int_sub_sls__current') }} as s on f.idsubsls = s.idsubsls
cross join lists as t
