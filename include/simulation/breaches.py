"""One way to break each hard rule (docs/domain.md 2.1 as the upload contract reads it), and that rule alone."""

import polars as pl

from include.simulation.planting import Planting, in_family, in_person, is_code, number, plant
from include.simulation.workbench import Cell, Workbench

BREACH_RATE = 0.009
_RULES = 27


def _family(rule: str, eligible: pl.Expr, cells: dict[str, Cell]) -> Planting:
    return in_family(f"breach_{rule}", rule, BREACH_RATE / _RULES, eligible, cells)


def _person(rule: str, eligible: pl.Expr, cells: dict[str, Cell]) -> Planting:
    return in_person(f"breach_{rule}", rule, BREACH_RATE / _RULES, eligible, cells)


def _from(column: str, low: int) -> pl.Expr:
    return number(column) >= low


_ANY = pl.lit(value=True)
_DARK: dict[str, Cell] = {"r307a": "4", "r307b1": None, "r307b2": None, "r307b3": None}
_FREE_OF_NEEDS = pl.all_horizontal(*(_from(f"r428{letter}", 3) for letter in "abcdefghij"))

BREACHES = (
    _family("F01", _ANY, {"r106": None}),
    _family("F02", pl.col("r114").is_not_null(), {"r114": "35010115109600"}),
    _family("F03", is_code("r301a", 1), {"r301b": None}),
    _family("F04", _ANY, {"r302": "998"}),
    _family("F05", is_code("r306a", 4, 5, 6, 7, 8), {"r306b": None}),
    _family("F06", is_code("r307a", 1) & pl.col("r307b2").is_null(), {"r307b1": None}),
    _family("F07", is_code("r309a", 1, 2, 3), {"r309b": None}),
    _family("F08", ~is_code("r308", 2, 3), {"r502a": "1"}),
    _family("F09", is_code("r502b", 1) & is_code("r307a", 1), _DARK),
    _family("F10", is_code("r501e", 2), {"r501e_month": "5", "r501e_year": "2022"}),
    _family("F11", _ANY, {"r502j": "3"}),
    _family("F20", ~is_code("r112", 9), {"r112": "9"}),
    # A document that says nobody answered keeps its answers and its persons.
    _family("F22", _ANY, {"r205": "3"}),
    _family("F23", _ANY, {"r304": "9"}),
    _person("P01", pl.col("r403").is_not_null(), {"r403": "350101151090001"}),
    _person("P02", _from("r407", 5) & is_code("r405", 1), {"r405": None}),
    _person("P03", is_code("r405", 1), {"r410": "2"}),
    _person("P04", is_code("r412", 3), {"r414": None}),
    _person("P05", is_code("r416a", 1), {"r416b": None}),
    _person("P06", is_code("r420a", 1), {"r425": None}),
    _person("P07", ~_from("r407", 5), {"r427": None}),
    _person("P08", _from("r407", 5), {"r428a": None}),
    _person("P09", _from("r407", 60) & _FREE_OF_NEEDS, {"r429": None}),
    _person("P10", _from("r407", 15), {"r431b": None}),
    _person("P11", is_code("r404", 1, 5), {"r411": "9"}),
    _person("P12", _from("r407", 60), {"r430": "77"}),
    _person("F21", is_code("r409", 3) & _from("r407", 15), {"r409": "1"}),
)  # fmt: skip


def inject_breaches(bench: Workbench) -> None:
    """Break each rule about equally often, in 0.9 % of the documents altogether."""
    for breach in BREACHES:
        plant(bench, breach)
