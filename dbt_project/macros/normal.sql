{# The normal distribution. #}

{# Phi(x): Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.17; off by less than 7.5e-8. Null where x is. #}
{% macro normal_cdf(x) -%}
    case
        when {{ x }} >= 0 then 1 - {{ normal_upper_tail(x) }}
        when {{ x }} < 0 then {{ normal_upper_tail('(-(' ~ x ~ '))') }}
    end
{%- endmacro %}

{# 1 - Phi(x) for x from 0 up; 0.3989422804 is 1 / sqrt(2 pi). #}
{% macro normal_upper_tail(x) -%}
    {%- set t = '(1 / (1 + 0.2316419 * ' ~ x ~ '))' -%}
    0.3989422804014327e0 * exp(-0.5e0 * {{ x }} * {{ x }}) * {{ t }} * (
        0.319381530e0 + {{ t }} * (
            -0.356563782e0 + {{ t }} * (1.781477937e0 + {{ t }} * (-1.821255978e0 + {{ t }} * 1.330274429e0))
        )
    )
{%- endmacro %}
