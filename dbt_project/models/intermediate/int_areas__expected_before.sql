-- Families expected by the frame that counted on the day before the as-of day, desa and above: the denominators as they
-- stood then.
with frame_before as (
    select max(snapshot_day) as snapshot_day
    from {{ ref('int_frame__snapshots') }}
    where snapshot_day < {{ as_of() }}
),

sub_sls as (
    select
        s.idsubsls,
        max(s.expected_families) as expected_families
    from {{ ref('stg_headquarters__sub_sls') }} as s
    inner join frame_before as f on s.snapshot_day = f.snapshot_day
    group by s.idsubsls
)

{% for level, digits in published_levels() %}
select
    '{{ level }}' as area_level,
    substr(idsubsls, 1, {{ digits }}) as area_code,
    cast(sum(expected_families) as integer) as expected_families
from sub_sls
group by substr(idsubsls, 1, {{ digits }})
{% if not loop.last %}union all{% endif %}
{% endfor %}
