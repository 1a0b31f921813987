-- What the score reads and what it cannot: every variable of the weights, asked or not.
select
    model_version,
    variable,
    label,
    treatment,
    treatment in ('asked', 'derived') as is_asked,
    coefficient,
    mean_value,
    case
        when treatment = 'intercept' then coefficient
        when treatment = 'held_at_mean' then cast(coefficient * mean_value as {{ pmt_sum_type() }})
    end as in_intercept,
    form_source,
    note,
    model_version = '{{ pmt_model_version() }}' as is_in_force,
    {{ as_of() }} as as_of
from {{ ref('pmt_weights') }}
