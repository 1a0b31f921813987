-- What a family's residents say about its means: its size and ages, its schooling, its head's work. An answer that is
-- not there stays unknown; a figure over all residents is known only where each of them answered.
{{ config(materialized='view') }}

with residents as (
    select
        arrival_day,
        bundle_name,
        submission_id,
        revision,
        case when r409 = 1 then 1 end as head,
        case when r407 between 0 and 98 then r407 end as age,
        {{ is_code('r405', [1], 1, 2) }} as is_male,
        {{ is_code('r408', [2], 1, 4) }} as is_married,
        -- certificate: 1 none, 4 senior high or beyond; under five nobody has one
        case
            when r415 between 11 and 22 then 4
            when r415 between 1 and 10 then {{ school_stage('r415') }}
            when r415 = 23 or r412 = 1 or r407 < 5 then 1
        end as certificate_stage,
        -- school attended now: 0 none; nobody over 24 is waited for
        case
            when r412 = 2 then {{ school_stage('r413') }}
            when r412 in (1, 3) or r407 < 5 or r407 > 24 then 0
        end as school_stage,
        -- work: 0 none
        case
            when r416a = 2 then 0
            when r416a = 1 and r418 in (3, 4, 5) then 1
            when r416a = 1 and r418 in (1, 2, 6, 7, 8) then 2
        end as work_form,
        case
            when r416a = 2 then 0
            when r416a = 1 and r417 between 1 and 6 then 1
            when r416a = 1 and r417 between 7 and 11 then 2
            when r416a = 1 and r417 between 12 and 26 then 3
        end as work_sector,
        case
            when r431c = 1 or r431d = 1 then 1
            when r407 < 5 or (r431c = 2 and r431d = 2) then 0
        end as has_credit
    from {{ ref('int_persons__loaded') }}
    where {{ is_resident('r404') }}
),

families as (
    select
        arrival_day,
        bundle_name,
        submission_id,
        revision,
        count(*) as hhsize,
        {{ of_head('age') }} as hhage,
        {{ of_head('is_male') }} as hhmale,
        {{ of_head('is_married') }} as hhmarried,
        {{ of_head('certificate_stage') }} as head_stage,
        {{ of_head('work_form') }} as head_work_form,
        {{ of_head('work_sector') }} as head_sector,
        {{ where_all_known('age', 'count(case when age < 5 then 1 end)') }} as age04,
        {{ where_all_known('age', 'count(case when age < 15 or age > 64 then 1 end)') }} as dependants,
        count(case when age between 15 and 64 then 1 end) as working_age,
        {%- for name, stage in [('eschild', 2), ('jschild', 3), ('sschild', 4)] %}
        {{ where_all_known('school_stage', 'count(case when school_stage = ' ~ stage ~ ' then 1 end)') }} as {{ name }},
        {%- endfor %}
        -- senior high or more is the top: once somebody has it, a missing answer cannot change it
        case
            when max(certificate_stage) = 4 then 4
            when count(certificate_stage) = count(*) then max(certificate_stage)
        end as highest_stage,
        case when max(has_credit) = 1 then 1 when count(has_credit) = count(*) then 0 end as credit
    from residents
    group by arrival_day, bundle_name, submission_id, revision
)

select
    arrival_day,
    bundle_name,
    submission_id,
    revision,
    cast(hhsize as integer) as hhsize,
    hhage,
    hhmale,
    hhmarried,
    cast(age04 as integer) as age04,
    -- nobody of working age: as many dependants to a worker as there are dependants
    cast(round(dependants / cast(greatest(working_age, 1) as double), 4) as {{ pmt_value_type() }}) as depratio,
    {%- for name in ['eschild', 'jschild', 'sschild'] %}
    cast({{ name }} as integer) as {{ name }},
    {%- endfor %}
    {%- for stage in [2, 3, 4] %}
    {{ is_code('head_stage', [stage], 1, 4) }} as hheduc{{ stage }},
    {{ is_code('highest_stage', [stage], 1, 4) }} as higheduc{{ stage }},
    {%- endfor %}
    {{ is_code('head_work_form', [1], 0, 2) }} as formal,
    {{ is_code('head_work_form', [2], 0, 2) }} as informal,
    {%- for sector in [1, 2, 3] %}
    {{ is_code('head_sector', [sector], 0, 3) }} as hhsector{{ sector }},
    {%- endfor %}
    credit
from families
