{# Terms of the field work that more than one model uses. #}

{% macro as_of() %}cast('{{ var("as_of") }}' as date){% endmacro %}
{% macro field_start() %}cast('{{ var("field_start") }}' as date){% endmacro %}
{% macro field_end() %}cast('{{ var("field_end") }}' as date){% endmacro %}

{# A quotient of whole numbers to a fixed number of decimals, null where there is nothing to divide by. #}
{% macro quotient(numerator, denominator, digits) -%}
    cast({{ rounded(numerator ~ ' / cast(nullif(' ~ denominator ~ ', 0) as double)', digits) }} as decimal(12, {{ digits }}))
{%- endmacro %}

{# A share; above 1 is legal and stays. #}
{% macro share(numerator, denominator) %}{{ quotient(numerator, denominator, 6) }}{% endmacro %}

{# Enumerated: a visit that reached the family, complete (1) or not (2). #}
{% macro is_enumerated(outcome) %}({{ outcome }} in (1, 2)){% endmacro %}

{# A resident: living with the family (1) or new in it (5), final codes. #}
{% macro is_resident(presence) %}({{ presence }} in (1, 5)){% endmacro %}

{# Area levels and how many digits of idsubsls name each (BPS codes). #}
{% macro area_levels() %}
    {{ return([('province', 2), ('kab_kota', 4), ('kecamatan', 7), ('desa', 10), ('sub_sls', 16)]) }}
{% endmacro %}

{# r205, the result of a visit. #}
{% macro visit_outcomes() %}
    {{ return([(1, 'complete'), (2, 'incomplete'), (3, 'no_respondent'), (4, 'refused'), (5, 'moved')]) }}
{% endmacro %}

{# What progress_area_daily counts per area and day. #}
{% macro daily_measures() %}
    {% set measures = ['enumerated_families', 'enumerated_persons'] %}
    {% for code, name in visit_outcomes() %}{% do measures.append(name ~ '_families') %}{% endfor %}
    {{ return(measures + ['accepted_documents', 'held_documents', 'superseded_documents']) }}
{% endmacro %}

{# r101 to r105 as the contract writes them: 2, 2, 3, 3 and 6 digits. #}
{% macro is_area_code() %}{{ return(matches("concat_ws('|', r101, r102, r103, r104, r105)", area_code_pattern())) }}{% endmacro %}

{# What a document d is rejected for by itself, k being its sub-SLS in the frame of its field day (contract §3). #}
{% macro own_rejection() -%}
    case
        when not coalesce(d.is_area_code, false) then 'BAD_AREA_CODE'
        when k.idsubsls is null then 'UNKNOWN_SUB_SLS'
        when d.document_id is null or d.revision_number is null then 'BAD_ID'
        when coalesce(d.r109, 0) not between 1 and 999 or coalesce(d.r110, 0) not between 1 and 999
            then 'BAD_FAMILY_NUMBER'
    end
{%- endmacro %}

{# The kab/kota a row belongs to: its area's, else its enumerator's, else the one in the bundle's name. #}
{% macro kab_of(idsubsls, kab_of_enumerator, named_kab) -%}
    case
        when {{ idsubsls }} <> 'UNKNOWN' then substr({{ idsubsls }}, 1, 4)
        else coalesce({{ kab_of_enumerator }}, {{ named_kab }}, 'UNKNOWN')
    end
{%- endmacro %}
