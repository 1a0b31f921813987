"""One way to write into a row what a rule objects to."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from include.contract import FAMILY_MEMBER, PERSON_MEMBER
from include.simulation.workbench import Cell, Workbench


@dataclass(frozen=True)
class Planting:
    """`cells` written into an eligible row break `rule`, in `rate` of the documents.

    Eligible and written values may be expressions of the row; a person's eligibility also of the family's `r111` and
    `r112`.
    """

    kind: str
    rule: str
    rate: float
    member: str
    eligible: pl.Expr
    cells: Mapping[str, Cell]


def plant(bench: Workbench, planting: Planting) -> None:
    """Break the rule in its share of the documents, and enter the defects."""
    count = bench.share(planting.kind, planting.rate)
    if planting.member == FAMILY_MEMBER:
        rows = bench.pick_families(planting.kind, planting.eligible, count)
        bench.set_families(rows, planting.cells)
        bench.note_families(planting.kind, rows, planting.rule)
    else:
        rows = bench.pick_persons(planting.kind, planting.eligible, count)
        bench.set_persons(rows, planting.cells)
        bench.note_persons(planting.kind, rows, planting.rule)


def in_family(kind: str, rule: str, rate: float, eligible: pl.Expr, cells: Mapping[str, Cell]) -> Planting:
    """What is planted into family rows."""
    return Planting(kind, rule, rate, FAMILY_MEMBER, eligible, cells)


def in_person(kind: str, rule: str, rate: float, eligible: pl.Expr, cells: Mapping[str, Cell]) -> Planting:
    """What is planted into person rows."""
    return Planting(kind, rule, rate, PERSON_MEMBER, eligible, cells)


def number(column: str) -> pl.Expr:
    """The cell as a number."""
    return pl.col(column).cast(pl.Int64, strict=False)


def is_code(column: str, *codes: int) -> pl.Expr:
    """Whether the cell holds one of the codes."""
    return number(column).is_in(codes)
