{# Terms of eligibility, errors and re-ranking (docs/targeting.md). Rules are data: seeds/targeting/programme_eligibility.csv. #}

{# Programmes as recipients.csv names them, each with the column that holds it. #}
{% macro programmes() %}{{ return([('PKH', 'pkh'), ('SEMBAKO', 'sembako'), ('PBI_JKN', 'pbi_jkn'), ('BLT_DD', 'blt_dd'), ('PIP', 'pip')]) }}{% endmacro %}

{# The codes as a list of SQL. #}
{% macro programme_codes() %}'{{ programmes() | map(attribute=0) | join("', '") }}'{% endmacro %}

{# Every cut-off and its decile; own_rule has the programme's. #}
{% macro cut_offs() %}{{ return([('own_rule', none), ('poorest_10', 1), ('poorest_20', 2), ('poorest_30', 3), ('poorest_40', 4)]) }}{% endmacro %}

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

{# Every family of family_welfare beside every programme in force: what the lists, the errors and the simulation judge. With
   `chances` also the chance, in millionths, that it is truly within each decile (p_1 to p_9): made once a family. #}
{% macro family_programmes(chances=false) %}
    select
        {%- for column in family_standing() + family_groups() %}
        b.{{ column }},
        {%- endfor %}
        b.has_usable_number,
        b.recipients_day,
        {%- for decile in range(1, 10) if chances %}
        b.p_{{ decile }},
        {%- endfor %}
        e.programme,
        e.unit,
        e.component,
        e.max_decile,
        {{ chosen('e.component', [('any', 'resident_members'), ('pkh', 'pkh_members'), ('pupil', 'pupil_members')], 'b.') }}
            as members_eligible,
        {{ chosen('e.programme', programmes(), 'b.', '_listed') }} as members_listed,
        {{ chosen('e.programme', programmes(), 'b.', '_kk_listed') }} as is_kk_listed,
        {{ chosen('e.programme', programmes(), 'b.', '_told') }} as is_self_reported,
        {{ chosen('e.programme', programmes(), 'b.', '_served') }} as is_served,
        e.area_rule = 'rural' and b.residence <> 'rural' as is_outside_area,
        coalesce({{ chosen('e.excluded_by', programmes(), 'b.', '_served') }}, false) as is_excluded
    from ({{ standing_with_chances() if chances else family_facts() }}) as b
    {#- by a key, not as a cross join: what follows filters by both sides, and would else be taken for a comparison of every pair #}
    inner join (
        select
            r.*,
            m.model_version
        from {{ ref('programme_eligibility') }} as r
        cross join {{ ref('pmt_models') }} as m
        where {{ is_in_force('r') }}
    ) as e on b.model_version = e.model_version
{% endmacro %}

{# Every family as family_welfare and int_programmes__families have it. #}
{% macro family_facts() %}
        select
            f.*,
            {%- for column in family_standing()[1:] %}
            w.{{ column }}{% if not loop.last %},{% endif %}
            {%- endfor %}
        from {{ ref('family_welfare') }} as w
        inner join {{ ref('int_programmes__families') }} as f on w.document_id = f.document_id
{% endmacro %}

{# The same with the chances of every family, taken before it stands beside any programme. #}
{% macro standing_with_chances() %}
        select
            z.*,
            {%- for decile in range(1, 10) %}
            {{ millionths('z.z_' ~ decile) }} as p_{{ decile }}{% if not loop.last %},{% endif %}
            {%- endfor %}
        from (
            select
                a.*,
                {%- for decile in range(1, 10) %}
                (l.line_{{ decile }} - cast(a.pmt_score as double)) / l.residual_sd as z_{{ decile }}{% if not loop.last %},{% endif %}
                {%- endfor %}
            from ({{ family_facts() }}) as a
            left join ({{ decile_lines() }}) as l on substr(a.idsubsls, 1, 2) = l.province_code
        ) as z
{% endmacro %}

{# What family_welfare says of a family and targeting reads. #}
{% macro family_standing() %}
    {{ return(['document_id', 'idsubsls', 'building_number', 'family_number', 'kab_code', 'bps_desa_code', 'resident_persons',
               'pmt_score', 'unscored_reason', 'model_version', 'decile_family_province', 'decile_consulted_province',
               'rank_pmt_province', 'rank_consulted_province']) }}
{% endmacro %}

{# The chance in millionths that a family is truly below a line z residual deviations above its score; 0 without a score. #}
{% macro millionths(z) %}coalesce(cast({{ rounded('1e6 * (' ~ normal_cdf(z) ~ ')', 0) }} as bigint), 0){% endmacro %}

{# That chance for the deciles up to a limit. #}
{% macro chance_within(row, limit) -%}
    case {{ limit }}{% for decile in range(1, 10) %} when {{ decile }} then {{ row }}.p_{{ decile }}{% endfor %} else case when {{ row }}.pmt_score is null then 0 else 1000000 end end
{%- endmacro %}

{# In need under the programme's own rule, whatever the decile. #}
{% macro is_in_need(row) %}({{ row }}.members_eligible > 0 and not {{ row }}.is_outside_area and not {{ row }}.is_excluded){% endmacro %}

{# Per province, for each decile the log consumption below which a family is taken to be truly within it: the highest score up to
   the decile, moved out as far as truth spreads wider than scores. Sums of decimals, so the same on every run. #}
{% macro decile_lines() %}
    select
        s.province_code,
        s.residual_sd,
        {%- for decile in range(1, 10) %}
        s.score_mean + (s.cut_{{ decile }} - s.score_mean) * s.spread as line_{{ decile }}{% if not loop.last %},{% endif %}
        {%- endfor %}
    from (
        select
            m.*,
            case
                when m.score_variance > 0 then sqrt(1 + m.residual_sd * m.residual_sd / m.score_variance) else 1
            end as spread
        from (
            select
                substr(w.idsubsls, 1, 2) as province_code,
                cast(max(v.residual_sd) as double) as residual_sd,
                cast(sum(w.pmt_score) as double) / count(*) as score_mean,
                cast(sum(w.pmt_score * w.pmt_score) as double) / count(*)
                - cast(sum(w.pmt_score) as double) / count(*) * (cast(sum(w.pmt_score) as double) / count(*))
                    as score_variance,
                {%- for decile in range(1, 10) %}
                cast(max(case when w.decile_family_province <= {{ decile }} then w.pmt_score end) as double)
                    as cut_{{ decile }}{% if not loop.last %},{% endif %}
                {%- endfor %}
            from {{ ref('family_welfare') }} as w
            inner join {{ ref('pmt_models') }} as v on w.model_version = v.model_version
            where w.pmt_score is not null
            group by substr(w.idsubsls, 1, 2)
        ) as m
    ) as s
{% endmacro %}

{# Sums of a cell of families x, in whole millionths so that their order never matters: what is counted, and what is expected,
   under the cut-off whose eligibility and chance are named. #}
{% macro cell_sums(x, eligible, chance, prefix='') %}
        count(case when {{ x }}.{{ eligible }} then 1 end) as {{ prefix }}eligible_families,
        count(case when {{ x }}.{{ eligible }} and {{ x }}.is_served then 1 end) as {{ prefix }}eligible_served_families,
        sum({{ x }}.{{ chance }}) as {{ prefix }}p_millionths,
        sum(case when {{ x }}.is_served then {{ x }}.{{ chance }} else 0 end) as {{ prefix }}p_served_millionths,
        sum({{ x }}.{{ chance }} * (1000000 - {{ x }}.{{ chance }})) as {{ prefix }}variance_billionths,
        sum(case when {{ x }}.is_served then {{ x }}.{{ chance }} * (1000000 - {{ x }}.{{ chance }}) else 0 end)
            as {{ prefix }}variance_served_billionths
{%- endmacro %}

{% macro cell_columns() %}
    {{ return(['families', 'served_families', 'eligible_families', 'eligible_served_families', 'p_millionths',
               'p_served_millionths', 'variance_billionths', 'variance_served_billionths']) }}
{% endmacro %}

{# A sum of counts; a sum of bigint is wider than bigint on DuckDB. #}
{% macro resummed(x) %}
        {%- for column in cell_columns() %}
        cast(sum({{ x }}.{{ column }}) as bigint) as {{ column }}{% if not loop.last %},{% endif %}
        {%- endfor %}
{%- endmacro %}

{# What the sums of a cell c mean, in millionths of families: expected numbers of truly eligible families, u unserved and v served,
   of truly ineligible ones, b unserved and a served, and the variances of u and v in the square of that unit. Whole numbers: a
   quotient of two of them is rounded once, so halves go away from zero. #}
{% macro expected_terms(c) %}
        cast({{ c }}.p_millionths - {{ c }}.p_served_millionths as double) as u,
        cast({{ c }}.p_served_millionths as double) as v,
        cast({{ c }}.served_families * 1000000 - {{ c }}.p_served_millionths as double) as a,
        cast(
            ({{ c }}.families - {{ c }}.served_families) * 1000000 - ({{ c }}.p_millionths - {{ c }}.p_served_millionths)
            as double
        ) as b,
        cast({{ c }}.variance_billionths - {{ c }}.variance_served_billionths as double) as var_u,
        cast({{ c }}.variance_served_billionths as double) as var_v
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
    {%- set served = '(1e6 * ' ~ c ~ '.served_families)' %}
    {{ expected_share('leakage', a, served, var_v ~ ' / nullif(power(' ~ served ~ ', 2), 0)') }}
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

{# What a scenario is, beside its name; one value a scenario. #}
{% macro scenario_columns() %}
    {{ return(['programme', 'order_by', 'cut_off_kind', 'cut_off_value', 'benefit_idr_per_month', 'benefit_per', 'max_decile',
               'model_version']) }}
{% endmacro %}
