-- What the rules of documents read: codes, and the derived words of docs/rules.md. One row per judged document row.
{{ config(materialized='view') }}

with visits as (
    select
        enumerator_id,
        field_day,
        count(*) as visits_of_the_day
    from {{ ref('int_documents__standing') }}
    where outcome = 'winner' and {{ is_enumerated('r205') }}
    group by enumerator_id, field_day
),

kk as (
    select * from {{ ref('int_documents__sharing') }}
    where kind = 'kk'
),

photos as (
    select * from {{ ref('int_documents__sharing') }}
    where kind = 'photo'
)

select
    d.*,
    coalesce(p.persons, 0) as persons,
    coalesce(p.residents, 0) as residents,
    coalesce(p.heads, 0) as heads,
    coalesce(p.spouses, 0) as spouses,
    coalesce(p.heads_with_degree, 0) as heads_with_degree,
    coalesce(p.civil_servants, 0) as civil_servants,
    coalesce(p.pkh_components, 0) as pkh_components,
    {{ count_filled(housing_columns() + programme_columns() + asset_columns()) }} as filled_answers,
    {{ count_missing(required_family_answers()) }} as missing_answers,
    {{ count_outside(family_code_lists()) }} as outside_codes,
    {{ count_outside(asset_code_lists()) }} as outside_assets,
    {{ misdated_programmes() }} as misdated_programmes,
    not {{ is_sixteen_digits('d.r114') }} as is_kk_malformed,
    {{ is_sixteen_digits('d.r114') }} and {{ is_placeholder('d.r114') }} as is_kk_dummy,
    {{ other_winners('k', 'd') }} as other_families_with_kk,
    {{ other_winners('f', 'd') }} as other_documents_with_photo,
    d.latitude is not null and d.longitude is not null and (
        d.latitude not between b.min_latitude - 0.005 and b.max_latitude + 0.005
        or d.longitude not between b.min_longitude - 0.005 and b.max_longitude + 0.005
    ) as is_outside_desa,
    d.r201 not between {{ field_start() }} and {{ field_end() }} as is_outside_window,
    coalesce(v.visits_of_the_day, 0) as visits_of_the_day
from {{ ref('int_rules__judged_documents') }} as d
left join {{ ref('int_rules__people_of_documents') }} as p
    on
        d.arrival_day = p.arrival_day
        and d.bundle_name = p.bundle_name
        and d.row_number = p.row_number
        and d.is_as_sent = p.is_as_sent
left join kk as k on d.r114 = k.carried
left join photos as f on d.photo_sha256 = f.carried
left join {{ ref('desa_box') }} as b on substr(d.idsubsls, 1, 10) = b.bps_desa_code
left join visits as v on d.enumerator_id = v.enumerator_id and d.field_day = v.field_day
