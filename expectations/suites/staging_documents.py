"""Are tonight's families answered, readable and of the usual kind?"""

from great_expectations import ExpectationSuite

from expectations.coded import FAMILY_CODES, KEY_HOUSING, drift, filled_share, outside_share, unreadable_share
from expectations.rules import CRITICAL, WARNING, Limit, at_least, at_most

RELATION = "staging.stg_field__documents"

_READ_AS_NUMBER = ("r109", "r110", "r111", "r112", "r201", "r205", "r302", *FAMILY_CODES)

FIGURES = f"""
with documents as (
    select *, r205 = 1 and not is_tombstone as is_complete
    from staging.stg_field__documents
    where arrival_day = date '{{as_of}}'
),

written as (
    select * from raw.documents where arrival_day = date '{{as_of}}'
),

tonight as (
    select
        count(*) as documents,
        count(case when is_complete then 1 end) as complete_documents,
        {filled_share(["r112"], "is_complete")} as member_count_filled_share,
        {filled_share(KEY_HOUSING, "is_complete")} as housing_filled_share,
        {filled_share(["r501a"], "is_complete")} as programme_filled_share,
        {filled_share(["r502a"], "is_complete")} as asset_filled_share,
        {filled_share(["r505"], "is_complete")} as internet_filled_share,
        {filled_share(["r506"], "is_complete")} as account_filled_share,
        {outside_share(FAMILY_CODES)} as code_outside_list_share,
        count(case when r201 > arrival_day or r201 < date '{{field_start}}' then 1 end) * 1.0 / nullif(count(r201), 0)
            as visit_day_impossible_share
    from documents
),

readable as (
    select {unreadable_share(_READ_AS_NUMBER, "documents", "written")} as unreadable_value_share
),

-- A document is a copy if its id and revision stood in an earlier arrival, or stand twice tonight.
keys as (
    select document_id, revision_number, count(*) as copies from documents
    where document_id is not null and revision_number is not null
    group by document_id, revision_number
),

seen as (
    select distinct d.document_id, d.revision_number
    from staging.stg_field__documents as d
    inner join keys as k on d.document_id = k.document_id and d.revision_number = k.revision_number
    where d.arrival_day < date '{{as_of}}'
),

copied as (
    select
        sum(k.copies - case when s.document_id is null then 1 else 0 end) * 1.0 / nullif(sum(k.copies), 0)
            as document_copy_share
    from keys as k
    left join seen as s on k.document_id = s.document_id and k.revision_number = s.revision_number
),

days_before as (
    select distinct arrival_day from staging.stg_field__documents where arrival_day < date '{{as_of}}'
    order by arrival_day desc
    limit 7
),

recent as (
    select
        arrival_day = date '{{as_of}}' as is_tonight,
        r205 as visit_outcome,
        r111 as welfare_class,
        case when r205 = 1 then least(r112, 10) end as family_size
    from staging.stg_field__documents
    where arrival_day = date '{{as_of}}' or arrival_day in (select arrival_day from days_before)
),

{drift(["visit_outcome", "welfare_class", "family_size"])}

select
    t.*,
    coalesce(c.document_copy_share, 0) as document_copy_share,
    case when t.documents = 0 then 0 else r.unreadable_value_share end as unreadable_value_share,
    m.*
from tonight as t
cross join readable as r
cross join copied as c
cross join moved as m
"""  # noqa: S608 - our own SQL


def build(limit: Limit) -> ExpectationSuite:
    """Judge the documents that arrived on the as-of day."""
    complete, drifts = "complete_documents", "rows_compared"
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_least("member_count_filled_share", limit, WARNING, "STG-DOC-01", base=complete),
            at_least("housing_filled_share", limit, WARNING, "STG-DOC-02", base=complete),
            at_least("programme_filled_share", limit, WARNING, "STG-DOC-03", base=complete),
            at_least("asset_filled_share", limit, WARNING, "STG-DOC-04", base=complete),
            at_least("internet_filled_share", limit, WARNING, "STG-DOC-05", base=complete),
            at_least("account_filled_share", limit, WARNING, "STG-DOC-06", base=complete),
            at_most("code_outside_list_share", limit, CRITICAL, "STG-DOC-07", base="documents"),
            at_most("unreadable_value_share", limit, CRITICAL, "STG-DOC-08", base="documents"),
            at_most("visit_day_impossible_share", limit, WARNING, "STG-DOC-09", base="documents"),
            at_most("document_copy_share", limit, WARNING, "STG-DOC-10", base="documents"),
            at_most("visit_outcome_drift", limit, WARNING, "STG-DOC-11", base=drifts),
            at_most("welfare_class_drift", limit, WARNING, "STG-DOC-12", base=drifts),
            at_most("family_size_drift", limit, WARNING, "STG-DOC-13", base=drifts),
        ],
    )
