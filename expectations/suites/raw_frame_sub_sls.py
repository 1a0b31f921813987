"""Is there a frame to count against, can it be read, and is it of this field work?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_least, at_most

RELATION = "raw.frame_sub_sls"

FIGURES = """
select
    count(*) as sub_sls_count,
    count(*) - count(case
        when regexp_full_match(idsubsls, '[0-9]{{16}}') and try_cast(expected_families as integer) >= 0 then 1
    end) as unreadable_sub_sls,
    coalesce(date_diff('day', max(snapshot_day), date '{as_of}'), 0) as frame_age_days
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
            at_most("frame_age_days", limit, WARNING, "RAW-FRM-03"),
        ],
    )
