{# The contract's columns, as include/contract.py lists them (a test holds the two together), and their final codes. #}

{% macro family_columns() %}
    {% set columns = ['submission_id', 'revision', 'is_deleted'] %}
    {% for n in range(101, 116) %}{% do columns.append('r' ~ n) %}{% endfor %}
    {% for n in range(201, 207) %}{% do columns.append('r' ~ n) %}{% endfor %}
    {% do columns.extend(['started_at', 'ended_at', 'latitude', 'longitude', 'accuracy_m', 'photo_sha256']) %}
    {% do columns.extend(housing_columns() + programme_columns() + asset_columns() + ['notes']) %}
    {{ return(columns) }}
{% endmacro %}

{% macro housing_columns() %}
    {{ return(['r301a', 'r301b', 'r302', 'r303', 'r304', 'r305', 'r306a', 'r306b', 'r307a', 'r307b1', 'r307b2', 'r307b3',
               'r308', 'r309a', 'r309b', 'r310']) }}
{% endmacro %}

{% macro programme_columns() %}
    {% set columns = [] %}
    {% for x in 'abcdefg' %}{% do columns.extend(['r501' ~ x, 'r501' ~ x ~ '_month', 'r501' ~ x ~ '_year']) %}{% endfor %}
    {{ return(columns) }}
{% endmacro %}

{% macro asset_columns() %}
    {% set columns = [] %}
    {% for x in 'abcdefghijklmn' %}{% do columns.append('r502' ~ x) %}{% endfor %}
    {% do columns.extend(['r503a', 'r503b']) %}
    {% for x in 'abcde' %}{% do columns.append('r504' ~ x) %}{% endfor %}
    {{ return(columns + ['r505', 'r506']) }}
{% endmacro %}

{# Columns of the family document that hold whole numbers or codes. #}
{% macro family_integers() %}
    {{ return(['r109', 'r110', 'r111', 'r112', 'r115', 'r205'] + housing_columns() + programme_columns() + asset_columns()) }}
{% endmacro %}

{% macro person_columns() %}
    {{ return(['submission_id', 'revision', 'r401', 'r402', 'r403'] + person_integers()[1:]) }}
{% endmacro %}

{% macro person_integers() %}
    {% set columns = ['r401', 'r404', 'r405', 'r406d', 'r406m', 'r406y'] %}
    {% for n in range(407, 416) %}{% do columns.append('r' ~ n) %}{% endfor %}
    {% do columns.extend(['r416a', 'r416b', 'r417', 'r418', 'r419', 'r420a', 'r420b']) %}
    {% for n in range(421, 428) %}{% do columns.append('r' ~ n) %}{% endfor %}
    {% for x in 'abcdefghij' %}{% do columns.append('r428' ~ x) %}{% endfor %}
    {% do columns.extend(['r429', 'r430']) %}
    {% for x in 'abcdef' %}{% do columns.append('r431' ~ x) %}{% endfor %}
    {{ return(columns) }}
{% endmacro %}

{# A column's text in the final codes, whichever form version it was written on (contract §3, draft recode). Codes compare as
   integers: `04` is 4. #}
{% macro in_final_codes(column) %}
    {%- if column == 'r404' -%}
        case when form_version = 'K-2022-draft' and {{ to_integer('r404') }} = 4 then '5'
            when form_version = 'K-2022-draft' and {{ to_integer('r404') }} = 5 then '6' else r404 end
    {%- elif column == 'r305' -%}
        case when form_version = 'K-2022-draft' and {{ to_integer('r305') }} = 5 then '6'
            when form_version = 'K-2022-draft' and {{ to_integer('r305') }} = 6 then '5' else r305 end
    {%- elif column == 'r308' -%} case when {{ to_integer('r308') }} in (0, 12) then '0' else r308 end
    {%- elif column == 'r306b' -%} case when {{ to_integer('r306b') }} = 3 then '8' else r306b end
    {%- else -%} {{ column }}
    {%- endif -%}
{% endmacro %}

{# Every contract column of a row as one text: two rows have the same content if these are equal. #}
{% macro content_of(columns) %}
    {%- for column in columns -%}
        coalesce({{ column }}, '') {%- if not loop.last %} || chr(31) || {% endif -%}
    {%- endfor -%}
{% endmacro %}

{% macro uuid_pattern() %}[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}{% endmacro %}

{% macro area_code_pattern() %}[0-9]{2}[|][0-9]{2}[|][0-9]{3}[|][0-9]{3}[|][0-9]{6}{% endmacro %}
