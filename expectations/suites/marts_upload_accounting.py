"""Has every document one fate, and is the share that was turned away believable?"""

from collections.abc import Callable

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

RELATION = "marts.upload_accounting"

FIGURES = """
select
    coalesce(sum(abs(received - accepted - held - superseded - duplicate - rejected)), 0) as unaccounted_documents,
    case
        when coalesce(sum(case when unit_level = 'kab_kota' then received end), 0)
            < {rejected_document_share_judged_from_documents} then 0
        else sum(case when unit_level = 'kab_kota' then rejected end) * 1.0
            / nullif(sum(case when unit_level = 'kab_kota' then received end), 0)
    end as rejected_document_share
from marts.upload_accounting
"""


def build(limit: Callable[[str], float]) -> ExpectationSuite:
    """Judge the accounting of every unit and day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            gxe.ExpectColumnMaxToBeBetween(
                column="unaccounted_documents",
                max_value=limit("unaccounted_documents_max"),
                severity="critical",
                meta={"rule": "MART-UPA-01"},
            ),
            gxe.ExpectColumnMaxToBeBetween(
                column="rejected_document_share",
                max_value=limit("rejected_document_share_max"),
                severity="critical",
                meta={"rule": "MART-UPA-02"},
            ),
        ],
    )
