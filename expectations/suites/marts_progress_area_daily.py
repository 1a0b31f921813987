"""Is the progress mart whole, and does it add up?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_least, at_most

RELATION = "marts.progress_area_daily"

FIGURES = """
with last_day as (
    select * from marts.progress_area_daily where field_day = (select max(field_day) from marts.progress_area_daily)
)

select
    (select count(*) from marts.progress_area_daily) as row_count,
    coalesce(max(case
        when area_level = 'province' and expected_families >= {province_coverage_share_judged_from_families}
            then coverage_share
    end), 0) as province_coverage_share,
    count(case when area_level = 'sub_sls' and coverage_share > 1.25 then 1 end) as sub_sls_far_above_expected,
    abs(
        coalesce(sum(case when area_level = 'province' then enumerated_families_cumulative end), 0)
        - coalesce(sum(case when area_level = 'sub_sls' then enumerated_families_cumulative end), 0)
    ) as families_lost_between_levels
from last_day
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge the last field day of every area."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_least("row_count", limit, CRITICAL, "MART-PAD-01"),
            at_most("province_coverage_share", limit, CRITICAL, "MART-PAD-02"),
            at_most("sub_sls_far_above_expected", limit, WARNING, "MART-PAD-03"),
            at_most("families_lost_between_levels", limit, CRITICAL, "MART-PAD-04"),
        ],
    )
