"""Is every event counted, does its caseload add up and lie between its bounds, and is its list known?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_most

RELATION = "marts.shock_caseload"

FIGURES = """
with caseload as (
    select * from marts.shock_caseload
),

events as (
    select
        event_id,
        max(case when area_level = 'province' and decile = 'all' then hit_families end) as hit_families,
        sum(case when area_level = 'province' and decile <> 'all' then hit_families else 0 end) as by_decile,
        sum(case when area_level = 'desa' and decile = 'all' then hit_families else 0 end) as by_desa
    from caseload
    group by event_id
),

families as (
    select event_id, count(case when is_hit then 1 end) as hit_families
    from marts.shock_affected_family
    group by event_id
),

lists as (
    select
        coalesce(sum(listed_persons), 0) as listed_persons,
        coalesce(sum(unmatched_persons), 0) as unmatched_persons
    from caseload
    where area_level = 'province' and decile = 'all'
)

select
    (
        select count(*) from intermediate.int_events__current as c
        left join events as e on c.event_id = e.event_id
        where e.hit_families is null
    ) as events_without_caseload,
    (
        select coalesce(sum(abs(e.hit_families - e.by_decile) + abs(e.hit_families - e.by_desa)), 0) from events as e
    ) as families_not_adding_up,
    (
        select coalesce(sum(abs(coalesce(e.hit_families, 0) - coalesce(f.hit_families, 0))), 0)
        from events as e full join families as f on e.event_id = f.event_id
    ) as families_differing_from_list,
    (
        select count(*) from caseload
        where families_low > hit_families or persons_low > hit_persons or hit_families > families_high
            or hit_persons > persons_high or footprint_families > hit_families or affected_families > hit_families
    ) as rows_outside_bounds,
    l.listed_persons,
    l.unmatched_persons * 1.0 / nullif(l.listed_persons, 0) as unmatched_person_share,
    (
        select count(distinct event_id) from marts.shock_finding where outcome = 'event_left_out'
    ) as events_left_out,
    (
        (select count(*) from caseload where as_of <> date '{as_of}')
        + (select count(*) from marts.shock_affected_family where as_of <> date '{as_of}')
    ) as rows_of_another_as_of
from lists as l
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge the caseload of every event."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_most("events_without_caseload", limit, CRITICAL, "SHOCK-CAS-01"),
            at_most("families_not_adding_up", limit, CRITICAL, "SHOCK-CAS-02"),
            at_most("families_differing_from_list", limit, CRITICAL, "SHOCK-CAS-03"),
            at_most("rows_outside_bounds", limit, CRITICAL, "SHOCK-CAS-04"),
            at_most("unmatched_person_share", limit, WARNING, "SHOCK-CAS-05", base="listed_persons"),
            at_most("events_left_out", limit, WARNING, "SHOCK-CAS-06", alert=True),
            at_most("rows_of_another_as_of", limit, CRITICAL, "SHOCK-CAS-07"),
        ],
    )
