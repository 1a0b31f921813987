"""Do we know who works where?"""

from great_expectations import ExpectationSuite

from expectations.rules import WARNING, Limit, at_least

RELATION = "raw.frame_assignments"

FIGURES = """
with frame as (
    select max(snapshot_day) as snapshot_day from raw.frame_sub_sls where snapshot_day <= date '{as_of}'
),

assigned as (
    select * from raw.frame_assignments where snapshot_day = (select snapshot_day from frame)
),

sub_sls as (
    select distinct idsubsls from raw.frame_sub_sls where snapshot_day = (select snapshot_day from frame)
)

select
    (select count(*) from assigned) as assignment_count,
    count(*) as sub_sls_count,
    coalesce(count(a.idsubsls) * 1.0 / nullif(count(*), 0), 0) as assigned_sub_sls_share
from sub_sls as s
left join (select distinct idsubsls from assigned) as a on s.idsubsls = a.idsubsls
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge the assignments of the frame that counts on the as-of day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_least("assignment_count", limit, WARNING, "RAW-ASG-01"),
            at_least("assigned_sub_sls_share", limit, WARNING, "RAW-ASG-02", base="sub_sls_count"),
        ],
    )
