{# Terms of shock response (docs/shock.md). #}

{# Any of the ten functions (r428a to r428j) is answered with one of its two severest codes. #}
{% macro has_severe_difficulty(person) -%}
    coalesce(
        {%- for domain in 'abcdefghij' %}
        {% if not loop.first %}or {% endif %}coalesce({{ person }}.r428{{ domain }} in (1, 2), false)
        {%- endfor %},
        false
    )
{%- endmacro %}

{# Statuses of an affected person, and the flags of a resident with the name of their count. #}
{% macro affected_statuses() %}{{ return(['confirmed', 'suspected', 'recovered', 'dead']) }}{% endmacro %}
{% macro vulnerabilities() %}
    {{ return([
        ('is_under_5', 'under_5_persons'), ('is_60_plus', 'aged_60_plus_persons'), ('is_pregnant', 'pregnant_persons'),
        ('has_disability', 'disability_persons'), ('has_chronic_illness', 'chronic_illness_persons'),
        ('lacks_caregiver', 'lacks_caregiver_persons')
    ]) }}
{% endmacro %}

{# Digits of the BPS codes an event may name: province to sub-SLS, and the SLS. #}
{% macro event_area_digits() %}{{ return([2, 4, 7, 10, 14, 16]) }}{% endmacro %}

{# Bands of 0.01 degrees: a family meets only the sides of its own band, by plain equality. #}
{% macro latitude_band(latitude) %}cast(floor({{ latitude }} * 100) as integer){% endmacro %}
{% macro first_band() %}{{ return(-1200) }}{% endmacro %}
{% macro last_band() %}{{ return(700) }}{% endmacro %}

{# The point (x, y) crosses side e to its east. #}
{% macro crosses(x, y) -%}
    (e.lat1 > {{ y }}) <> (e.lat2 > {{ y }})
    and {{ x }} < (e.lon2 - e.lon1) * ({{ y }} - e.lat1) / nullif(e.lat2 - e.lat1, 0) + e.lon1
{%- endmacro %}

{# Sub-SLS whose code begins with a code that the event names; a relation lengths says how long codes are. #}
{% macro named_sub_sls() %}
    select distinct
        a.event_id,
        s.area_code as idsubsls
    from {{ ref('area') }} as s
    cross join lengths as l
    inner join {{ ref('int_events__areas') }} as a on substr(s.area_code, 1, l.digits) = a.area_code
    where s.area_level = 'sub_sls'
{% endmacro %}

{# How many digits a code may have, one row each. #}
{% macro code_lengths() %}
    {%- for digits in event_area_digits() %}
    select {{ digits }} as digits
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{% endmacro %}

{# Priority points of a family (docs/shock.md): harm, vulnerability, poverty. #}
{% macro harm_points(family) -%}
    case
        when {{ family }}.confirmed_persons + {{ family }}.dead_persons > 0 then 50
        when {{ family }}.suspected_persons > 0 then 30
        when {{ family }}.in_footprint then 20
        when {{ family }}.recovered_persons > 0 then 10
        else 5
    end
{%- endmacro %}
{% macro vulnerability_points(family) %}5 * {{ family }}.vulnerability_kinds{% endmacro %}
{% macro poverty_points(family) %}coalesce(2 * (11 - {{ family }}.decile_family_province), 11){% endmacro %}

{# What shock_caseload counts, by name, as it is read from a family of shock_affected_family; every one adds up. #}
{% macro caseload() %}
    {% set counted = {
        'footprint_families': 'case when in_footprint then 1 else 0 end',
        'footprint_persons': 'case when in_footprint then resident_persons else 0 end',
        'affected_families': 'case when affected_persons > 0 then 1 else 0 end',
        'hit_families': 'case when is_hit then 1 else 0 end',
        'hit_persons': 'case when is_hit then resident_persons else 0 end'
    } %}
    {% for status in affected_statuses() %}{% do counted.update({status ~ '_persons': status ~ '_persons'}) %}{% endfor %}
    {% for flag, persons in vulnerabilities() %}
        {% do counted.update({persons: 'case when is_hit then ' ~ persons ~ ' else 0 end'}) %}
    {% endfor %}
    {% do counted.update({
        'unlocated_families': 'case when is_hit then 0 else 1 end',
        'unlocated_persons': 'case when is_hit then 0 else resident_persons end',
        'unvisited_families': '0',
        'unvisited_persons': '0',
        'families_low': 'case when is_hit and not is_held then 1 else 0 end',
        'persons_low': 'case when is_hit and not is_held then resident_persons else 0 end'
    }) %}
    {{ return(counted) }}
{% endmacro %}

{# The same, of no family but for the measures given. #}
{% macro caseload_of_nobody(given) %}
    {%- for measure in caseload() %}
    {{ given.get(measure, '0') }} as {{ measure }} {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}
