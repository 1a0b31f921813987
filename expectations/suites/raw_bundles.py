"""Did tonight's bundles arrive sound enough to build on?"""

from collections.abc import Callable

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

RELATION = "raw.bundles"

FIGURES = """
with rejected as (
    select distinct arrival_day, bundle_name from raw.bundle_findings where reason <> 'UNKNOWN_COLUMN'
)

select
    count(*) as bundles_of_the_day,
    case
        when count(*) < {rejected_bundle_share_judged_from_bundles} then 0
        else count(r.bundle_name) * 1.0 / count(*)
    end as rejected_bundle_share
from raw.bundles as b
left join rejected as r on b.arrival_day = r.arrival_day and b.bundle_name = r.bundle_name
where b.arrival_day = date '{as_of}'
"""


def build(limit: Callable[[str], float]) -> ExpectationSuite:
    """Judge the bundles of the as-of day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            gxe.ExpectColumnMaxToBeBetween(
                column="rejected_bundle_share",
                max_value=limit("rejected_bundle_share_max"),
                severity="critical",
                meta={"rule": "RAW-BND-01"},
            ),
            gxe.ExpectColumnMinToBeBetween(
                column="bundles_of_the_day",
                min_value=limit("bundles_of_the_day_min"),
                severity="warning",
                meta={"rule": "RAW-BND-02"},
            ),
        ],
    )
