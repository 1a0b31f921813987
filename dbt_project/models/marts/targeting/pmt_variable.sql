-- What the score reads and what it cannot: every variable of the weights, asked or not.
with in_force as (
    {{ pmt_model_in_force(ref('pmt_models')) }}
)

select
    w.model_version,
    w.variable,
    w.label,
    w.treatment,
    w.treatment in ('asked', 'derived') as is_asked,
    w.coefficient,
    w.mean_value,
    case
        when w.treatment = 'intercept' then w.coefficient
        when w.treatment = 'held_at_mean' then cast(w.coefficient * w.mean_value as {{ pmt_sum_type() }})
    end as in_intercept,
    w.form_source,
    w.note,
    w.model_version = f.model_version as is_in_force,
    {{ as_of() }} as as_of
from {{ ref('pmt_weights') }} as w
cross join in_force as f
