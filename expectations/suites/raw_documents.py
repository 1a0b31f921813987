"""Do tonight's documents carry what everything else hangs on?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_least

RELATION = "raw.documents"

FIGURES = """
select
    count(*) as documents,
    count(submission_id) * 1.0 / nullif(count(*), 0) as submission_id_filled_share,
    count(r108) * 1.0 / nullif(count(*), 0) as head_name_filled_share,
    count(r101 || r102 || r103 || r104 || r105) * 1.0 / nullif(count(*), 0) as place_filled_share,
    count(r109 || r110) * 1.0 / nullif(count(*), 0) as family_number_filled_share,
    count(r205) * 1.0 / nullif(count(*), 0) as visit_outcome_filled_share,
    count(ended_at) * 1.0 / nullif(count(*), 0) as visit_end_filled_share
from raw.documents
where arrival_day = date '{as_of}'
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge the documents that arrived on the as-of day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_least("submission_id_filled_share", limit, CRITICAL, "RAW-DOC-01", base="documents"),
            at_least("head_name_filled_share", limit, WARNING, "RAW-DOC-02", base="documents"),
            at_least("place_filled_share", limit, CRITICAL, "RAW-DOC-03", base="documents"),
            at_least("family_number_filled_share", limit, WARNING, "RAW-DOC-04", base="documents"),
            at_least("visit_outcome_filled_share", limit, WARNING, "RAW-DOC-05", base="documents"),
            at_least("visit_end_filled_share", limit, WARNING, "RAW-DOC-06", base="documents"),
        ],
    )
