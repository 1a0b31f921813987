"""Is there a frame to count against, and can it be read?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, Limit, at_least, at_most

RELATION = "raw.frame_sub_sls"

FIGURES = """
select
    count(*) as sub_sls_count,
    count(*) - count(case
        when regexp_full_match(idsubsls, '[0-9]{{16}}') and try_cast(expected_families as integer) >= 0 then 1
    end) as unreadable_sub_sls
from raw.frame_sub_sls
where snapshot_day = (select max(snapshot_day) from raw.frame_sub_sls where snapshot_day <= date '{as_of}')
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge the frame that counts on the as-of day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_least("sub_sls_count", limit, CRITICAL, "RAW-FRM-01"),
            at_most("unreadable_sub_sls", limit, CRITICAL, "RAW-FRM-02"),
        ],
    )
