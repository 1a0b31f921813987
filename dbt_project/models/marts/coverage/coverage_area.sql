-- How far every area is covered: families against the frame, prelist persons by status, residents against prelist and
-- register. Counted once by sub-SLS and by desa, then added up.
with families as (
    select
        idsubsls,
        count(case when is_enumerated then 1 end) as enumerated_families,
        count(case when is_enumerated and is_held then 1 end) as held_families,
        count(case when is_enumerated then no_kk end) as families_with_valid_kk,
        max(arrival_day) as last_arrival_day
    from {{ ref('int_coverage__families') }}
    group by idsubsls
),

listed_families as (
    select
        idsubsls,
        count(*) as prelist_families
    from {{ ref('int_prelist__families') }}
    group by idsubsls
),

listed_persons as (
    select
        idsubsls,
        {%- for status in prelist_statuses() %}
        count(case when status = '{{ status }}' then 1 end) as persons_{{ status }},
        {%- endfor %}
        count(*) as prelist_persons
    from {{ ref('int_coverage__prelist_standing') }}
    group by idsubsls
),

registered as (
    select distinct nik from {{ ref('int_register__lines') }}
    where nik is not null
),

written as (
    select
        e.idsubsls,
        count(*) as persons_written,
        count(e.r404) as persons_with_presence,
        count(case when e.is_resident then 1 end) as residents,
        count(case when e.is_resident then e.nik end) as residents_with_valid_nik,
        count(case when e.is_resident then r.nik end) as residents_in_register
    from {{ ref('int_coverage__persons') }} as e
    left join registered as r on e.nik = r.nik
    group by e.idsubsls
),

matched as (
    select
        f.idsubsls,
        count(*) as residents_on_prelist
    from {{ ref('int_coverage__candidates') }} as c
    inner join {{ ref('int_coverage__families') }} as f on c.document_id = f.document_id
    where c.is_match and c.is_resident
    group by f.idsubsls
),

unmatched as (
    select
        idsubsls,
        count(case when is_new then 1 end) as persons_new,
        count(case when not is_new then 1 end) as residents_ambiguous
    from {{ ref('int_coverage__residents_unmatched') }}
    group by idsubsls
),

places as (
    select idsubsls from {{ ref('int_areas__of_sub_sls') }}
    where area_level = 'sub_sls'
    union
    select idsubsls from listed_families
    union
    select idsubsls from listed_persons
),

by_sub_sls as (
    select
        p.idsubsls as place,
        coalesce(s.expected_families, 0) as expected_families,
        case when s.expected_families > 0 then 1 else 0 end as sub_sls_in_frame,
        case when s.expected_families > 0 and f.idsubsls is null then 1 else 0 end as sub_sls_without_upload,
        case
            when
                f.enumerated_families * 100 < s.expected_families * {{ far_fewer_percent() }}
                and {{ days_from_to('f.last_arrival_day', as_of()) }} >= {{ quiet_days() }}
                then 1
            else 0
        end as sub_sls_far_fewer,
        case
            when f.enumerated_families * 100 > coalesce(s.expected_families, 0) * {{ more_than_expected_percent() }}
                then 1
            else 0
        end as sub_sls_more_than_expected,
        {%- for measure in coverage_counts() %}
        coalesce({{ measure }}, 0) as {{ measure }} {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from places as p
    left join {{ ref('int_sub_sls__current') }} as s on p.idsubsls = s.idsubsls
    left join families as f on p.idsubsls = f.idsubsls
    left join listed_families as lf on p.idsubsls = lf.idsubsls
    left join listed_persons as lp on p.idsubsls = lp.idsubsls
    left join written as w on p.idsubsls = w.idsubsls
    left join matched as m on p.idsubsls = m.idsubsls
    left join unmatched as u on p.idsubsls = u.idsubsls
),

by_desa as (
    select
        bps_desa_code as place,
        count(*) as register_alive,
        count(case when written_as = 'resident' then 1 end) as register_resident,
        count(case when written_as = 'not_resident' then 1 end) as register_not_resident,
        count(case when written_as is null then 1 end) as register_unlisted
    from {{ ref('int_register__lines') }}
    where is_expected
    group by bps_desa_code
),

by_area as (
    {% for level, digits in area_levels() %}
    select
        '{{ level }}' as area_level,
        substr(place, 1, {{ digits }}) as area_code,
        {%- for measure in coverage_frame_counts() + coverage_counts() %}
        sum({{ measure }}) as {{ measure }} {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from by_sub_sls
    where place <> 'UNKNOWN'
    group by substr(place, 1, {{ digits }})
    union all
    {% endfor %}
    select
        'unknown' as area_level,
        place as area_code,
        {%- for measure in coverage_frame_counts() + coverage_counts() %}
        {{ measure }} {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from by_sub_sls
    where place = 'UNKNOWN'
),

register_by_area as (
    {% for level, digits in area_levels() if digits <= 10 %}
    select
        '{{ level }}' as area_level,
        substr(place, 1, {{ digits }}) as area_code,
        {%- for measure in register_counts() %}
        sum({{ measure }}) as {{ measure }} {%- if not loop.last %},{% endif %}
        {%- endfor %}
    from by_desa
    group by substr(place, 1, {{ digits }})
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- One row, each null where no such snapshot counts yet.
snapshots as (
    select
        (select max(snapshot_day) from {{ ref('int_frame__snapshots') }}) as frame_snapshot_day,
        (select max(snapshot_day) from {{ ref('int_prelist__families') }}) as prelist_snapshot_day,
        (select max(snapshot_day) from {{ ref('int_register__lines') }}) as register_snapshot_day
)

select
    b.area_level,
    b.area_code,
    a.area_name,
    case when b.area_level = 'unknown' then 'UNKNOWN' else substr(b.area_code, 1, 4) end as kab_code,
    cast(b.expected_families as integer) as expected_families,
    cast(b.enumerated_families as integer) as enumerated_families,
    cast(b.enumerated_families as integer) as coverage_numerator,
    cast(b.expected_families as integer) as coverage_denominator,
    {{ share('b.enumerated_families', 'b.expected_families') }} as coverage_share,
    {{ is_provisional('b.enumerated_families', 'b.expected_families') }} as is_provisional,
    cast(b.held_families as integer) as held_families,
    {{ share('b.held_families', 'b.enumerated_families') }} as held_share,
    {%- for measure in coverage_frame_counts() if measure != 'expected_families' %}
    cast(b.{{ measure }} as integer) as {{ measure }},
    {%- endfor %}
    cast(b.prelist_families as integer) as prelist_families,
    cast(b.prelist_persons as integer) as prelist_persons,
    {%- for status in prelist_statuses() %}
    cast(b.persons_{{ status }} as integer) as persons_{{ status }},
    {%- endfor %}
    {{ share('b.persons_confirmed', 'b.prelist_persons') }} as confirmed_share,
    cast(b.residents as integer) as residents,
    cast(b.residents_on_prelist as integer) as residents_on_prelist,
    cast(b.residents_ambiguous as integer) as residents_ambiguous,
    cast(b.persons_new as integer) as persons_new,
    cast(b.persons_written as integer) as persons_written,
    cast(b.persons_with_presence as integer) as persons_with_presence,
    {{ share('b.persons_with_presence', 'b.persons_written') }} as presence_filled_share,
    cast(b.residents_with_valid_nik as integer) as residents_with_valid_nik,
    {{ share('b.residents_with_valid_nik', 'b.residents') }} as nik_valid_share,
    cast(b.families_with_valid_kk as integer) as families_with_valid_kk,
    {{ share('b.families_with_valid_kk', 'b.enumerated_families') }} as kk_valid_share,
    cast(b.residents_in_register as integer) as residents_in_register,
    {{ share('b.residents_in_register', 'b.residents_with_valid_nik') }} as register_match_share,
    {%- for measure in register_counts() %}
    case when b.area_level not in ('sub_sls', 'unknown') then cast(coalesce(r.{{ measure }}, 0) as integer) end
        as {{ measure }},
    {%- endfor %}
    {{ share('r.register_resident', 'r.register_alive') }} as register_enumerated_share,
    s.frame_snapshot_day,
    s.prelist_snapshot_day,
    s.register_snapshot_day,
    {{ as_of() }} as as_of
from by_area as b
left join {{ ref('area') }} as a on b.area_level = a.area_level and b.area_code = a.area_code
left join register_by_area as r on b.area_level = r.area_level and b.area_code = r.area_code
cross join snapshots as s
