{# Terms of the coverage marts (docs/coverage.md). #}

{# Two names are one: written alike, or folded alike. Most are written alike, so few are folded. #}
{% macro same_name(name, other) -%}
    case when {{ name }} = {{ other }} then true else {{ folded_name(name) }} = {{ folded_name(other) }} end
{%- endmacro %}

{# What is counted of a sub-SLS: less than this many in a hundred expected families, without a winner for this many days,
   is far fewer; more than this many in a hundred is more than expected. #}
{% macro far_fewer_percent() %}{{ return(50) }}{% endmacro %}
{% macro quiet_days() %}{{ return(7) }}{% endmacro %}
{% macro more_than_expected_percent() %}{{ return(100) }}{% endmacro %}

{# Statuses of a prelist person, in the order in which coverage_area counts them. #}
{% macro prelist_statuses() %}
    {{ return(['confirmed', 'dead', 'moved', 'not_found', 'family_not_reached', 'not_yet_visited', 'ambiguous']) }}
{% endmacro %}

{# What coverage_area adds up from sub-SLS: what follows from the frame, and what is counted there. #}
{% macro coverage_frame_counts() %}
    {{ return(['expected_families', 'sub_sls_in_frame', 'sub_sls_without_upload', 'sub_sls_far_fewer',
               'sub_sls_more_than_expected']) }}
{% endmacro %}

{% macro coverage_counts() %}
    {% set counts = ['enumerated_families', 'held_families', 'families_with_valid_kk', 'prelist_families', 'prelist_persons'] %}
    {% for status in prelist_statuses() %}{% do counts.append('persons_' ~ status) %}{% endfor %}
    {{ return(counts + ['residents', 'residents_on_prelist', 'residents_ambiguous', 'persons_new', 'persons_written',
                        'persons_with_presence', 'residents_with_valid_nik', 'residents_in_register']) }}
{% endmacro %}

{# And what it adds up from desa. #}
{% macro register_counts() %}
    {{ return(['register_alive', 'register_resident', 'register_not_resident', 'register_unlisted']) }}
{% endmacro %}
