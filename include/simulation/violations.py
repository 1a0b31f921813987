"""From the sheets as sent to `_truth/violations.csv`: every document judged by the oracle, and what came of it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import polars as pl

from include.contract import BUNDLE_NAME, FORM_VERSIONS
from include.simulation.bundling import Bundles
from include.simulation.rule_answers import Row
from include.simulation.rule_oracle import ERROR_RULES, broken_by
from include.simulation.rule_oracle_across import MARK_FIELDS, broken_across, marks_of
from include.simulation.rule_reading import Document, read_document
from include.simulation.sheets import Sheets, row_numbers

_DOCUMENT = {"bundle_name": pl.String, "arrival_day": pl.String, "row_number": pl.Int64}
VIOLATION_SCHEMA = {**_DOCUMENT, "person_line": pl.Int64, "rule_id": pl.String, "severity": pl.String}
VIOLATION_ORDER = ["arrival_day", "bundle_name", "row_number", "person_line", "rule_id"]
_BROKEN_FIELDS = {"person_line": pl.Int64, "rule_id": pl.String}
MARK_SCHEMA = {**_DOCUMENT, **MARK_FIELDS, "submission_id": pl.String, "wins": pl.Boolean}


@dataclass(frozen=True)
class Verdicts:
    """What the oracle says of the family rows of a block, in their order.

    `broken` has a row per rule broken, `marks` one per mark; `position` is the family row's.
    """

    broken: pl.DataFrame
    marks: pl.DataFrame

    def breaks_rule(self, documents: int) -> pl.Series:
        """Whether each document breaks a rule of severity error."""
        breaking = set(self.broken.filter(pl.col("rule_id").is_in(ERROR_RULES))["position"])
        return pl.Series([position in breaking for position in range(documents)], dtype=pl.Boolean)


def no_verdicts() -> Verdicts:
    """Of sheets that nobody judged."""
    return verdicts_on([])


def verdicts_on(documents: list[tuple[Document, str]]) -> Verdicts:
    """Judge documents, each with the enumerator of its bundle."""
    broken = [(at, *rule) for at, (document, _) in enumerate(documents) for rule in broken_by(document)]
    marks = [(at, *mark) for at, (document, staff) in enumerate(documents) for mark in marks_of(document, staff)]
    place = {"position": pl.Int64}
    return Verdicts(
        broken=pl.DataFrame(broken, schema={**place, **_BROKEN_FIELDS}, orient="row"),
        marks=pl.DataFrame(marks, schema={**place, **MARK_FIELDS}, orient="row"),
    )


def judged_sheets(sheets: Sheets, bundles: Bundles, listed: pl.DataFrame) -> Verdicts:
    """Judge every family row of a block; `listed` begins with the bundles of the sheets, in order."""
    return verdicts_on(list(_documents(sheets, bundles, listed)))


def _documents(sheets: Sheets, bundles: Bundles, listed: pl.DataFrame) -> Iterator[tuple[Document, str]]:
    persons: dict[tuple[int, str, str], list[tuple[int, Row]]] = defaultdict(list)
    numbers = row_numbers(sheets.person_bundle).tolist()
    rows = sheets.persons.iter_rows(named=True)
    for row, bundle, number in zip(rows, sheets.person_bundle.tolist(), numbers, strict=True):
        persons[bundle, row["submission_id"], row["revision"]].append((number, row))
    names, arrivals = listed["bundle_name"].to_list(), listed["arrival_day"].to_list()
    for row, bundle in zip(sheets.families.iter_rows(named=True), sheets.family_bundle.tolist(), strict=True):
        form_version = FORM_VERSIONS[int(bundles.is_draft_form[bundle])]
        mine = persons[bundle, row["submission_id"], row["revision"]]
        staff, field_day = _told_by_name(names[bundle])
        yield read_document(row, mine, form_version, field_day, date.fromisoformat(arrivals[bundle])), staff


def _told_by_name(bundle_name: str) -> tuple[str, date]:
    told = BUNDLE_NAME.fullmatch(bundle_name)
    if told is None:
        raise ValueError(f"{bundle_name} is no bundle's name")
    return told["enumerator_id"], date.fromisoformat(told["field_day"])


def with_documents(verdicts: Verdicts, documents: pl.DataFrame, fates: pl.DataFrame) -> Verdicts:
    """The verdicts on documents that rules judge, with their bundle and row instead of the position.

    `documents` are the family rows in order, `fates` the same documents in any order with what became of them.
    """
    is_winner = (pl.col("expected_outcome") == "accepted") | (
        (pl.col("expected_outcome") == "held") & (pl.col("expected_reason") == "RULES")
    )
    judged = fates.filter((pl.col("kind") == "live") & ~pl.col("is_deleted"))
    judged = judged.select(*_DOCUMENT, "submission_id", is_winner.fill_null(value=False).alias("wins"))
    placed = documents.select(*_DOCUMENT).with_row_index("position").cast({"position": pl.Int64})
    placed = placed.join(judged, on=list(_DOCUMENT), how="inner")
    return Verdicts(
        broken=_with_severity(verdicts.broken.join(placed, on="position", how="inner")),
        marks=verdicts.marks.join(placed, on="position", how="inner").select(MARK_SCHEMA.keys()),
    )


def _with_severity(broken: pl.DataFrame) -> pl.DataFrame:
    is_error = pl.col("rule_id").is_in(ERROR_RULES)
    told = pl.when(is_error).then(pl.lit("error")).otherwise(pl.lit("warning")).alias("severity")
    return broken.with_columns(told).select(VIOLATION_SCHEMA.keys())


def violations(verdicts: Verdicts) -> pl.DataFrame:
    """Every rule broken in the province, those across documents too, in order."""
    across = _with_severity(broken_across(verdicts.marks))
    return pl.concat([verdicts.broken, across]).sort(VIOLATION_ORDER)
