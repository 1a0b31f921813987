"""Is there a frame to count against, and can it be read?"""

from collections.abc import Callable

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

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


def build(limit: Callable[[str], float]) -> ExpectationSuite:
    """Judge the frame that counts on the as-of day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            gxe.ExpectColumnMinToBeBetween(
                column="sub_sls_count",
                min_value=limit("sub_sls_count_min"),
                severity="critical",
                meta={"rule": "RAW-FRM-01"},
            ),
            gxe.ExpectColumnMaxToBeBetween(
                column="unreadable_sub_sls",
                max_value=limit("unreadable_sub_sls_max"),
                severity="critical",
                meta={"rule": "RAW-FRM-02"},
            ),
        ],
    )
