{# What two engines say differently, and nothing else. duckdb__ and spark__ versions must mean the same. #}

{% macro to_integer(text) %}{{ return(adapter.dispatch('to_integer')(text)) }}{% endmacro %}
{# Digits only: a cast alone would read '1.6' as 2 and '1e3' as 1000. #}
{% macro duckdb__to_integer(text) %}case when regexp_full_match({{ text }}, '[0-9]{1,9}') then cast({{ text }} as integer) end{% endmacro %}
{% macro spark__to_integer(text) %}case when {{ text }} rlike r'^[0-9]{1,9}\z' then try_cast({{ text }} as int) end{% endmacro %}

{% macro to_double(text) %}{{ return(adapter.dispatch('to_double')(text)) }}{% endmacro %}
{% macro duckdb__to_double(text) %}try_cast({{ text }} as double){% endmacro %}
{# Java would also read '1.5f', '1d' and '0x1p3', and would not read 1_000. #}
{% macro spark__to_double(text) %}case when {{ text }} not rlike r'[xX]|[0-9.][dDfF]\s*\z' then try_cast(regexp_replace({{ text }}, r'(?<=[0-9])_(?=[0-9])', '') as double) end{% endmacro %}

{% macro to_day(text) %}{{ return(adapter.dispatch('to_day')(text)) }}{% endmacro %}
{% macro duckdb__to_day(text) %}case when regexp_full_match({{ text }}, '[0-9]{4}-[0-9]{2}-[0-9]{2}') then try_cast({{ text }} as date) end{% endmacro %}
{% macro spark__to_day(text) %}case when {{ text }} rlike r'^[0-9]{4}-[0-9]{2}-[0-9]{2}\z' then try_cast({{ text }} as date) end{% endmacro %}

{# An ISO 8601 text with offset as microseconds since 1970; without an offset it names no instant. #}
{% macro to_instant_us(text) %}{{ return(adapter.dispatch('to_instant_us')(text)) }}{% endmacro %}
{% macro duckdb__to_instant_us(text) %}case when regexp_matches({{ text }}, '([+-][0-9]{2}:?[0-9]{2}|Z)$') then epoch_us(try_cast({{ text }} as timestamptz)) end{% endmacro %}
{# A date must be there: Spark gives a time alone the day of the run. What no clock writes (hour 24, an offset of 19 hours) is null on Spark. #}
{% macro spark__to_instant_us(text) %}case when {{ text }} rlike r'^\s*-?[0-9]+-[0-9]+-[0-9]+([T ][0-9:.]+)?([+-][0-9]{2}:?[0-9]{2}|Z)\z' then unix_micros(try_cast({{ text }} as timestamp)) end{% endmacro %}

{# A timestamp with time zone as microseconds since 1970. #}
{% macro instant_us(instant) %}{{ return(adapter.dispatch('instant_us')(instant)) }}{% endmacro %}
{% macro duckdb__instant_us(instant) %}epoch_us({{ instant }}){% endmacro %}
{% macro spark__instant_us(instant) %}unix_micros({{ instant }}){% endmacro %}

{% macro matches(text, pattern) %}{{ return(adapter.dispatch('matches')(text, pattern)) }}{% endmacro %}
{% macro duckdb__matches(text, pattern) %}regexp_full_match({{ text }}, '{{ pattern }}'){% endmacro %}
{% macro spark__matches(text, pattern) %}({{ text }} rlike r'^({{ pattern }})\z'){% endmacro %}

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

{# A double rounded as DuckDB does it, scaled up and halves away from zero: Spark's own would round the decimals it prints. #}
{% macro rounded(value, digits) %}{{ return(adapter.dispatch('rounded')(value, digits)) }}{% endmacro %}
{% macro duckdb__rounded(value, digits) %}round({{ value }}, {{ digits }}){% endmacro %}
{% macro spark__rounded(value, digits) %}(round(cast({{ value }} as double) * 1e{{ digits }}) / 1e{{ digits }}){% endmacro %}

{# A number of a key, for sorting out what may be equal: equal keys have equal numbers, and hardly any others. #}
{% macro key_hash(columns) %}{{ return(adapter.dispatch('key_hash')(columns)) }}{% endmacro %}
{% macro duckdb__key_hash(columns) %}hash({{ columns | join(', ') }}){% endmacro %}
{% macro spark__key_hash(columns) %}xxhash64({{ columns | join(', ') }}){% endmacro %}

{# Texts of a group, joined in a stated order. #}
{% macro joined(text, order_by) %}{{ return(adapter.dispatch('joined')(text, order_by)) }}{% endmacro %}
{% macro duckdb__joined(text, order_by) %}string_agg({{ text }}, chr(30) order by {{ order_by }}){% endmacro %}
{% macro spark__joined(text, order_by) %}listagg({{ text }}, chr(30)) within group (order by {{ order_by }}){% endmacro %}

{# One row a part of a text whose parts are divided by a control character. #}
{% macro each_part(text, character) %}{{ return(adapter.dispatch('each_part')(text, character)) }}{% endmacro %}
{% macro duckdb__each_part(text, character) %}unnest(string_split({{ text }}, chr({{ character }}))){% endmacro %}
{% macro spark__each_part(text, character) %}explode(split({{ text }}, chr({{ character }}))){% endmacro %}

{% macro day_after(day) %}{{ return(adapter.dispatch('day_after')(day)) }}{% endmacro %}
{% macro duckdb__day_after(day) %}cast({{ day }} + interval 1 day as date){% endmacro %}
{% macro spark__day_after(day) %}date_add({{ day }}, 1){% endmacro %}

{% macro day_before(day) %}{{ return(adapter.dispatch('day_before')(day)) }}{% endmacro %}
{% macro duckdb__day_before(day) %}cast({{ day }} - interval 1 day as date){% endmacro %}
{% macro spark__day_before(day) %}date_sub({{ day }}, 1){% endmacro %}

{# Texts of a group in their own order, one after the other. #}
{% macro joined_lines(text) %}{{ return(adapter.dispatch('joined_lines')(text)) }}{% endmacro %}
{% macro duckdb__joined_lines(text) %}string_agg({{ text }}, ' | ' order by {{ text }}){% endmacro %}
{% macro spark__joined_lines(text) %}listagg({{ text }}, ' | ') within group (order by {{ text }}){% endmacro %}
{# A name as names compare: capitals, every run of blanks (no-break and other Unicode ones too) one space, none at the ends; blanks alone are no name. #}
{% macro normalised_name(text) %}{{ return(adapter.dispatch('normalised_name')(text)) }}{% endmacro %}
{% macro duckdb__normalised_name(text) %}nullif(trim(regexp_replace(upper({{ text }}), '{{ blanks() }}', ' ', 'g')), ''){% endmacro %}
{% macro spark__normalised_name(text) %}nullif(trim(regexp_replace(upper({{ text }}), r'{{ blanks() }}', ' ')), ''){% endmacro %}
{# Spelt out: what \s holds differs from engine to engine. #}
{% macro blanks() %}[\x{09}-\x{0D}\x{20}\x{85}\x{A0}\x{1680}\x{2000}-\x{200B}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}\x{FEFF}]+{% endmacro %}

{% macro days_later(day, days) %}{{ return(adapter.dispatch('days_later')(day, days)) }}{% endmacro %}
{% macro duckdb__days_later(day, days) %}cast({{ day }} + interval {{ days }} day as date){% endmacro %}
{% macro spark__days_later(day, days) %}date_add({{ day }}, {{ days }}){% endmacro %}
{# A name as names are compared: capitals, without titles before it and degrees behind a comma, letters A to Z only. #}
{% macro folded_name(text) %}{{ return(adapter.dispatch('folded_name')(text)) }}{% endmacro %}
{% macro duckdb__folded_name(text) %}nullif(regexp_replace(regexp_replace(upper({{ text }}), '{{ around_a_name() }}', '', 'g'), '[^A-Z]+', '', 'g'), ''){% endmacro %}
{% macro spark__folded_name(text) %}nullif(regexp_replace(regexp_replace(upper({{ text }}), r'{{ around_a_name() }}', ''), '[^A-Z]+', ''), ''){% endmacro %}
{% macro around_a_name() %}^[ .]*((H|HJ|KH|DR|DRS|DRA|IR|PROF|ALM|ALMH)[ .]+)+|,(?s:.*)${% endmacro %}
{# One row a whole number, both ends in; a null end gives none. #}
{% macro each_number(first, last) %}{{ return(adapter.dispatch('each_number')(first, last)) }}{% endmacro %}
{% macro duckdb__each_number(first, last) %}unnest(generate_series({{ first }}, {{ last }})){% endmacro %}
{% macro spark__each_number(first, last) %}explode(sequence({{ first }}, {{ last }})){% endmacro %}
