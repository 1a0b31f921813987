"""The rules that compare a document with the winning documents of the whole province (docs/rules.md).

A block leaves marks: what each of its documents has that another should not have. The marks of all blocks together
tell who shares a KK number, a photo or a NIK, and whose day is overfull.
"""

from collections.abc import Iterator

import polars as pl

from include.simulation.rule_oracle_identity import is_dummy_number, is_sixteen_digits, nik_class
from include.simulation.rule_reading import Document

MOST_VISITS_OF_A_DAY = 30

Mark = tuple[str, str, int, bool, bool]

# `is_asked`: the rule judges this row; `counts`: the row counts against others, if its document wins.
MARK_FIELDS = {
    "rule_id": pl.String,
    "value": pl.String,
    "person_line": pl.Int64,
    "is_asked": pl.Boolean,
    "counts": pl.Boolean,
}


def marks_of(document: Document, enumerator_id: str) -> Iterator[Mark]:
    """What a document of this enumerator's bundle has that must not be elsewhere, and the day that it fills."""
    family, is_asked = document.family, not document.is_unreached
    kk, photo = family.text("r114"), family.text("photo_sha256")
    if kk and is_sixteen_digits(kk) and not is_dummy_number(kk) and family["r115"] == 0:
        yield "C08", kk, 0, is_asked, True
    if photo:
        yield "C10", photo, 0, is_asked, True
    yield "C13", f"{enumerator_id} {document.field_day}", 0, is_asked, family["r205"] in (1, 2)
    for person in document.residents:
        nik = person.answers.text("r403")
        if nik and nik_class(nik, kk) == "valid":
            yield "N06", nik, person.line, is_asked, True


def broken_across(marks: pl.DataFrame) -> pl.DataFrame:
    """The marks whose rule is broken.

    Besides MARK_FIELDS there must be `submission_id` (lower case) and `wins`, whether the document is accepted or held
    by a rule.
    """
    counted = marks.filter("counts", "wins")
    thing = ["rule_id", "value"]
    holders = counted.filter(pl.col("rule_id") != "C13").select(*thing, "submission_id").unique()
    other = holders.group_by(thing).agg(pl.len().alias("holders"))
    own = holders.with_columns(is_holder=pl.lit(1))
    visits = counted.filter(pl.col("rule_id") == "C13").group_by(thing).agg(pl.len().alias("visits"))
    told = (
        marks.filter("is_asked")
        .join(other, on=thing, how="left")
        .join(own, on=[*thing, "submission_id"], how="left")
        .join(visits, on=thing, how="left")
    )
    others = pl.col("holders").fill_null(0) - pl.col("is_holder").fill_null(0)
    return told.filter((others > 0) | (pl.col("visits").fill_null(0) > MOST_VISITS_OF_A_DAY))
