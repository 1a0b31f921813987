"""Does the ranking rank, and on answers rather than on gaps?"""

from collections.abc import Callable

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

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


def build(limit: Callable[[str], float]) -> ExpectationSuite:
    """Judge every ranked family."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            gxe.ExpectColumnMaxToBeBetween(
                column="decile_outside_range",
                max_value=limit("decile_outside_range_max"),
                severity="critical",
                meta={"rule": "MART-FWE-01"},
            ),
            gxe.ExpectColumnMaxToBeBetween(
                column="missing_input_share",
                max_value=limit("missing_input_share_max"),
                severity="warning",
                meta={"rule": "MART-FWE-02"},
            ),
        ],
    )
