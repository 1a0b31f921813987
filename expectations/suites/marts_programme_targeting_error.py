"""Are the errors shares of what they say, do their lists bear them out, and is the list of recipients whole?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_least, at_most

RELATION = "marts.programme_targeting_error"

FIGURES = """
with errors as (
    select * from marts.programme_targeting_error
),

told as (
    select
        programme,
        'eligible_unserved' as list,
        eligible_unserved_families as families
    from errors
    where area_level = 'province' and cut_off = 'own_rule' and group_kind = 'all'
    union all
    select
        programme,
        'ineligible_served' as list,
        ineligible_served_families as families
    from errors
    where area_level = 'province' and cut_off = 'own_rule' and group_kind = 'all'
),

listed as (
    select
        programme,
        'eligible_unserved' as list,
        count(*) as families
    from marts.eligible_unserved
    group by programme
    union all
    select
        programme,
        'ineligible_served' as list,
        count(*) as families
    from marts.ineligible_served
    group by programme
),

months as (
    select
        snapshot_day,
        count(*) as recipients
    from raw.programmes_recipients
    where snapshot_day <= date '{as_of}'
    group by snapshot_day
),

newest as (
    select
        coalesce(max_by(recipients, snapshot_day), 0) as recipients,
        max(snapshot_day) as snapshot_day
    from months
),

before as (
    select coalesce(max_by(m.recipients, m.snapshot_day), 0) as recipients
    from months as m
    cross join newest as n
    where m.snapshot_day < n.snapshot_day
),

consultation as (
    select
        count(*) as consultation_lines,
        count(case when status in ('bad_key', 'bad_group', 'unknown_family') then 1 end) as unusable
    from marts.consultation_result
)

select
    (
        select
            count(case
                when not (
                    coalesce(exclusion_error, 0) between 0 and 1
                    and coalesce(inclusion_error, 0) between 0 and 1
                    and coalesce(leakage, 0) between 0 and 1
                    and coalesce(exclusion_error_low, 0) <= coalesce(exclusion_error_high, 1)
                )
                    then 1
            end)
        from errors
    ) as errors_outside_unit,
    (
        select coalesce(sum(abs(coalesce(t.families, 0) - coalesce(l.families, 0))), 0)
        from told as t
        full join listed as l on t.programme = l.programme and t.list = l.list
    ) as families_differing_from_lists,
    n.recipients as recipients_listed,
    b.recipients as recipients_of_month_before,
    n.recipients * 1.0 / nullif(b.recipients, 0) as recipients_against_month_before,
    (select coalesce(sum(listed_lines - usable_lines), 0) from marts.programme_list) * 1.0 / nullif(n.recipients, 0)
        as unusable_recipient_share,
    c.consultation_lines,
    c.unusable * 1.0 / nullif(c.consultation_lines, 0) as unusable_consultation_share,
    (select count(*) from errors where as_of <> date '{as_of}') as rows_of_another_as_of
from newest as n
cross join before as b
cross join consultation as c
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge every error, the lists behind them and what headquarters sent."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_most("errors_outside_unit", limit, CRITICAL, "MART-PTE-01"),
            at_most("families_differing_from_lists", limit, CRITICAL, "MART-PTE-02"),
            at_least("recipients_listed", limit, WARNING, "MART-PTE-03"),
            at_least(
                "recipients_against_month_before", limit, WARNING, "MART-PTE-04", base="recipients_of_month_before"
            ),
            at_most("unusable_recipient_share", limit, WARNING, "MART-PTE-05", base="recipients_listed"),
            at_most("unusable_consultation_share", limit, WARNING, "MART-PTE-06", base="consultation_lines"),
            at_most("rows_of_another_as_of", limit, CRITICAL, "MART-PTE-07"),
        ],
    )
