"""Has every document one fate at every level, and are the shares turned away or held believable?"""

from great_expectations import ExpectationSuite

from expectations.rules import CRITICAL, WARNING, Limit, at_most

RELATION = "marts.upload_accounting"

FIGURES = """
with accounting as (
    select * from marts.upload_accounting
),

to_date as (
    select
        coalesce(sum(received), 0) as documents_received,
        coalesce(sum(rejected), 0) as rejected
    from accounting
    where unit_level = 'kab_kota'
),

tonight as (
    select
        coalesce(sum(received), 0) as documents_of_the_day,
        coalesce(sum(held), 0) as held
    from accounting
    where unit_level = 'kab_kota' and arrival_day = date '{as_of}'
),

-- Every level must come to what was received, document by document; a level without a row comes to nothing.
levels as (
    select
        l.unit_level,
        coalesce(sum(a.received), 0) as received
    from (values ('bundle'), ('enumerator'), ('desa'), ('kecamatan'), ('kab_kota')) as l (unit_level)
    left join accounting as a on l.unit_level = a.unit_level
    group by l.unit_level
),

fates as (
    select count(*) as documents from intermediate.int_documents__fate
),

bundles as (
    select
        count(*) as bundles_of_the_day,
        count(case when outcome = 'rejected' then 1 end) as rejected_bundles
    from intermediate.int_bundles__fate
    where arrival_day = date '{as_of}'
)

select
    (select coalesce(sum(abs(received - accepted - held - superseded - duplicate - rejected)), 0) from accounting)
        as unaccounted_documents,
    d.documents_received,
    d.rejected * 1.0 / nullif(d.documents_received, 0) as rejected_document_share,
    t.documents_of_the_day,
    t.held * 1.0 / nullif(t.documents_of_the_day, 0) as held_document_share,
    t.held * 1.0 / nullif(t.documents_of_the_day, 0) as held_document_share_usual,
    (select coalesce(sum(abs(l.received - f.documents)), 0) from levels as l cross join fates as f)
        as documents_differing_between_levels,
    b.bundles_of_the_day,
    b.rejected_bundles * 1.0 / nullif(b.bundles_of_the_day, 0) as rejected_bundle_share,
    (select count(*) from accounting where as_of <> date '{as_of}') as rows_of_another_as_of
from to_date as d
cross join tonight as t
cross join bundles as b
"""


def build(limit: Limit) -> ExpectationSuite:
    """Judge the accounting of every unit and day."""
    return ExpectationSuite(
        name=RELATION,
        expectations=[
            at_most("unaccounted_documents", limit, CRITICAL, "MART-UPA-01"),
            at_most("rejected_document_share", limit, CRITICAL, "MART-UPA-02", base="documents_received"),
            at_most("held_document_share", limit, CRITICAL, "MART-UPA-03", base="documents_of_the_day"),
            at_most("documents_differing_between_levels", limit, CRITICAL, "MART-UPA-04"),
            at_most("held_document_share_usual", limit, WARNING, "MART-UPA-05", base="documents_of_the_day"),
            at_most("rejected_bundle_share", limit, CRITICAL, "MART-UPA-06", base="bundles_of_the_day"),
            at_most("rows_of_another_as_of", limit, CRITICAL, "MART-UPA-07"),
        ],
    )
