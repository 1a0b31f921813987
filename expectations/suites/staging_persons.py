"""Are tonight's persons described, identified, and of the usual kind?"""

from great_expectations import ExpectationSuite

from expectations.coded import PERSON_CODES, drift, filled_share, outside_share, unreadable_share
from expectations.rules import CRITICAL, WARNING, Limit, at_least, at_most

RELATION = "staging.stg_field__persons"

_READ_AS_NUMBER = ("r401", "r406d", "r406m", "r406y", "r407", *PERSON_CODES)
_RESIDENT = "r404 in (1, 5)"

# A number made up to fill the boxes (docs/domain.md §3.3): it counts the person and identifies nobody.
_IS_NIK = "coalesce(regexp_full_match(r403, '[0-9]{{16}}'), false)"
_IS_DUMMY = """(
    r403 = repeat(left(r403, 1), 16) or r403 like '9999%' or r403 like '1234567890%' or r403 like '%0000'
    or not (
        try_cast(substr(r403, 7, 2) as integer) between 1 and 31
        or try_cast(substr(r403, 7, 2) as integer) between 41 and 71
    )
    or not try_cast(substr(r403, 9, 2) as integer) between 1 and 12
)"""

FIGURES = f"""
with persons as (
    select *, {_IS_NIK} and not {_IS_DUMMY} as is_good_nik
    from staging.stg_field__persons
    where arrival_day = date '{{as_of}}'
),

written as (
    select * from raw.persons where arrival_day = date '{{as_of}}'
),

tonight as (
    select
        count(*) as persons,
        count(case when {_RESIDENT} then 1 end) as residents,
        count(case when {_RESIDENT} then r403 end) as residents_with_nik,
        count(r404) * 1.0 / nullif(count(*), 0) as presence_filled_share,
        {filled_share(["r405"], _RESIDENT)} as sex_filled_share,
        {filled_share(["r407"], _RESIDENT)} as age_filled_share,
        {filled_share(["r409"], _RESIDENT)} as relation_filled_share,
        {outside_share(PERSON_CODES)} as code_outside_list_share,
        count(case when {_RESIDENT} and is_good_nik then 1 end) * 1.0
            / nullif(count(case when {_RESIDENT} then r403 end), 0) as nik_wellformed_share,
        count(case when {_RESIDENT} and is_good_nik then 1 end) * 1.0
            / nullif(count(case when {_RESIDENT} then 1 end), 0) as nik_valid_share
    from persons
),

readable as (
    select {unreadable_share(_READ_AS_NUMBER, "persons", "written")} as unreadable_value_share
),

days_before as (
    select distinct arrival_day from staging.stg_field__persons where arrival_day < date '{{as_of}}'
    order by arrival_day desc
    limit 7
),

-- Tonight's numbers that residents of another document hold as well, tonight or on the seven days before: over all days
-- the share would grow with the field work.
numbers as (
    select distinct r403 from persons where {_RESIDENT} and is_good_nik
),

held as (
    select p.r403, count(distinct lower(p.submission_id)) as documents
    from staging.stg_field__persons as p
    inner join numbers as n on p.r403 = n.r403
    where p.r404 in (1, 5)
        and (p.arrival_day = date '{{as_of}}' or p.arrival_day in (select arrival_day from days_before))
    group by p.r403
),

shared as (
    select
        count(*) as numbers,
        count(case when documents > 1 then 1 end) * 1.0 / nullif(count(*), 0) as nik_in_two_documents_share
    from held
),

recent as (
    select arrival_day = date '{{as_of}}' as is_tonight, r404 as presence
    from staging.stg_field__persons
    where arrival_day = date '{{as_of}}' or arrival_day in (select arrival_day from days_before)
),

{drift(["presence"])}

select
    t.*,
    case when t.persons = 0 then 0 else r.unreadable_value_share end as unreadable_value_share,
    s.numbers,
    coalesce(s.nik_in_two_documents_share, 0) as nik_in_two_documents_share,
    m.*
from tonight as t
cross join readable as r
cross join shared as s
cross join moved as m
"""  # noqa: S608 - our own SQL


def build(limit: Limit) -> ExpectationSuite:
    """Judge the person rows that arrived on the as-of day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_least("presence_filled_share", limit, WARNING, "STG-PER-01", base="persons"),
            at_least("sex_filled_share", limit, WARNING, "STG-PER-02", base="residents"),
            at_least("age_filled_share", limit, WARNING, "STG-PER-03", base="residents"),
            at_least("relation_filled_share", limit, WARNING, "STG-PER-04", base="residents"),
            at_most("code_outside_list_share", limit, CRITICAL, "STG-PER-05", base="persons"),
            at_most("unreadable_value_share", limit, CRITICAL, "STG-PER-06", base="persons"),
            at_least("nik_wellformed_share", limit, WARNING, "STG-PER-07", base="residents_with_nik"),
            at_least("nik_valid_share", limit, WARNING, "STG-PER-08", base="residents"),
            at_most("nik_in_two_documents_share", limit, WARNING, "STG-PER-09", base="numbers"),
            at_most("presence_drift", limit, WARNING, "STG-PER-10", base="rows_compared"),
        ],
    )
