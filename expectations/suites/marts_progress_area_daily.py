"""Is the progress mart whole, of tonight, does it add up, and is a coverage above the list believable?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_least, at_most

RELATION = "marts.progress_area_daily"

# Coverage above 1 is legal. It closes the gate only where the province crosses the limit in one night and no new frame
# explains it (MART-PAD-02); a province that stood above it already, or has a new frame, warns (MART-PAD-05).
# "The night before" is the newest earlier as-of whose gate on the marts was open: a closed gate does not open by
# waiting. Without such a night in the history it is what had arrived before tonight.
FIGURES = """
with last_day as (
    select * from marts.progress_area_daily where field_day = (select max(field_day) from marts.progress_area_daily)
),

province as (
    select
        max(coverage_share) as share,
        coalesce(max(expected_families), 0) as expected_families
    from last_day
    where area_level = 'province'
),

earlier_nights as (
    select
        cast(as_of as date) as as_of,
        max(case when rule in ('MART-PAD-02', 'MART-PAD-05') then figure end) as share
    from state.gate_result
    where gate = 'marts' and as_of < '{as_of}'
    group by run_key, as_of
    having bool_and(passed or severity <> 'critical')
),

remembered as (
    select
        as_of,
        min(share) as share
    from earlier_nights
    where share is not null
    group by as_of
    order by as_of desc
    limit 1
),

derived as (
    select
        date '{as_of}' - 1 as as_of,
        (
            select count(distinct (idsubsls, r109, r110)) from intermediate.int_documents__fate
            where arrival_day < date '{as_of}' and r205 in (1, 2) and idsubsls <> 'UNKNOWN'
                and (outcome = 'accepted' or (outcome = 'held' and reason <> 'CONFLICT')
                    or (outcome = 'superseded' and reason in ('REVISION', 'SAME_FAMILY')))
        ) * 1.0 / nullif((select expected_families from province), 0) as share
),

night_before as (
    select * from remembered
    union all
    select * from derived where not exists (select 1 from remembered)
),

explained as (
    select
        share > {province_coverage_share_max}
        or exists (
            select 1 from raw.frame_sub_sls as f
            where f.snapshot_day > n.as_of and f.snapshot_day <= date '{as_of}'
        ) as by_history
    from night_before as n
)

select
    (select count(*) from marts.progress_area_daily) as row_count,
    p.share as province_coverage_share,
    p.share as province_coverage_share_standing,
    case when p.share > {province_coverage_share_max} and e.by_history then 0 else p.expected_families end
        as expected_families_if_unexplained,
    case
        when p.share > {province_coverage_share_max} and not coalesce(e.by_history, false) then 0
        else p.expected_families
    end as expected_families_if_explained,
    (select count(*) from last_day where area_level = 'sub_sls' and coverage_share > 1.25)
        as sub_sls_far_above_expected,
    (
        select abs(
            coalesce(sum(case when area_level = 'province' then enumerated_families_cumulative end), 0)
            - coalesce(sum(case when area_level = 'sub_sls' then enumerated_families_cumulative end), 0)
        )
        from last_day
    ) as families_lost_between_levels,
    (select count(*) from marts.progress_area_daily where as_of <> date '{as_of}') as rows_of_another_as_of
from province as p
cross join explained as e
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge the last field day of every area."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_least("row_count", limit, CRITICAL, "MART-PAD-01"),
            at_most("province_coverage_share", limit, CRITICAL, "MART-PAD-02", base="expected_families_if_unexplained"),
            at_most("sub_sls_far_above_expected", limit, WARNING, "MART-PAD-03"),
            at_most("families_lost_between_levels", limit, CRITICAL, "MART-PAD-04"),
            at_most(
                "province_coverage_share_standing", limit, WARNING, "MART-PAD-05", base="expected_families_if_explained"
            ),
            at_most("rows_of_another_as_of", limit, CRITICAL, "MART-PAD-06"),
        ],
    )
