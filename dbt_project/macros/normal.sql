{# The normal distribution. #}

{# Phi(x), off by less than 1e-12: Hart et al., Computer Approximations (1968), algorithm 5666, as West gives it ("Better
   approximations to cumulative normal functions", Wilmott 2005). Null where x is. Give it a column: x stands in it often. #}
{% macro normal_cdf(x) -%}
    case
        when {{ x }} is null then null
        when abs({{ x }}) > 7e0 then case when {{ x }} > 0 then 1e0 else 0e0 end
        when {{ x }} > 0 then 1e0 - {{ normal_tail(x) }}
        else {{ normal_tail(x) }}
    end
{%- endmacro %}

{# The probability beyond |x|, for |x| up to 7. #}
{% macro normal_tail(x) -%}
    exp(-0.5e0 * {{ x }} * {{ x }})
    * {{ horner('abs(' ~ x ~ ')', ['3.52624965998911e-2', '0.700383064443688e0', '6.37396220353165e0', '33.912866078383e0',
                                   '112.079291497871e0', '221.213596169931e0', '220.206867912376e0']) }}
    / {{ horner('abs(' ~ x ~ ')', ['8.83883476483184e-2', '1.75566716318264e0', '16.064177579207e0', '86.7807322029461e0',
                                   '296.564248779674e0', '637.333633378831e0', '793.826512519948e0', '440.413735824752e0']) }}
{%- endmacro %}

{% macro normal_density(z) %}(0.3989422804014327e0 * exp(-({{ z }}) * ({{ z }}) / 2e0)){% endmacro %}

{# A polynomial, highest power first. #}
{% macro horner(x, coefficients) -%}
    {{ '(' * (coefficients | length - 1) }}{{ coefficients[0] }}
    {%- for coefficient in coefficients[1:] %} * {{ x }} + {{ coefficient }}){% endfor %}
{%- endmacro %}
