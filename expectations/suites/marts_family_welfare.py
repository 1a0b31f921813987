"""Does the ranking rank, and on answers rather than on gaps?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_most

RELATION = "marts.family_welfare"

FIGURES = """
with ranked as (
    select * from marts.family_welfare where unscored_reason is null
)

select
    count(case when decile_family_province not between 1 and 10 or decile_family_province is null then 1 end)
        as decile_outside_range,
    coalesce(count(case when missing_inputs > 0 then 1 end) * 1.0 / nullif(count(*), 0), 0) as missing_input_share
from ranked
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge every ranked family."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_most("decile_outside_range", limit, CRITICAL, "MART-FWE-01"),
            at_most("missing_input_share", limit, WARNING, "MART-FWE-02"),
        ],
    )
