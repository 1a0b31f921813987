{# Terms of the forecast (docs/forecast.md gives the source of each formula; docs/adr/0012 the reasons). #}

{# An area is complete when this share of its expected families is enumerated: from there on its deciles are no longer
   provisional. An enumerator is finished at the load, as in progress_enumerator_daily. #}
{% macro area_target_percent() %}{{ return(95) }}{% endmacro %}

{# Own pace: the last so many working days, four weeks. Older days were team days, or another season. #}
{% macro pace_days() %}{{ return(24) }}{% endmacro %}

{# The first working days of an assignment are no pace to go by: a regency lost its first week to enumerators who worked in
   teams (docs/domain.md §6.2). They count while fewer than two others are there. #}
{% macro start_up_days() %}{{ return(6) }}{% endmacro %}

{# Peers of the kab/kota count if so many have two days or more; else those of the province. #}
{% macro fewest_peers() %}{{ return(5) }}{% endmacro %}

{# Good and bad days come in runs (illness, a ceremony, rain): a sum of days varies so many times as much as if each
   day were for itself. Set by the back-test. #}
{% macro runs_of_days() %}{{ return(2.0) }}{% endmacro %}

{# The pace to come is not the pace that was: its standard deviation as a share of the pace, one's own and that of all
   together (weather, harvest, instructions). What moves all moved the days seen, too: the fewer these are, the more.
   Set by the back-test. #}
{% macro own_drift() %}{{ return(0.10) }}{% endmacro %}
{% macro common_drift() %}{{ return(0.06) }}{% endmacro %}
{% macro common_variance(own_days) -%}
    ({{ common_drift() }} * {{ common_drift() }} * (1 + {{ pace_days() }} / cast(greatest({{ own_days }}, 1) as double)))
{%- endmacro %}

{# Counts of visits are never taken to be more regular than this: variance of a day / mean. #}
{% macro least_dispersion() %}{{ return(0.1) }}{% endmacro %}

{# How far ahead the forecast looks, in days. #}
{% macro forecast_horizon_days() %}{{ return(365) }}{% endmacro %}

{# A double as an exact number with six decimals: its sums do not depend on the order of rows. #}
{% macro exact(value) %}cast({{ rounded(value, 6) }} as decimal(18, 6)){% endmacro %}

{# First day on which the chance of being complete reaches a share; chances are rounded, so engines agree. #}
{% macro first_day_at(chance, share) %}min(case when {{ chance }} >= {{ share }} then day end){% endmacro %}
