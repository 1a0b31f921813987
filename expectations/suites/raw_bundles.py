"""Did tonight's bundles arrive sound enough to build on, as many as usual, and in time?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_least, at_most

RELATION = "raw.bundles"

# Only the contract's reasons reject: what intake records beside them (UNKNOWN_COLUMN and the like) is a warning.
FIGURES = """
with arrived as (
    select arrival_day, bundle_name, named_field_day from raw.bundles where arrival_day <= date '{as_of}'
),

rejected as (
    select distinct bundle_name from raw.bundle_findings
    where arrival_day = date '{as_of}' and reason in ({rejecting_reasons})
),

tonight as (
    select
        count(*) as bundles_of_the_day,
        count(r.bundle_name) as rejected_bundles,
        count(b.named_field_day) as dated_bundles,
        median(date_diff('day', b.named_field_day, b.arrival_day)) as median_upload_lag_days
    from arrived as b
    left join rejected as r on b.bundle_name = r.bundle_name
    where b.arrival_day = date '{as_of}'
),

working_days as (
    select cast(day as date) as day
    from generate_series(date '{field_start}', least(date '{as_of}', date '{field_end}'), interval 1 day) as days (day)
    where isodow(day) <> 7 and cast(day as date) not in ({holidays})
),

-- The last seven working days before tonight, none of them before the first bundle ever.
earlier as (
    select w.day, count(b.bundle_name) as bundles
    from working_days as w
    left join arrived as b on w.day = b.arrival_day
    where w.day < date '{as_of}' and w.day >= (select min(arrival_day) from arrived)
    group by w.day
    order by w.day desc
    limit 7
),

usual as (
    select count(*) as working_days, median(bundles) as bundles from earlier
)

select
    t.bundles_of_the_day,
    coalesce(t.rejected_bundles * 1.0 / nullif(t.bundles_of_the_day, 0), 0) as rejected_bundle_share,
    t.bundles_of_the_day * 1.0 / nullif(u.bundles, 0) as bundles_against_median,
    -- A day off, a silent day (RAW-BND-02) or a silent week is not compared.
    case
        when t.bundles_of_the_day = 0 or u.bundles = 0 then 0
        when date '{as_of}' not in (select day from working_days) then 0
        else u.working_days
    end as working_days_compared,
    (
        select count(*) from working_days
        where day > coalesce((select max(arrival_day) from arrived), date '{field_start}' - 1)
    ) as silent_working_days,
    case when date '{as_of}' <= date '{field_end}' then (select count(*) from working_days) else 0 end
        as working_days_to_date,
    t.median_upload_lag_days,
    t.dated_bundles
from tonight as t
cross join usual as u
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge the bundles of the as-of day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_most("rejected_bundle_share", limit, CRITICAL, "RAW-BND-01", base="bundles_of_the_day"),
            at_least("bundles_of_the_day", limit, WARNING, "RAW-BND-02"),
            at_least("bundles_against_median", limit, WARNING, "RAW-BND-03", base="working_days_compared"),
            at_most("silent_working_days", limit, WARNING, "RAW-BND-04", base="working_days_to_date", alert=True),
            at_most("bundles_against_median", limit, WARNING, "RAW-BND-05", base="working_days_compared"),
            at_most("median_upload_lag_days", limit, WARNING, "RAW-BND-06", base="dated_bundles"),
        ],
    )
