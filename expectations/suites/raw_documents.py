"""Do the documents carry what everything else hangs on?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_least

RELATION = "raw.documents"

FIGURES = """
select
    case when count(*) = 0 then 1 else count(submission_id) * 1.0 / count(*) end as submission_id_filled_share,
    case when count(*) = 0 then 1 else count(r108) * 1.0 / count(*) end as head_name_filled_share
from raw.documents
where arrival_day <= date '{as_of}'
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge every document received by the as-of day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_least("submission_id_filled_share", limit, CRITICAL, "RAW-DOC-01"),
            at_least("head_name_filled_share", limit, WARNING, "RAW-DOC-02"),
        ],
    )
