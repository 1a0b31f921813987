-- Every sub-SLS with the areas it lies in. A sub-SLS that left the frame keeps its documents, so it keeps its place.
with sub_sls as (
    select idsubsls from {{ ref('int_sub_sls__current') }}
    union
    select idsubsls from {{ ref('int_documents__fate') }}
    where idsubsls <> 'UNKNOWN'
)

{% for level, digits in area_levels() %}
select
    '{{ level }}' as area_level,
    substr(idsubsls, 1, {{ digits }}) as area_code,
    idsubsls
from sub_sls
{% if not loop.last %}union all{% endif %}
{% endfor %}
