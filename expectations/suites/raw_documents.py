"""Do the documents carry what everything else hangs on?"""

from collections.abc import Callable

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

RELATION = "raw.documents"

FIGURES = """
select
    case when count(*) = 0 then 1 else count(submission_id) * 1.0 / count(*) end as submission_id_filled_share,
    case when count(*) = 0 then 1 else count(r108) * 1.0 / count(*) end as head_name_filled_share
from raw.documents
where arrival_day <= date '{as_of}'
"""


def build(limit: Callable[[str], float]) -> ExpectationSuite:
    """Judge every document received by the as-of day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            gxe.ExpectColumnMinToBeBetween(
                column="submission_id_filled_share",
                min_value=limit("submission_id_filled_share_min"),
                severity="critical",
                meta={"rule": "RAW-DOC-01"},
            ),
            gxe.ExpectColumnMinToBeBetween(
                column="head_name_filled_share",
                min_value=limit("head_name_filled_share_min"),
                severity="warning",
                meta={"rule": "RAW-DOC-02"},
            ),
        ],
    )
