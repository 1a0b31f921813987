"""Flags that a regency office raised on its own data, injected in the same mix.

Counts are flags on 42,842 documents (docs/domain.md, section 2.3). Two of them also break a hard rule of section 2.1.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from include.contract import FAMILY_MEMBER, PERSON_MEMBER
from include.simulation.draws import Ints
from include.simulation.workbench import Workbench

_DOCUMENTS = 42_842


@dataclass(frozen=True)
class SoftFlag:
    """What is made of an eligible row: `cells` are written; `rule` is the hard rule that it breaks besides."""

    kind: str
    flags: int
    member: str
    eligible: pl.Expr
    cells: Mapping[str, str | None]
    rule: str | None = None


def _number(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.Int64)


def _is(column: str, *codes: int) -> pl.Expr:
    return _number(column).is_in(codes)


_RECEIVES = pl.any_horizontal(*(pl.col(f"r501{letter}") == "1" for letter in "abcdefg"))
_POOR = _is("r111", 1, 2)
_NO_WORK = {"r416a": "2", "r416b": None, "r417": None, "r418": None, "r419": None}
_FINANCE_SECTOR = "16"

# The rarest first: they may have few rows to choose from.
SOFT_FLAGS = (
    SoftFlag("many_workers_small_turnover", 7, PERSON_MEMBER, _is("r418", 3) & _is("r420a", 1),
             {"r422": "12", "r425": "1"}),
    SoftFlag("young_child_self_care", 21, PERSON_MEMBER, _number("r407").is_between(2, 4),
             {"r428h": "2", "r429": "1"}, "P08"),
    SoftFlag("tiny_own_house", 32, FAMILY_MEMBER, _is("r301a", 1), {"r302": "4"}),
    SoftFlag("water_heater_of_poor", 35, FAMILY_MEMBER, _POOR & _is("r307a", 1, 2, 3), {"r502d": "1"}),
    SoftFlag("casual_status_in_other_sector", 179, PERSON_MEMBER, _is("r418", 6, 7), {"r417": _FINANCE_SECTOR}),
    SoftFlag("business_without_work", 409, PERSON_MEMBER, _is("r420a", 1), _NO_WORK),
    SoftFlag("civil_servant_without_pension", 504, PERSON_MEMBER, _is("r418", 5), {"r431f": "3"}),
    SoftFlag("lpg_without_cylinder", 542, FAMILY_MEMBER, _is("r308", 2, 3), {"r502a": "2"}, "F08"),
    SoftFlag("paid_workers_without_communication", 1_671, PERSON_MEMBER, _is("r418", 2, 3) & _is("r420a", 1),
             {"r422": "2", "r426": "0"}),
    SoftFlag("own_account_with_workers", 1_766, PERSON_MEMBER, _is("r418", 1) & _is("r420a", 1), {"r423": "2"}),
    SoftFlag("strong_power_of_poor", 793, FAMILY_MEMBER, _POOR & _is("r307b1", 1, 2), {"r307b1": "3"}),
    SoftFlag("smartphone_without_internet", 839, FAMILY_MEMBER, _is("r502n", 1), {"r505": "0"}),
    SoftFlag("programme_without_account", 6_942, FAMILY_MEMBER, _RECEIVES, {"r506": "4"}),
)  # fmt: skip

_SAME_NIK, _SAME_NIK_FLAGS = "nik_of_another_person", 726


def inject_soft_flags(bench: Workbench) -> None:
    """Raise each flag in its share of the documents."""
    for flag in SOFT_FLAGS:
        _inject(bench, flag)
    _inject_same_nik(bench)


def _inject(bench: Workbench, flag: SoftFlag) -> None:
    count = bench.share(flag.kind, flag.flags / _DOCUMENTS)
    reason = flag.rule or flag.kind
    if flag.member == FAMILY_MEMBER:
        rows = bench.pick_families(flag.kind, flag.eligible, count)
        bench.set_families(rows, flag.cells)
        bench.note_families(flag.kind, rows, reason)
        documents = rows
    else:
        rows = bench.pick_persons(flag.kind, flag.eligible, count)
        bench.set_persons(rows, flag.cells)
        bench.note_persons(flag.kind, rows, reason)
        documents = bench.person_document[rows]
    if flag.rule:
        bench.breaking.update(documents.tolist())


def _inject_same_nik(bench: Workbench) -> None:
    """Write the NIK of a person of one document for a person of another."""
    resident_with_nik = pl.col("r403").is_not_null() & _is("r404", 1, 5)
    count = bench.share(_SAME_NIK, _SAME_NIK_FLAGS / _DOCUMENTS)
    rows = bench.pick_persons(_SAME_NIK, resident_with_nik, 2 * count)
    pairs = _shuffled(bench, rows)
    lent, borrowing = pairs[: len(pairs) // 2], pairs[len(pairs) // 2 : len(pairs) // 2 * 2]
    niks = bench.persons["r403"]
    bench.persons = bench.persons.with_columns(r403=niks.clone().scatter(borrowing.tolist(), niks.gather(lent)))
    bench.note_persons(_SAME_NIK, borrowing, _SAME_NIK)


def _shuffled(bench: Workbench, rows: Ints) -> Ints:
    return rows[np.argsort(bench.draws.uniform("pairs", rows), kind="stable")]
