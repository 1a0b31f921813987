"""Does the ranking rank, on answers rather than on gaps, and of tonight?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_most

RELATION = "marts.family_welfare"

FIGURES = """
with ranked as (
    select * from marts.family_welfare where unscored_reason is null
)

select
    count(*) as ranked_families,
    count(case when decile_family_province not between 1 and 10 or decile_family_province is null then 1 end)
        as decile_outside_range,
    coalesce(count(case when missing_inputs > 0 then 1 end) * 1.0 / nullif(count(*), 0), 0) as missing_input_share,
    (select count(*) from marts.family_welfare where as_of <> date '{as_of}') as rows_of_another_as_of
from ranked
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge every ranked family."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_most("decile_outside_range", limit, CRITICAL, "MART-FWE-01"),
            at_most("missing_input_share", limit, WARNING, "MART-FWE-02", base="ranked_families"),
            at_most("rows_of_another_as_of", limit, CRITICAL, "MART-FWE-03"),
        ],
    )
