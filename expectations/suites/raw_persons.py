"""Does every person row of tonight hang on a document, once?"""

from great_expectations import ExpectationSuite

from expectations.rules import WARNING, Limit, at_least, at_most

RELATION = "raw.persons"

FIGURES = """
with persons as (
    select bundle_name, submission_id, revision, r401, try_cast(r401 as integer) as line from raw.persons
    where arrival_day = date '{as_of}'
),

documents as (
    select distinct bundle_name, submission_id, revision from raw.documents where arrival_day = date '{as_of}'
),

lines as (
    select bundle_name, submission_id, revision, line, count(*) - 1 as repeats
    from persons
    where line is not null
    group by bundle_name, submission_id, revision, line
)

select
    count(*) as persons,
    count(case when d.bundle_name is null then 1 end) * 1.0 / nullif(count(*), 0) as orphan_person_share,
    (select coalesce(sum(repeats), 0) from lines) * 1.0 / nullif(count(*), 0) as duplicate_line_share,
    count(p.line) * 1.0 / nullif(count(*), 0) as line_readable_share
from persons as p
left join documents as d
    on p.bundle_name = d.bundle_name and p.submission_id = d.submission_id and p.revision = d.revision
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge the person rows that arrived on the as-of day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_most("orphan_person_share", limit, WARNING, "RAW-PER-01", base="persons"),
            at_most("duplicate_line_share", limit, WARNING, "RAW-PER-02", base="persons"),
            at_least("line_readable_share", limit, WARNING, "RAW-PER-03", base="persons"),
        ],
    )
