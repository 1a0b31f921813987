{# The rule catalogue is data: meta of the two models that evaluate it (docs/rules.md). #}

{% macro rule_catalogue(level) %}
    {% set rules = [] %}
    {% if execute %}
        {% set model = graph.nodes['model.regsosek.int_rules__' ~ level ~ '_breaches'] %}
        {% for rule in model.config.meta.catalogue %}{% do rules.append(dict(rule, level=level)) %}{% endfor %}
    {% endif %}
    {{ return(rules) }}
{% endmacro %}

{# Every rule a row breaks, as text: rule, version and what the rule shows, parted by chr(31); rules parted by chr(30). The
   values are put together only where the rule is broken, so that one pass over all rows stays cheap. #}
{% macro broken_rules(level) -%}
    concat_ws(
        chr(30)
        {%- for rule in rule_catalogue(level) %},
        case when {{ rule.breaks }} then concat_ws(chr(31), '{{ rule.id }}', '{{ rule.version }}', {{ shown(rule.shows, level) }}) end
        {%- endfor %}
    )
{%- endmacro %}

{# Whether a row breaks any rule: asked of all rows, so that only the few have their breaches put together. #}
{% macro breaks_any_rule(level) -%}
    (
        {%- for rule in rule_catalogue(level) %}
        {% if not loop.first %}or {% endif %}({{ rule.breaks }})
        {%- else %}
        false
        {%- endfor %}
    )
{%- endmacro %}

{# column=value; - for missing, ? for filled and unreadable. A word that counts offenders shows the offenders instead. #}
{% macro shown(words, level) -%}
    concat_ws('; '
    {%- for word in words -%}
        {%- if word == 'outside_codes' -%}{{ shown_outside(family_code_lists() if level == 'document' else person_code_lists()) }}
        {%- elif word == 'outside_assets' -%}{{ shown_outside(asset_code_lists()) }}
        {%- elif word == 'missing_answers' -%}{{ shown_missing(required_family_answers()) }}
        {%- elif word == 'misdated_programmes' -%}{{ shown_misdated() }}
        {%- else -%}, {{ shown_value(word) }}
        {%- endif -%}
    {%- endfor -%})
{%- endmacro %}

{% macro shown_value(column) -%}
    '{{ word_of_the_field(column) }}=' || coalesce(nullif(cast({{ column }} as string), '-1'), case when {{ column }} is null then '-' else '?' end)
{%- endmacro %}

{# What a supervisor reads for a word of docs/rules.md that no question of the form carries. #}
{% macro word_of_the_field(word) -%}
    {{ return({
        'persons': 'anggota tertulis', 'residents': 'anggota tinggal bersama', 'heads': 'kepala keluarga',
        'spouses': 'istri/suami', 'heads_with_degree': 'kepala keluarga berijazah D4/S1+',
        'civil_servants': 'PNS/TNI/Polri/BUMN', 'filled_answers': 'jawaban Blok III/V terisi',
        'filled_of_residents': 'isian r405-r431f terisi', 'filled_of_five': 'isian r412-r426 terisi',
        'difficulties': 'kesulitan berat (r428)', 'head_age': 'umur kepala keluarga',
        'other_families_with_kk': 'keluarga lain dengan KK ini', 'other_documents_with_photo': 'dokumen lain dengan foto ini',
        'other_documents_with_nik': 'dokumen lain dengan NIK ini', 'visits_of_the_day': 'kunjungan hari itu',
        'arrival_day': 'tanggal diterima', 'latitude': 'lintang', 'longitude': 'bujur'
    }.get(word, word)) }}
{%- endmacro %}

{% macro shown_outside(lists) -%}
    {% for column, legal in lists %}, case when not ({{ column }} {{ legal }}) then {{ shown_value(column) }} end{% endfor %}
{%- endmacro %}

{% macro shown_missing(columns) -%}
    {% for column in columns %}, case when {{ column }} is null then '{{ column }}=-' end{% endfor %}
{%- endmacro %}

{% macro shown_misdated() -%}
    {% for column, condition in misdated_conditions() -%}
    , case when {{ condition }} then concat_ws('; ', {{ shown_value(column) }}, {{ shown_value(column ~ '_month') }}, {{ shown_value(column ~ '_year') }}) end
    {%- endfor %}
{%- endmacro %}

{# A code as rules read it: -1 where something stands that is no whole number. #}
{% macro as_code(column, text) -%}
    case when {{ column }} is null and {{ text }} is not null then -1 else {{ column }} end
{%- endmacro %}

{# The same where only the names of what cannot be read are at hand. #}
{% macro code_unless_listed(column, unreadable) -%}
    case when {{ column }} is null and {{ unreadable }} like '%,{{ column.split('.') | last }},%' then -1 else {{ column }} end
{%- endmacro %}

{# Names of the columns that are filled and unreadable, between commas; null where there is none. #}
{% macro unreadable_columns(columns) -%}
    case when
        {%- for column in columns %}
        {% if not loop.first %}or {% endif %}({{ column }} is null and {{ column }}_text is not null)
        {%- endfor %}
    then concat_ws('', ','
        {%- for column in columns %},
        case when {{ column }} is null and {{ column }}_text is not null then '{{ column }},' end
        {%- endfor %}
    ) end
{%- endmacro %}

{# How many of these hold, 0 where none can be told. #}
{% macro count_of(conditions) -%}
    ({% for condition in conditions %}case when {{ condition }} then 1 else 0 end{% if not loop.last %} + {% endif %}{% endfor %})
{%- endmacro %}

{% macro count_filled(columns) -%}
    {% set conditions = [] %}
    {% for column in columns %}{% do conditions.append(column ~ ' is not null') %}{% endfor %}
    {{ count_of(conditions) }}
{%- endmacro %}

{% macro count_missing(columns) -%}
    {% set conditions = [] %}
    {% for column in columns %}{% do conditions.append(column ~ ' is null') %}{% endfor %}
    {{ count_of(conditions) }}
{%- endmacro %}

{# `lists` maps a column to the SQL that its legal values fulfil. #}
{% macro count_outside(lists) -%}
    {% set conditions = [] %}
    {% for column, legal in lists %}{% do conditions.append('not (' ~ column ~ ' ' ~ legal ~ ')') %}{% endfor %}
    {{ count_of(conditions) }}
{%- endmacro %}

{# Code lists of Blocks II and III, docs/domain.md §1.5 and §1.6. #}
{% macro family_code_lists() %}
    {{ return([
        ('r205', 'between 1 and 5'), ('r301a', 'between 1 and 5'), ('r301b', 'between 1 and 6'), ('r303', 'between 1 and 9'),
        ('r304', 'between 1 and 7'), ('r305', 'between 1 and 8'), ('r306a', 'between 1 and 11'), ('r306b', 'in (1, 2, 8)'),
        ('r307a', 'between 1 and 4'), ('r307b1', 'between 1 and 5'), ('r307b2', 'between 1 and 5'),
        ('r307b3', 'between 1 and 5'), ('r308', 'between 0 and 11'), ('r309a', 'between 1 and 6'),
        ('r309b', 'between 1 and 4'), ('r310', 'between 1 and 6')
    ]) }}
{% endmacro %}

{# Code lists of Block V, docs/domain.md §1.8. #}
{% macro asset_code_lists() %}
    {% set lists = [] %}
    {% for x in 'abcdefg' %}{% do lists.append(('r501' ~ x, 'between 1 and 2')) %}{% endfor %}
    {% for x in 'abcdefghijklmn' %}{% do lists.append(('r502' ~ x, 'between 1 and 2')) %}{% endfor %}
    {% for x in 'ab' %}{% do lists.append(('r503' ~ x, 'between 1 and 2')) %}{% endfor %}
    {% for x in 'abcde' %}{% do lists.append(('r504' ~ x, 'between 0 and 999')) %}{% endfor %}
    {{ return(lists + [('r505', 'between 0 and 3'), ('r506', 'between 1 and 4')]) }}
{% endmacro %}

{# What a visit has to ask of every family: docs/rules.md, missing_answers. #}
{% macro required_family_answers() %}
    {% set assets = [] %}
    {% for column, legal in asset_code_lists() %}{% do assets.append(column) %}{% endfor %}
    {{ return(['r205', 'r301a', 'r302', 'r303', 'r304', 'r305', 'r306a', 'r307a', 'r308', 'r309a'] + assets) }}
{% endmacro %}

{# Code lists and ranges of Block IV, docs/domain.md §1.7. #}
{% macro person_code_lists() %}
    {% set lists = [
        ('r401', 'between 1 and 99'), ('r404', 'between 1 and 6'), ('r405', 'between 1 and 2'),
        ('r406d', 'between 1 and 31 or r406d = 98'), ('r406m', 'between 1 and 12 or r406m = 98'),
        ('r406y', 'between 1900 and field_year'), ('r407', 'between 0 and 98'), ('r408', 'between 1 and 4'),
        ('r409', 'between 1 and 8'), ('r410', 'between 1 and 2'), ('r412', 'between 1 and 3'), ('r413', 'between 1 and 22'),
        ('r414', 'between 1 and 8'), ('r415', 'between 1 and 23'), ('r416a', 'between 1 and 2'),
        ('r416b', 'between 1 and 99'), ('r417', 'between 1 and 26'), ('r418', 'between 1 and 8'),
        ('r419', 'between 1 and 3'), ('r420a', 'between 1 and 2'), ('r421', 'between 1 and 26'),
        ('r422', 'between 0 and 999'), ('r423', 'between 0 and 99'), ('r424', 'between 1 and 12'),
        ('r425', 'between 1 and 7'), ('r427', 'in (1, 2, 3, 8)'), ('r429', 'between 1 and 3'), ('r430', 'between 1 and 18')
    ] %}
    {% for x in 'abcdefghij' %}{% do lists.append(('r428' ~ x, 'between 1 and 4')) %}{% endfor %}
    {{ return(lists) }}
{% endmacro %}

{# Columns a resident alone fills, and those asked from five years on. #}
{% macro columns_of_five() %}
    {{ return(['r412', 'r413', 'r414', 'r415', 'r416a', 'r416b', 'r417', 'r418', 'r419', 'r420a', 'r420b', 'r421', 'r422',
               'r423', 'r424', 'r425', 'r426']) }}
{% endmacro %}

{% macro columns_of_residents() %}
    {% set columns = ['r405', 'r406d', 'r406m', 'r406y', 'r407', 'r408', 'r409', 'r410'] + columns_of_five() + ['r427'] %}
    {% for x in 'abcdefghij' %}{% do columns.append('r428' ~ x) %}{% endfor %}
    {{ return(columns + ['r429', 'r431b', 'r431c', 'r431d', 'r431e', 'r431f']) }}
{% endmacro %}

{% macro difficulties() -%}
    {% set conditions = [] %}
    {% for x in 'abcdefghij' %}{% do conditions.append('r428' ~ x ~ ' in (1, 2)') %}{% endfor %}
    {{ count_of(conditions) }}
{%- endmacro %}

{# F10: the last receipt of a programme lies between October 2021 and October 2022 (docs/domain.md §1.8). Programme and what is
   wrong with its dates. #}
{% macro misdated_conditions(first_month=202110, last_month=202210) %}
    {% set conditions = [] %}
    {% for x in 'abcdefg' %}
        {% set code, month, year = 'r501' ~ x, 'r501' ~ x ~ '_month', 'r501' ~ x ~ '_year' %}
        {% do conditions.append((code,
            '(coalesce(' ~ code ~ ' <> 1, true) and (' ~ month ~ ' is not null or ' ~ year ~ ' is not null))'
            ~ ' or not (' ~ month ~ ' between 1 and 12 or ' ~ month ~ ' = 98)'
            ~ ' or ' ~ year ~ ' not between ' ~ first_month // 100 ~ ' and ' ~ last_month // 100
            ~ ' or (' ~ month ~ ' between 1 and 12 and cast(' ~ year ~ ' as bigint) * 100 + ' ~ month ~ ' not between '
            ~ first_month ~ ' and ' ~ last_month ~ ')'
        )) %}
    {% endfor %}
    {{ return(conditions) }}
{% endmacro %}

{% macro misdated_programmes() -%}
    {{ count_of(misdated_conditions() | map(attribute=1) | list) }}
{%- endmacro %}

{# Step of a school level or certificate; 23, no certificate, has none. #}
{% macro school_step(code) -%}
    case
        when {{ code }} between 1 and 5 then 1 when {{ code }} between 6 and 10 then 2 when {{ code }} between 11 and 17 then 3
        when {{ code }} between 18 and 22 then {{ code }} - 14
    end
{%- endmacro %}

{% macro least_age_of_level(code) -%}
    case
        when {{ code }} between 1 and 5 then 5 when {{ code }} between 6 and 10 then 11 when {{ code }} between 11 and 17 then 14
        when {{ code }} in (18, 19) then 17 when {{ code }} in (20, 21) then 21 when {{ code }} = 22 then 23
    end
{%- endmacro %}

{# Breaches as rows: one a broken rule, taken from the text of broken_rules. #}
{% macro breaches_of(relation, columns) %}
with told as (
    select
        {{ columns | join(',\n        ') }},
        {{ each_part('broken', 30) }} as breach
    from {{ relation }}
)

select
    {{ columns | join(',\n    ') }},
    split_part(breach, chr(31), 1) as rule_id,
    cast(split_part(breach, chr(31), 2) as integer) as rule_version,
    split_part(breach, chr(31), 3) as written_values
from told
{% endmacro %}

{# Winning documents of other submission ids that carry the same; of a document that does not win, at least so many. #}
{% macro other_winners(shared, row) -%}
    case
        when {{ shared }}.winning_documents >= 2 then {{ shared }}.winning_documents - 1
        when {{ shared }}.winning_documents = 1 and {{ shared }}.one_winning_document <> {{ row }}.document_id then 1
        else 0
    end
{%- endmacro %}

{# Where a document says it belongs, as written. #}
{% macro place_as_written(row) -%}
    concat_ws('; '
    {%- for column in ['r101', 'r102', 'r103', 'r104', 'r105'] -%}
        , '{{ column }}=' || coalesce({{ row }}.{{ column }}, '-')
    {%- endfor -%}
    {%- for column in ['r109', 'r110'] -%}
        , '{{ column }}=' || coalesce({{ row }}.{{ column }}_text, '-')
    {%- endfor -%})
{%- endmacro %}
