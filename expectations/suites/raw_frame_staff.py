"""Do we know who may send bundles?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_least

RELATION = "raw.frame_staff"

FIGURES = """
select
    count(distinct case when role = 'PPL' then staff_id end) as enumerator_count,
    count(*) as staff_lines,
    coalesce(count(case when staff_id is not null and role is not null and kab_code is not null then 1 end) * 1.0
        / nullif(count(*), 0), 0) as staff_filled_share
from raw.frame_staff
where snapshot_day = (select max(snapshot_day) from raw.frame_sub_sls where snapshot_day <= date '{as_of}')
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge the staff list of the frame that counts on the as-of day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_least("enumerator_count", limit, CRITICAL, "RAW-STF-01"),
            at_least("staff_filled_share", limit, WARNING, "RAW-STF-02", base="staff_lines"),
        ],
    )
