{# Terms of the proxy-means score (docs/family_welfare.md). Weights are data: seeds/targeting/pmt_weights.csv. #}

{# The version of the weights in force: the newest of seed pmt_models whose day has come by the as-of day. #}
{% macro pmt_model_in_force(models) -%}
    select max_by(model_version, valid_from) as model_version
    from {{ models }}
    where valid_from <= {{ as_of() }}
{%- endmacro %}

{# Variables that form REGSOSEK22-K answers. #}
{% macro pmt_asked_variables() %}
    {{ return([
        'pcfloor', 'tfloor', 'twall', 'troof', 'toilet', 'water', 'lighting', 'fcook', 'house',
        'hhsize', 'hhage', 'hhmale', 'hhmarried', 'age04', 'depratio', 'eschild', 'jschild', 'sschild',
        'hheduc2', 'hheduc3', 'hheduc4', 'higheduc2', 'higheduc3', 'higheduc4',
        'formal', 'informal', 'hhsector1', 'hhsector2', 'hhsector3', 'credit',
        'ac', 'computer', 'gas', 'refrigerator', 'bicycle', 'motorcycle', 'auto', 'hp', 'cow'
    ]) }}
{% endmacro %}

{# Terms made from them; a derived term whose part is missing is held at its own mean and not counted as missing. #}
{% macro pmt_derived_variables() %}{{ return(['hhsize2', 'hhage2', 'hhmalemarr']) }}{% endmacro %}

{% macro pmt_variables() %}{{ return(pmt_asked_variables() + pmt_derived_variables()) }}{% endmacro %}

{# Exact on every engine: weights with eight decimals (seed pmt_weights), values with four, sums with twelve. A product has
   18 digits, which DuckDB still counts in 64 bits, and ten of them stay within the 38 digits of Spark. #}
{% macro pmt_value_type() %}decimal(8, 4){% endmacro %}
{% macro pmt_sum_type() %}decimal(18, 12){% endmacro %}

{# The linear part of the score, a missing value at its mean; summed in tens, or decimals outgrow what Spark holds. #}
{% macro pmt_weighted_sum(inputs, weights) %}
    {%- for ten in pmt_variables() | batch(10) -%}
        {%- if not loop.first %}
        + {% endif -%} cast(
        {%- for variable in ten %}
            {% if not loop.first %}+ {% endif -%}
            {{ weights }}.{{ variable }}_coefficient
            * coalesce(cast({{ inputs }}.{{ variable }} as {{ pmt_value_type() }}), {{ weights }}.{{ variable }}_mean)
        {%- endfor %}
            as {{ pmt_sum_type() }}
        )
    {%- endfor -%}
{% endmacro %}

{# How many asked variables are missing. #}
{% macro pmt_missing_inputs(inputs) %}
    {%- for variable in pmt_asked_variables() %}
        {% if not loop.first %}+ {% endif -%} case when {{ inputs }}.{{ variable }} is null then 1 else 0 end
    {%- endfor -%}
{% endmacro %}

{# 1 for these codes, 0 for the others of the list, null where nothing of the list was written. #}
{% macro is_code(column, codes, first_code, last_code) -%}
    case
        when {{ column }} in ({{ codes | join(', ') }}) then 1
        when {{ column }} between {{ first_code }} and {{ last_code }} then 0
    end
{%- endmacro %}

{# 1 yes, 2 no. #}
{% macro is_yes(column) %}{{ return(is_code(column, [1], 1, 2)) }}{% endmacro %}

{# Schooling (r413, r415) in stages: 2 elementary, 3 junior high, 4 senior high, 5 beyond. #}
{% macro school_stage(column) -%}
    case
        when {{ column }} between 1 and 5 then 2
        when {{ column }} between 6 and 10 then 3
        when {{ column }} between 11 and 17 then 4
        when {{ column }} between 18 and 22 then 5
    end
{%- endmacro %}

{# A value of the head of family (head is 1 or null), known where exactly one resident is head. #}
{% macro of_head(value) %}case when count(head) = 1 then max(head * {{ value }}) end{% endmacro %}

{# A figure over residents: known where every resident's part of it is. #}
{% macro where_all_known(value, figure) %}case when count({{ value }}) = count(*) then {{ figure }} end{% endmacro %}

{# Tenth of a total order of families in which a family's middle person stands. #}
{% macro person_decile(persons_to_here, persons, persons_in_all) -%}
    cast(floor(
        10 * cast(2 * {{ persons_to_here }} - {{ persons }} as double) / cast(2 * {{ persons_in_all }} as double)
    ) + 1 as integer)
{%- endmacro %}

{# Deciles of an area may still move while fewer than 95 in 100 of its expected families are enumerated. #}
{% macro is_provisional(enumerated, expected) %}coalesce({{ enumerated }} * 100 < {{ expected }} * 95 or {{ expected }} = 0, true){% endmacro %}

{# Every version of seed and macro name the same variables, both ways, with the treatment the model gives them. #}
{% test agrees_with_pmt_macros(model, models) %}
with named as (
    {% for variable in pmt_variables() %}
    select
        '{{ variable }}' as variable,
        '{{ "asked" if variable in pmt_asked_variables() else "derived" }}' as treatment
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
    union all
    select
        'const' as variable,
        'intercept' as treatment
),

expected as (
    select
        v.model_version,
        n.variable,
        n.treatment
    from {{ models }} as v
    cross join named as n
),

weighted as (
    select
        model_version,
        variable,
        treatment
    from {{ model }}
    where treatment <> 'held_at_mean'
)

select
    e.model_version as expected_version,
    e.variable as expected_variable,
    w.model_version as weighted_version,
    w.variable as weighted_variable
from expected as e
full outer join weighted as w
    on e.model_version = w.model_version and e.variable = w.variable and e.treatment = w.treatment
where e.variable is null or w.variable is null
{% endtest %}

{# Without weights nobody could be ranked: the build stops before it tries. #}
{% test has_a_version_in_force(model) %}
with in_force as (
    {{ pmt_model_in_force(model) }}
)

select model_version from in_force where model_version is null
{% endtest %}
