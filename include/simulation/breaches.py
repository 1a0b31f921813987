"""One way to break each hard rule (docs/domain.md 2.1 as the upload contract reads it), and that rule alone."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from include.contract import FAMILY_MEMBER, PERSON_MEMBER
from include.simulation.workbench import Workbench

BREACH_RATE = 0.009


@dataclass(frozen=True)
class Breach:
    """`cells` written into an eligible row break the rule; a value may be an expression of the row."""

    rule: str
    member: str
    eligible: pl.Expr
    cells: Mapping[str, str | None]


def _is(column: str, *codes: int) -> pl.Expr:
    return pl.col(column).cast(pl.Int64).is_in(codes)


def _from(column: str, low: int) -> pl.Expr:
    return pl.col(column).cast(pl.Int64) >= low


def _family(rule: str, eligible: pl.Expr, cells: Mapping[str, str | None]) -> Breach:
    return Breach(rule, FAMILY_MEMBER, eligible, cells)


def _person(rule: str, eligible: pl.Expr, cells: Mapping[str, str | None]) -> Breach:
    return Breach(rule, PERSON_MEMBER, eligible, cells)


_ANY = pl.lit(value=True)
_DARK = {"r307a": "4", "r307b1": None, "r307b2": None, "r307b3": None}
_FREE_OF_NEEDS = pl.all_horizontal(*(_from(f"r428{letter}", 3) for letter in "abcdefghij"))

BREACHES = (
    _family("F01", _ANY, {"r106": None}),
    _family("F02", pl.col("r114").is_not_null(), {"r114": "35010115109600"}),
    _family("F03", _is("r301a", 1), {"r301b": None}),
    _family("F04", _ANY, {"r302": "998"}),
    _family("F05", _is("r306a", 4, 5, 6, 7, 8), {"r306b": None}),
    _family("F06", _is("r307a", 1) & pl.col("r307b2").is_null(), {"r307b1": None}),
    _family("F07", _is("r309a", 1, 2, 3), {"r309b": None}),
    _family("F08", ~_is("r308", 2, 3), {"r502a": "1"}),
    _family("F09", _is("r502b", 1) & _is("r307a", 1), _DARK),
    _family("F10", _is("r501e", 2), {"r501e_month": "5", "r501e_year": "2022"}),
    _family("F11", _ANY, {"r502j": "3"}),
    _family("F20", ~_is("r112", 9), {"r112": "9"}),
    _family("F23", _ANY, {"r304": "9"}),
    _person("P01", pl.col("r403").is_not_null(), {"r403": "350101151090001"}),
    _person("P02", _from("r407", 5) & _is("r405", 1), {"r405": None}),
    _person("P03", _is("r405", 1), {"r410": "2"}),
    _person("P04", _is("r412", 3), {"r414": None}),
    _person("P05", _is("r416a", 1), {"r416b": None}),
    _person("P06", _is("r420a", 1), {"r425": None}),
    _person("P07", ~_from("r407", 5), {"r427": None}),
    _person("P08", _from("r407", 5), {"r428a": None}),
    _person("P09", _from("r407", 60) & _FREE_OF_NEEDS, {"r429": None}),
    _person("P10", _from("r407", 15), {"r431b": None}),
    _person("P11", _is("r404", 1, 5), {"r411": "9"}),
    _person("P12", _from("r407", 60), {"r430": "77"}),
    _person("F21", _is("r409", 3) & _from("r407", 15), {"r409": "1"}),
)  # fmt: skip


def inject_breaches(bench: Workbench) -> None:
    """Break each rule about equally often, in 0.9 % of the documents altogether."""
    for breach in BREACHES:
        kind = f"breach_{breach.rule}"
        count = bench.share(kind, BREACH_RATE / (len(BREACHES) + 1))
        if breach.member == FAMILY_MEMBER:
            rows = bench.pick_families(kind, breach.eligible, count)
            bench.set_families(rows, breach.cells)
            bench.note_families(kind, rows, breach.rule)
            bench.breaking.update(rows.tolist())
        else:
            rows = bench.pick_persons(kind, breach.eligible, count)
            bench.set_persons(rows, breach.cells)
            bench.note_persons(kind, rows, breach.rule)
            bench.breaking.update(bench.person_document[rows].tolist())
    _break_f22(bench)


def _break_f22(bench: Workbench) -> None:
    """A document that says nobody answered keeps its answers and its persons."""
    kind = "breach_F22"
    rows = bench.pick_families(kind, _ANY, bench.share(kind, BREACH_RATE / (len(BREACHES) + 1)))
    bench.set_families(rows, {"r205": "3"})
    bench.note_families(kind, rows, "F22")
    bench.breaking.update(rows.tolist())
