"""Has every document one fate, and is the share that was turned away believable?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, Limit, at_most

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


def build(limit: Limit) -> ExpectationSuite:
    """Judge the accounting of every unit and day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_most("unaccounted_documents", limit, CRITICAL, "MART-UPA-01"),
            at_most("rejected_document_share", limit, CRITICAL, "MART-UPA-02"),
        ],
    )
