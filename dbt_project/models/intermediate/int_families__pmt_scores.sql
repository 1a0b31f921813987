-- The proxy-means score: what families like this one spend per head in the survey the weights come from, in logarithms.
-- It ranks and is never money. What the form does not ask, or a family did not answer, stands at the survey's mean. A
-- family all of whose members died, moved or were not found has nobody to rank: it keeps its row and has no score.
{{ config(materialized='view') }}

with in_force as (
    {{ pmt_model_in_force(ref('pmt_models')) }}
),

weights as (
    select
        max(model_version) as model_version,
        {%- for name in pmt_variables() %}
        max(case when variable = '{{ name }}' then coefficient end) as {{ name }}_coefficient,
        max(case when variable = '{{ name }}' then mean_value end) as {{ name }}_mean,
        {%- endfor %}
        cast(sum(
            case
                when treatment = 'intercept' then coefficient
                when treatment = 'held_at_mean' then coefficient * mean_value
                else 0
            end
        ) as {{ pmt_sum_type() }}) as intercept
    from {{ ref('pmt_weights') }}
    where model_version in (select f.model_version from in_force as f)
)

select
    i.document_id,
    i.idsubsls,
    i.r109,
    i.r110,
    i.resident_persons,
    w.model_version,
    case when i.resident_persons = 0 then 'no_residents' end as unscored_reason,
    case
        when i.resident_persons > 0 then cast(
            w.intercept + {{ pmt_weighted_sum('i', 'w') }}
            as decimal(12, 6)
        )
    end as pmt_score,
    case
        when i.resident_persons > 0 then {{ pmt_missing_inputs('i') }}
    end as missing_inputs
from {{ ref('int_families__pmt_inputs') }} as i
cross join weights as w
