"""Is the progress mart whole, and does it add up?"""

from collections.abc import Callable

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

RELATION = "marts.progress_area_daily"

FIGURES = """
with last_day as (
    select * from marts.progress_area_daily where field_day = (select max(field_day) from marts.progress_area_daily)
)

select
    (select count(*) from marts.progress_area_daily) as row_count,
    coalesce(max(case when area_level = 'province' then coverage_share end), 0) as province_coverage_share,
    count(case when area_level = 'sub_sls' and coverage_share > 1.25 then 1 end) as sub_sls_far_above_expected,
    abs(
        coalesce(sum(case when area_level = 'province' then enumerated_families_cumulative end), 0)
        - coalesce(sum(case when area_level = 'sub_sls' then enumerated_families_cumulative end), 0)
    ) as families_lost_between_levels
from last_day
"""

_MAXIMA = (
    ("province_coverage_share", "critical", "MART-PAD-02"),
    ("sub_sls_far_above_expected", "warning", "MART-PAD-03"),
    ("families_lost_between_levels", "critical", "MART-PAD-04"),
)


def build(limit: Callable[[str], float]) -> ExpectationSuite:
    """Judge the last field day of every area."""
    row_count = gxe.ExpectColumnMinToBeBetween(
        column="row_count", min_value=limit("row_count_min"), severity="critical", meta={"rule": "MART-PAD-01"}
    )
    maxima = [
        gxe.ExpectColumnMaxToBeBetween(
            column=figure, max_value=limit(f"{figure}_max"), severity=severity, meta={"rule": rule}
        )
        for figure, severity, rule in _MAXIMA
    ]
    return ExpectationSuite(name=RELATION, expectations=[row_count, *maxima])
