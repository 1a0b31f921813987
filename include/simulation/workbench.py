"""Sheets under repair, or rather its opposite: cells changed and rows added, each entered as a defect."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from include.contract import FAMILY_MEMBER, PERSON_MEMBER
from include.simulation.bundling import Bundles
from include.simulation.draws import Draws, Flags, Ints
from include.simulation.sheets import Sheets

# What is written into a cell: a text, nothing, or an expression of the row.
Cell = str | pl.Expr | None
_LENT_BY_FAMILY = ("r111", "r112")


@dataclass(frozen=True)
class Defect:
    """One thing done to a row. `row` is its position in the workbench, `document` that of its family row.

    `reason` is a rule or a reason of the contract; `person_outcome` is set where the person
    row has a fate of its own, else the document's fate counts.
    """

    kind: str
    member: str
    row: int
    document: int
    reason: str
    person_outcome: str | None = None


@dataclass
class Workbench:
    """All cells are text. A document is touched once at most, so that each case stays what it is called."""

    bundles: Bundles
    families: pl.DataFrame
    family_bundle: Ints
    persons: pl.DataFrame
    person_bundle: Ints
    person_document: Ints
    draws: Draws
    at_least_one: bool
    untouched: Flags
    rejected_reason: dict[int, str] = field(default_factory=dict)
    defects: list[Defect] = field(default_factory=list)

    def share(self, kind: str, rate: float) -> int:
        """How many cases of a kind: `rate` a document, and one at least where every kind must occur."""
        expected = rate * len(self.untouched)
        whole = int(expected)
        luck = float(self.draws.uniform(f"share {kind}", np.array([len(self.untouched)]))[0])
        return max(whole + (luck < expected - whole), int(self.at_least_one))

    def pick_families(self, kind: str, eligible: pl.Expr, count: int) -> Ints:
        """Up to `count` untouched family rows where the expression holds; they are touched from now on."""
        fits = _fitting(self.families, eligible)[: len(self.untouched)]
        return self._drawn(kind, np.flatnonzero(fits & self.untouched), count)

    def pick_persons(self, kind: str, eligible: pl.Expr, count: int) -> Ints:
        """Up to `count` person rows, of as many untouched documents, where the expression holds."""
        of_family = self.families.select(_LENT_BY_FAMILY)[self.person_document]
        fits = _fitting(pl.concat([self.persons, of_family], how="horizontal"), eligible)
        rows = np.flatnonzero(fits & (self.person_document < len(self.untouched)))
        rows = rows[self.untouched[self.person_document[rows]]]
        _, first = np.unique(self.person_document[rows], return_index=True)
        by_document = dict(zip(self.person_document[rows[first]].tolist(), rows[first].tolist(), strict=True))
        documents = self._drawn(kind, self.person_document[rows[first]], count)
        return np.array([by_document[document] for document in documents.tolist()], dtype=np.int64)

    def _drawn(self, kind: str, candidates: Ints, count: int) -> Ints:
        order = np.argsort(self.draws.uniform(f"pick {kind}", candidates), kind="stable")
        chosen = np.sort(candidates[order[:count]])
        self.untouched[chosen] = False
        return chosen

    def set_families(self, rows: Ints, cells: Mapping[str, Cell]) -> None:
        """Write the same values into these family rows."""
        self.families = _written(self.families, rows, cells)

    def set_persons(self, rows: Ints, cells: Mapping[str, Cell]) -> None:
        """Write the same values into these person rows."""
        self.persons = _written(self.persons, rows, cells)

    def add_families(self, rows: pl.DataFrame, bundle: Ints) -> Ints:
        """Append family rows to bundles; returns their positions."""
        start = self.families.height
        self.families = pl.concat([self.families, rows])
        self.family_bundle = np.r_[self.family_bundle, bundle]
        return np.arange(start, self.families.height)

    def add_persons(self, rows: pl.DataFrame, bundle: Ints, document: Ints) -> Ints:
        """Append person rows to bundles; returns their positions."""
        start = self.persons.height
        self.persons = pl.concat([self.persons, rows])
        self.person_bundle = np.r_[self.person_bundle, bundle]
        self.person_document = np.r_[self.person_document, document]
        return np.arange(start, self.persons.height)

    def note_families(self, kind: str, rows: Ints, reason: str) -> None:
        """Enter a defect for each of these family rows."""
        self.defects += [Defect(kind, FAMILY_MEMBER, row, row, reason) for row in rows.tolist()]

    def note_persons(self, kind: str, rows: Ints, reason: str, outcome: str | None = None) -> None:
        """Enter a defect for each of these person rows."""
        documents = self.person_document[rows].tolist()
        self.defects += [
            Defect(kind, PERSON_MEMBER, row, document, reason, outcome)
            for row, document in zip(rows.tolist(), documents, strict=True)
        ]


def workbench_for(sheets: Sheets, bundles: Bundles, draws: Draws, *, at_least_one: bool) -> Workbench:
    """Lay out the sheets. Only complete documents of the final form that nothing follows may be touched."""
    families = sheets.families
    ids = pl.col("submission_id")
    plain = (ids.count().over("submission_id") == 1) & (pl.col("r205") == 1) & (pl.col("is_deleted") == 0)
    untouched = families.select(plain)[:, 0].to_numpy() & ~bundles.is_draft_form[sheets.family_bundle]
    return Workbench(
        bundles=bundles,
        families=families.cast(pl.String),
        family_bundle=sheets.family_bundle,
        persons=sheets.persons.cast(pl.String),
        person_bundle=sheets.person_bundle,
        person_document=sheets.person_document,
        draws=draws,
        at_least_one=at_least_one,
        untouched=untouched.copy(),
    )


def _fitting(rows: pl.DataFrame, eligible: pl.Expr) -> Flags:
    return rows.with_columns(eligible.fill_null(value=False).alias("fits"))["fits"].to_numpy()


def _written(rows: pl.DataFrame, at: Ints, cells: Mapping[str, Cell]) -> pl.DataFrame:
    there = rows[at]
    changed = {name: rows[name].clone().scatter(at.tolist(), _values(there, cell)) for name, cell in cells.items()}
    return rows.with_columns(**changed) if len(at) else rows


def _values(rows: pl.DataFrame, cell: Cell) -> str | pl.Series | None:
    return rows.select(cell).to_series() if isinstance(cell, pl.Expr) else cell
