{# Terms of eligibility, errors and re-ranking (docs/targeting.md). Rules are data: seeds/targeting/programme_eligibility.csv. #}

{# Programmes as recipients.csv names them, each with the column that holds it. #}
{% macro programmes() %}{{ return([('PKH', 'pkh'), ('SEMBAKO', 'sembako'), ('PBI_JKN', 'pbi_jkn'), ('BLT_DD', 'blt_dd'), ('PIP', 'pip')]) }}{% endmacro %}

{# Components of eligibility, each with its count of members. #}
{% macro components() %}{{ return(['any', 'pkh', 'pupil']) }}{% endmacro %}

{# Plain cut-offs: poorest tenths, whatever the need. #}
{% macro plain_cut_offs() %}{{ return([1, 2, 3, 4]) }}{% endmacro %}

{# How families of an area are split; every split covers them all. #}
{% macro family_groups() %}{{ return(['head_sex', 'head_age', 'residence', 'disability']) }}{% endmacro %}

{# Areas that errors are told for, and digits of the family key that name each. #}
{% macro targeting_levels() %}{{ return([('province', 2), ('kab_kota', 4), ('kecamatan', 7)]) }}{% endmacro %}

{% macro is_in_force(row) %}({{ row }}.valid_from <= {{ as_of() }} and coalesce({{ row }}.valid_to, {{ as_of() }}) >= {{ as_of() }}){% endmacro %}

{# A number that may name one family: 16 digits, no placeholder. #}
{% macro is_usable_kk(number) %}({{ is_sixteen_digits(number) }} and not {{ is_placeholder(number) }}){% endmacro %}

{# One of several columns, by a code. #}
{% macro chosen(code, names, prefix='', suffix='') -%}
    case {{ code }}{% for value, column in names %} when '{{ value }}' then {{ prefix }}{{ column }}{{ suffix }}{% endfor %} end
{%- endmacro %}

{# Welfare group of a decile: 1 very poor, 2 poor, 3 vulnerable, 4 not poor. #}
{% macro welfare_group(decile) %}case when {{ decile }} <= 2 then {{ decile }} when {{ decile }} <= 4 then 3 when {{ decile }} <= 10 then 4 end{% endmacro %}

{# Every family of family_welfare beside every programme in force: what the lists, the errors and the simulation judge. #}
{% macro family_programmes() %}
    select
        w.idsubsls,
        w.building_number,
        w.family_number,
        w.document_id,
        w.kab_code,
        w.bps_desa_code,
        w.resident_persons,
        w.pmt_score,
        w.unscored_reason,
        w.model_version,
        w.decile_family_province,
        w.decile_consulted_province,
        w.rank_pmt_province,
        w.rank_consulted_province,
        {%- for name in family_groups() %}
        f.{{ name }},
        {%- endfor %}
        f.has_usable_number,
        f.recipients_day,
        e.programme,
        e.unit,
        e.component,
        e.max_decile,
        {{ chosen('e.component', [('any', 'resident_members'), ('pkh', 'pkh_members'), ('pupil', 'pupil_members')], 'f.') }}
            as members_eligible,
        {{ chosen('e.programme', programmes(), 'f.', '_listed') }} as members_listed,
        {{ chosen('e.programme', programmes(), 'f.', '_kk_listed') }} as is_kk_listed,
        {{ chosen('e.programme', programmes(), 'f.', '_told') }} as is_self_reported,
        {{ chosen('e.programme', programmes(), 'f.', '_served') }} as is_served,
        e.area_rule = 'rural' and f.residence <> 'rural' as is_outside_area,
        coalesce({{ chosen('e.excluded_by', programmes(), 'f.', '_served') }}, false) as is_excluded
    from {{ ref('family_welfare') }} as w
    inner join {{ ref('int_programmes__families') }} as f on w.document_id = f.document_id
    cross join {{ ref('programme_eligibility') }} as e
    where {{ is_in_force('e') }}
{% endmacro %}

{# In need under the programme's own rule, whatever the decile. #}
{% macro is_in_need(row) %}({{ row }}.members_eligible > 0 and not {{ row }}.is_outside_area and not {{ row }}.is_excluded){% endmacro %}

{# Per province and decile, the log consumption below which a family is taken to be truly within the decile: the highest score of
   the decile, moved out as far as truth spreads wider than scores. Sums of decimals, so the same on every run. #}
{% macro decile_lines() %}
    select
        s.province_code,
        c.decile,
        s.residual_sd,
        s.score_mean
        + (c.cut_score - s.score_mean)
        * case when s.score_variance > 0 then sqrt(1 + s.residual_sd * s.residual_sd / s.score_variance) else 1 end as line
    from (
        select
            substr(w.idsubsls, 1, 2) as province_code,
            cast(max(m.residual_sd) as double) as residual_sd,
            cast(sum(w.pmt_score) as double) / count(*) as score_mean,
            cast(sum(w.pmt_score * w.pmt_score) as double) / count(*)
            - cast(sum(w.pmt_score) as double) / count(*) * (cast(sum(w.pmt_score) as double) / count(*)) as score_variance
        from {{ ref('family_welfare') }} as w
        inner join {{ ref('pmt_models') }} as m on w.model_version = m.model_version
        where w.pmt_score is not null
        group by substr(w.idsubsls, 1, 2)
    ) as s
    inner join (
        select
            m.province_code,
            d.decile,
            cast(max(m.highest_score) as double) as cut_score
        from (
            select
                substr(idsubsls, 1, 2) as province_code,
                decile_family_province as decile,
                max(pmt_score) as highest_score
            from {{ ref('family_welfare') }}
            where pmt_score is not null
            group by substr(idsubsls, 1, 2), decile_family_province
        ) as m
        inner join ({% for d in range(1, 11) %}select {{ d }} as decile{% if not loop.last %} union all {% endif %}{% endfor %}) as d
            on m.decile <= d.decile
        group by m.province_code, d.decile
    ) as c on s.province_code = c.province_code
{% endmacro %}

{# Sums of a cell of families x, in whole millionths so that their order never matters: families, what is counted, and what is
   expected. A family is served (or reached) where is_served. #}
{% macro cell_sums(x) %}
        count(*) as families,
        count(case when {{ x }}.is_eligible then 1 end) as eligible_families,
        count(case when {{ x }}.is_served then 1 end) as served_families,
        count(case when {{ x }}.is_eligible and {{ x }}.is_served then 1 end) as eligible_served_families,
        sum({{ x }}.p_millionths) as p_millionths,
        sum(case when {{ x }}.is_served then {{ x }}.p_millionths else 0 end) as p_served_millionths,
        sum({{ x }}.p_millionths * (1000000 - {{ x }}.p_millionths)) as variance_billionths,
        sum(case when {{ x }}.is_served then {{ x }}.p_millionths * (1000000 - {{ x }}.p_millionths) else 0 end)
            as variance_served_billionths
{%- endmacro %}

{% macro cell_columns() %}
    {{ return(['families', 'eligible_families', 'served_families', 'eligible_served_families', 'p_millionths',
               'p_served_millionths', 'variance_billionths', 'variance_served_billionths']) }}
{% endmacro %}

{# A sum of counts; a sum of bigint is wider than bigint on DuckDB. #}
{% macro resummed(x) %}
        {%- for column in cell_columns() %}
        cast(sum({{ x }}.{{ column }}) as bigint) as {{ column }}{% if not loop.last %},{% endif %}
        {%- endfor %}
{%- endmacro %}

{# The probability, in millionths, that a family x is truly among the deciles up to x.decile_limit: in need, and
   below the line. x.z is how many residual deviations the line lies above the score. #}
{% macro p_millionths(x) -%}
    case
        when {{ x }}.pmt_score is null or not {{ x }}.is_needed then 0
        when {{ x }}.decile_limit >= 10 then 1000000
        else cast({{ rounded('1e6 * (' ~ normal_cdf(x ~ '.z') ~ ')', 0) }} as bigint)
    end
{%- endmacro %}

{# What the sums of a cell c mean: expected numbers of truly eligible families, u unserved and v served, of truly ineligible
   ones, b unserved and a served, and the variances of u and v. #}
{% macro expected_terms(c) %}
        cast({{ c }}.p_millionths - {{ c }}.p_served_millionths as double) / 1e6 as u,
        cast({{ c }}.p_served_millionths as double) / 1e6 as v,
        cast({{ c }}.served_families * 1000000 - {{ c }}.p_served_millionths as double) / 1e6 as a,
        cast(
            ({{ c }}.families - {{ c }}.served_families) * 1000000 - ({{ c }}.p_millionths - {{ c }}.p_served_millionths)
            as double
        ) / 1e6 as b,
        cast({{ c }}.variance_billionths - {{ c }}.variance_served_billionths as double) / 1e12 as var_u,
        cast({{ c }}.variance_served_billionths as double) / 1e12 as var_v
{%- endmacro %}

{# An expected share and its 90 % interval, cut at 0 and 1; null where the denominator is 0. #}
{% macro expected_share(name, numerator, denominator, variance) %}
    cast({{ rounded(numerator ~ ' / nullif(' ~ denominator ~ ', 0)', 6) }} as decimal(12, 6)) as {{ name }}_expected,
    {%- for bound, sign in [('low', '-'), ('high', '+')] %}
    {%- set value = numerator ~ ' / nullif(' ~ denominator ~ ', 0) ' ~ sign ~ ' 1.644854e0 * sqrt(' ~ variance ~ ')' %}
    case
        when {{ denominator }} <> 0
            then cast({{ rounded('greatest(0e0, least(1e0, ' ~ value ~ '))', 6) }} as decimal(12, 6))
    end as {{ name }}_{{ bound }}{% if bound == 'low' %},{% endif %}
    {%- endfor %}
{%- endmacro %}

{# Variance of x / (x + y), both sums of independent families (delta method). #}
{% macro ratio_variance(x, y, var_x, var_y) -%}
    ({{ y }} * {{ y }} * {{ var_x }} + {{ x }} * {{ x }} * {{ var_y }}) / nullif(power({{ x }} + {{ y }}, 4), 0)
{%- endmacro %}

{# The errors of a cell c with expected_terms, counted, then expected (docs/targeting.md). #}
{% macro error_columns(c) %}
    {%- set unserved = '(' ~ c ~ '.eligible_families - ' ~ c ~ '.eligible_served_families)' %}
    {%- set leaked = '(' ~ c ~ '.served_families - ' ~ c ~ '.eligible_served_families)' %}
    {%- set u, v, a, b, var_u, var_v = c ~ '.u', c ~ '.v', c ~ '.a', c ~ '.b', c ~ '.var_u', c ~ '.var_v' %}
    {{ share(unserved, c ~ '.eligible_families') }} as exclusion_error,
    {{ expected_share('exclusion_error', u, '(' ~ u ~ ' + ' ~ v ~ ')', ratio_variance(u, v, var_u, var_v)) }},
    {{ share(leaked, '(' ~ c ~ '.families - ' ~ c ~ '.eligible_families)') }} as inclusion_error,
    {{ expected_share('inclusion_error', a, '(' ~ a ~ ' + ' ~ b ~ ')', ratio_variance(a, b, var_v, var_u)) }},
    {{ share(leaked, c ~ '.served_families') }} as leakage,
    {{ expected_share('leakage', a, c ~ '.served_families', var_v ~ ' / nullif(power(' ~ c ~ '.served_families, 2), 0)') }}
{%- endmacro %}

{# A sum of millionths as a number of families. #}
{% macro in_families(millionths) %}cast({{ millionths }} / 1e6 as decimal(18, 6)){% endmacro %}

{# Winners and held winners of every area that errors are told for. #}
{% macro held_winners() %}
    {%- for level, digits in targeting_levels() %}
    select
        '{{ level }}' as area_level,
        substr(idsubsls, 1, {{ digits }}) as area_code,
        count(*) as winners,
        count(case when is_held then 1 end) as held
    from {{ ref('int_documents__winners') }}
    group by substr(idsubsls, 1, {{ digits }})
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}
{% endmacro %}
