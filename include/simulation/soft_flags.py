"""Flags that a regency office raised on its own data, injected in the same mix.

Counts are flags on 42,842 documents (docs/domain.md, section 2.3). Two of them are breaches of a hard rule.
"""

import polars as pl

from include.simulation.planting import Planting, in_family, in_person, is_code, number, plant
from include.simulation.workbench import Cell, Workbench

DOCUMENTS_OF_A_REGENCY = 42_842


def _family(kind: str, rule: str, flags: int, eligible: pl.Expr, cells: dict[str, Cell]) -> Planting:
    return in_family(kind, rule, flags / DOCUMENTS_OF_A_REGENCY, eligible, cells)


def _person(kind: str, rule: str, flags: int, eligible: pl.Expr, cells: dict[str, Cell]) -> Planting:
    return in_person(kind, rule, flags / DOCUMENTS_OF_A_REGENCY, eligible, cells)


_RECEIVES = pl.any_horizontal(*(pl.col(f"r501{letter}") == "1" for letter in "abcdefg"))
_POOR = is_code("r111", 1, 2)
_NO_WORK: dict[str, Cell] = {"r416a": "2", "r416b": None, "r417": None, "r418": None, "r419": None}
_FINANCE_SECTOR = "16"

# The rarest first: they may have few rows to choose from.
SOFT_FLAGS = (
    _person("many_workers_small_turnover", "R14", 7, is_code("r418", 3) & is_code("r420a", 1),
             {"r422": "12", "r425": "1"}),
    _person("young_child_self_care", "P08", 21, number("r407").is_between(2, 4),
             {"r428h": "2", "r429": "1"}),
    _family("tiny_own_house", "R12", 32, is_code("r301a", 1), {"r302": "4"}),
    _family("water_heater_of_poor", "R11", 35, _POOR & is_code("r307a", 1, 2, 3), {"r502d": "1"}),
    _person("casual_status_in_other_sector", "R10", 179, is_code("r418", 6, 7), {"r417": _FINANCE_SECTOR}),
    _person("business_without_work", "R09", 409, is_code("r420a", 1), _NO_WORK),
    _person("civil_servant_without_pension", "R08", 504, is_code("r418", 5), {"r431f": "3"}),
    _family("lpg_without_cylinder", "F08", 542, is_code("r308", 2, 3), {"r502a": "2"}),
    _person("paid_workers_without_communication", "R03", 1_671, is_code("r418", 2, 3) & is_code("r420a", 1),
             {"r422": "2", "r426": "0"}),
    _person("own_account_with_workers", "R02", 1_766, is_code("r418", 1) & is_code("r420a", 1), {"r423": "2"}),
    _family("strong_power_of_poor", "R05", 793, _POOR & is_code("r307b1", 1, 2), {"r307b1": "3"}),
    _family("smartphone_without_internet", "R04", 839, is_code("r502n", 1), {"r505": "0"}),
    _family("programme_without_account", "R01", 6_942, _RECEIVES, {"r506": "4"}),
)  # fmt: skip


def inject_soft_flags(bench: Workbench) -> None:
    """Raise each flag in its share of the documents."""
    for flag in SOFT_FLAGS:
        plant(bench, flag)
