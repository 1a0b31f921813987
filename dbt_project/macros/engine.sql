{# What two engines say differently, and nothing else. duckdb__ and spark__ versions must mean the same. #}

{% macro to_integer(text) %}{{ return(adapter.dispatch('to_integer')(text)) }}{% endmacro %}
{# Digits only: a cast alone would read '1.6' as 2 and '1e3' as 1000. #}
{% macro duckdb__to_integer(text) %}case when regexp_full_match({{ text }}, '[0-9]{1,9}') then cast({{ text }} as integer) end{% endmacro %}
{% macro spark__to_integer(text) %}case when {{ text }} rlike '^[0-9]{1,9}$' then cast({{ text }} as int) end{% endmacro %}

{% macro to_double(text) %}{{ return(adapter.dispatch('to_double')(text)) }}{% endmacro %}
{% macro duckdb__to_double(text) %}try_cast({{ text }} as double){% endmacro %}
{% macro spark__to_double(text) %}try_cast({{ text }} as double){% endmacro %}

{% macro to_day(text) %}{{ return(adapter.dispatch('to_day')(text)) }}{% endmacro %}
{% macro duckdb__to_day(text) %}case when regexp_full_match({{ text }}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') then try_cast({{ text }} as date) end{% endmacro %}
{% macro spark__to_day(text) %}case when {{ text }} rlike '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' then try_cast({{ text }} as date) end{% endmacro %}

{# An ISO 8601 text with offset as microseconds since 1970; without an offset it names no instant. #}
{% macro to_instant_us(text) %}{{ return(adapter.dispatch('to_instant_us')(text)) }}{% endmacro %}
{% macro duckdb__to_instant_us(text) %}case when regexp_matches({{ text }}, '([+-][0-9]{2}:?[0-9]{2}|Z)$') then epoch_us(try_cast({{ text }} as timestamptz)) end{% endmacro %}
{% macro spark__to_instant_us(text) %}case when {{ text }} rlike '([+-][0-9]{2}:?[0-9]{2}|Z)$' then unix_micros(try_cast({{ text }} as timestamp)) end{% endmacro %}

{% macro matches(text, pattern) %}{{ return(adapter.dispatch('matches')(text, pattern)) }}{% endmacro %}
{% macro duckdb__matches(text, pattern) %}regexp_full_match({{ text }}, '{{ pattern }}'){% endmacro %}
{% macro spark__matches(text, pattern) %}({{ text }} rlike '^({{ pattern }})$'){% endmacro %}

{# One row a day, both ends in. #}
{% macro days_between(first_day, last_day, name) %}{{ return(adapter.dispatch('days_between')(first_day, last_day, name)) }}{% endmacro %}
{% macro duckdb__days_between(first_day, last_day, name) %}select cast(unnest(generate_series(cast({{ first_day }} as timestamp), cast({{ last_day }} as timestamp), interval 1 day)) as date) as {{ name }}{% endmacro %}
{% macro spark__days_between(first_day, last_day, name) %}select explode(sequence({{ first_day }}, {{ last_day }}, interval 1 day)) as {{ name }}{% endmacro %}

{% macro days_from_to(first_day, last_day) %}{{ return(adapter.dispatch('days_from_to')(first_day, last_day)) }}{% endmacro %}
{% macro duckdb__days_from_to(first_day, last_day) %}date_diff('day', {{ first_day }}, {{ last_day }}){% endmacro %}
{% macro spark__days_from_to(first_day, last_day) %}datediff({{ last_day }}, {{ first_day }}){% endmacro %}

{# 1 Monday … 7 Sunday. #}
{% macro weekday(day) %}{{ return(adapter.dispatch('weekday')(day)) }}{% endmacro %}
{% macro duckdb__weekday(day) %}isodow({{ day }}){% endmacro %}
{% macro spark__weekday(day) %}(weekday({{ day }}) + 1){% endmacro %}

{# Texts of a group, joined in a stated order. #}
{% macro joined(text, order_by) %}{{ return(adapter.dispatch('joined')(text, order_by)) }}{% endmacro %}
{% macro duckdb__joined(text, order_by) %}string_agg({{ text }}, chr(30) order by {{ order_by }}){% endmacro %}
{% macro spark__joined(text, order_by) %}array_join(transform(array_sort(collect_list(struct({{ order_by }}, {{ text }} as joined_text))), x -> x.joined_text), chr(30)){% endmacro %}
