{# NIK and KK numbers as docs/domain.md §3 describes them; docs/rules.md lists what makes a dummy. #}

{% macro is_sixteen_digits(number) %}{{ matches(number, '[0-9]{16}') }}{% endmacro %}

{# A placeholder rather than a number: equal digits, 9999…, ascending, serial 0000. #}
{% macro is_placeholder(number) -%}
    (
        {{ number }} = repeat(substr({{ number }}, 1, 1), 16) or substr({{ number }}, 1, 4) = '9999'
        or {{ number }} = concat('12345678', '90123456') or substr({{ number }}, 13, 4) = '0000'
    )
{%- endmacro %}

{% macro province_codes() %}
    {{ return(range(11, 20) | list + [21] + range(31, 37) | list + [51, 52, 53] + range(61, 66) | list + range(71, 77) | list
              + [81, 82] + range(91, 98) | list) }}
{% endmacro %}

{% macro nik_part(nik, first, length) %}try_cast(substr({{ nik }}, {{ first }}, {{ length }}) as integer){% endmacro %}

{% macro nik_birth_day(nik) %}(({{ nik_part(nik, 7, 2) }}) % 40){% endmacro %}

{# What is wrong with a filled NIK, by itself; null where nothing is. A calendar has 29 February where the two-digit year
   divides by four: nobody alive was born in 1900. #}
{% macro nik_fault(nik) -%}
    case
        when {{ nik }} is null then null
        when not {{ is_sixteen_digits(nik) }} then 'format'
        when substr({{ nik }}, 13, 4) = '0000' then 'serial'
        when {{ is_placeholder(nik) }} then 'placeholder'
        when {{ nik_part(nik, 1, 2) }} not in ({{ province_codes() | join(', ') }}) then 'province'
        when {{ nik_part(nik, 7, 2) }} not between 1 and 31 and {{ nik_part(nik, 7, 2) }} not between 41 and 71 then 'day'
        when {{ nik_part(nik, 9, 2) }} not between 1 and 12 then 'month'
        when {{ nik_part(nik, 7, 2) }} % 40 > case
            when {{ nik_part(nik, 9, 2) }} in (4, 6, 9, 11) then 30
            when {{ nik_part(nik, 9, 2) }} <> 2 then 31
            when {{ nik_part(nik, 11, 2) }} % 4 = 0 then 29
            else 28
        end then 'calendar_date'
    end
{%- endmacro %}

{# missing, malformed, dummy or valid (docs/rules.md, nik_class). #}
{% macro nik_class(nik, fault, kk) -%}
    case
        when {{ nik }} is null then 'missing'
        when {{ fault }} = 'format' then 'malformed'
        when {{ fault }} is not null or {{ nik }} = {{ kk }} then 'dummy'
        else 'valid'
    end
{%- endmacro %}
