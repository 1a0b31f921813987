"""Did tonight's bundles arrive sound enough to build on?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_least, at_most

RELATION = "raw.bundles"

FIGURES = """
with rejected as (
    select distinct arrival_day, bundle_name from raw.bundle_findings
    where reason not in ('UNKNOWN_COLUMN', 'UNKNOWN_VALUE', 'TOOL_ERROR', 'IN_REVIEW')
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


def build(limit: Limit) -> ExpectationSuite:
    """Judge the bundles of the as-of day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_most("rejected_bundle_share", limit, CRITICAL, "RAW-BND-01"),
            at_least("bundles_of_the_day", limit, WARNING, "RAW-BND-02"),
        ],
    )
