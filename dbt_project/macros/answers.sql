{# What is made of the texts of a row: names and expressions in order, one list for staging and for corrected rows. #}

{# Columns that say which row it is; no correction reaches them. #}
{% macro document_identity() %}
    {{ return(['arrival_day', 'bundle_name', 'bundle_sha256', 'row_number', 'submission_id', 'revision', 'is_deleted',
               'document_id', 'revision_number', 'is_tombstone']) }}
{% endmacro %}

{% macro person_identity() %}
    {{ return(['arrival_day', 'bundle_name', 'bundle_sha256', 'row_number', 'submission_id', 'revision', 'r401',
               'r401_text']) }}
{% endmacro %}

{# What a correction may change: every contract column but those that say which row it is. #}
{% macro family_answer_columns() %}{{ return(family_columns()[3:]) }}{% endmacro %}
{% macro person_answer_columns() %}{{ return(person_columns()[3:]) }}{% endmacro %}

{# Pairs of name and expression; a name ending in _text is the answer as written, in the final codes. #}
{% macro family_answers() %}
    {% set answers = [] %}
    {% for column in ['r101', 'r102', 'r103', 'r104', 'r105', 'r113', 'r114', 'r202', 'r204', 'r206', 'photo_sha256',
                      'notes'] %}{% do answers.append((column, column)) %}{% endfor %}
    {# Names stand as names compare; as written they are in …_text. #}
    {% for column in ['r106', 'r107', 'r108'] %}{% do answers.append((column, normalised_name(column))) %}{% endfor %}
    {% do answers.append(('idsubsls', 'r101 || r102 || r103 || r104 || r105')) %}
    {% for column in ['r201', 'r203'] %}{% do answers.append((column, to_day(column))) %}{% endfor %}
    {% for column in ['started_at', 'ended_at'] %}
        {% do answers.append((column ~ '_us', to_instant_us(column))) %}
    {% endfor %}
    {% for column in ['latitude', 'longitude', 'accuracy_m'] %}
        {% do answers.append((column, to_double(column))) %}
    {% endfor %}
    {% for column in family_integers() %}{% do answers.append((column, to_integer(column))) %}{% endfor %}
    {% for column in family_answer_columns() %}{% do answers.append((column ~ '_text', column)) %}{% endfor %}
    {{ return(answers) }}
{% endmacro %}

{% macro person_answers() %}
    {% set answers = [('r402', normalised_name('r402')), ('r403', 'r403')] %}
    {% for column in person_integers()[1:] %}{% do answers.append((column, to_integer(column))) %}{% endfor %}
    {% for column in person_answer_columns() %}{% do answers.append((column ~ '_text', column)) %}{% endfor %}
    {{ return(answers) }}
{% endmacro %}

{# What copies are compared by: every contract column, ids in lower case as they compare. Answers end in the suffix. #}
{% macro document_content(suffix) %}
    {%- set answers = answers_with(family_answer_columns(), suffix) -%}
    lower(coalesce(submission_id, '')) || chr(31) || {{ content_of(['revision', 'is_deleted'] + answers) }}
{%- endmacro %}

{% macro person_content(suffix) %}
    {{- content_of(answers_with(['r401'] + person_answer_columns(), suffix)) -}}
{% endmacro %}

{# A number of a person's line in its document; a line without a readable number is one of its own. #}
{% macro line_hash(row='') -%}
    {{- key_hash([
        row ~ 'arrival_day', row ~ 'bundle_name', row ~ 'submission_id', row ~ 'revision',
        'coalesce(' ~ row ~ 'r401, -' ~ row ~ 'row_number)'
    ]) -}}
{%- endmacro %}

{% macro answers_with(columns, suffix) %}
    {% set names = [] %}
    {% for column in columns %}{% do names.append(column ~ suffix) %}{% endfor %}
    {{ return(names) }}
{% endmacro %}

{% macro typed(answers) %}
    {%- for name, expression in answers %}
    {{ expression }} as {{ name }} {%- if not loop.last %},{% endif %}
    {%- endfor %}
{% endmacro %}

{% macro names_of(answers) %}{{ return(answers | map(attribute=0) | list) }}{% endmacro %}

{% macro document_names() %}{{ return(document_identity() + names_of(family_answers())) }}{% endmacro %}
{% macro person_names() %}{{ return(person_identity() + names_of(person_answers())) }}{% endmacro %}
