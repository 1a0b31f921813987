"""Does every prelist person stand somewhere, can persons be matched, and is the register fresh?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_least, at_most

RELATION = "marts.coverage_area"

FIGURES = """
with province as (
    select
        sum(residents) as residents,
        sum(residents_with_valid_nik) as residents_with_valid_nik,
        sum(residents_in_register) as residents_in_register,
        sum(persons_written) as persons_written,
        sum(persons_with_presence) as persons_with_presence,
        sum(prelist_persons) as prelist_persons,
        sum(persons_ambiguous) as persons_ambiguous,
        max(register_snapshot_day) as register_snapshot_day
    from marts.coverage_area where area_level = 'province'
),

levels as (
    select area_level, sum(prelist_persons) as prelist_persons, sum(residents) as residents
    from marts.coverage_area where area_level <> 'unknown' group by area_level
)

select
    coalesce((select count(*) from marts.coverage_area where prelist_persons <> persons_confirmed + persons_dead
        + persons_moved + persons_not_found + persons_family_not_reached + persons_not_yet_visited
        + persons_ambiguous), 0) as areas_not_adding_up,
    coalesce((select max(prelist_persons) - min(prelist_persons) + max(residents) - min(residents) from levels), 0)
        as persons_differing_between_levels,
    coalesce(residents, 0) as residents,
    coalesce(residents_with_valid_nik * 1.0 / nullif(residents, 0), 0) as valid_nik_share,
    coalesce(residents_with_valid_nik, 0) as residents_with_valid_nik,
    coalesce(residents_in_register * 1.0 / nullif(residents_with_valid_nik, 0), 0) as register_match_share,
    coalesce(persons_written, 0) as persons_written,
    coalesce(persons_with_presence * 1.0 / nullif(persons_written, 0), 0) as presence_filled_share,
    coalesce(prelist_persons, 0) as prelist_persons,
    coalesce(persons_ambiguous * 1.0 / nullif(prelist_persons, 0), 0) as ambiguous_share,
    coalesce(date_diff('day', register_snapshot_day, date '{as_of}'), 0) as register_age_days,
    (select count(*) from marts.coverage_area where as_of <> date '{as_of}') as rows_of_another_as_of
from province
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge the province; a register that was never sent has no age."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_most("areas_not_adding_up", limit, CRITICAL, "MART-COV-01"),
            at_most("persons_differing_between_levels", limit, CRITICAL, "MART-COV-02"),
            at_least("valid_nik_share", limit, WARNING, "MART-COV-03", base="residents"),
            at_least("register_match_share", limit, WARNING, "MART-COV-04", base="residents_with_valid_nik"),
            at_least("presence_filled_share", limit, WARNING, "MART-COV-05", base="persons_written"),
            at_most("ambiguous_share", limit, WARNING, "MART-COV-06", base="prelist_persons"),
            at_most("register_age_days", limit, WARNING, "MART-COV-07"),
            at_most("rows_of_another_as_of", limit, CRITICAL, "MART-COV-08"),
        ],
    )
