{# Every sub-SLS of the frame stands once, and the loads of all enumerators are what is assigned to known ones: an
   expectation is missing from the loads, or in them twice, only where a row says so. #}
{% test shares_out_the_frame(model) %}
select *
from (
    select
        (select coalesce(sum(expected_families), 0) from {{ model }}) as expected_here,
        (select coalesce(sum(expected_families), 0) from {{ ref('int_sub_sls__current') }}) as expected_in_frame,
        (select coalesce(sum(expected_families * known_enumerators), 0) from {{ model }}) as assigned_here,
        (select coalesce(sum(load_families), 0) from {{ ref('int_enumerators__current') }}) as loads,
        (select count(*) from {{ model }} where status <> 'not_in_frame') as sub_sls_here,
        (select count(*) from {{ ref('int_sub_sls__current') }}) as sub_sls_in_frame
) as sums
where expected_here <> expected_in_frame or assigned_here <> loads or sub_sls_here <> sub_sls_in_frame
{% endtest %}
