"""Answers that no rule of the form forbids and a supervisor would ask about: one planting for each such rule.

The commoner flags of a regency office are in `soft_flags`. Nobody counted these on real data: each is rare.
"""

from datetime import timedelta

import polars as pl

from include.simulation.plan import Plan
from include.simulation.planting import Planting, in_family, in_person, is_code, number, plant
from include.simulation.rule_oracle_family_doubts import FIELD_WINDOW
from include.simulation.workbench import Cell, Workbench

RATE = 0.0002
_DAY = timedelta(days=1)
_ANY = pl.lit(value=True)
_POOR = is_code("r111", 1, 2)
_RESIDENT = is_code("r404", 1, 5)
_ALL_NINES = "9" * 16
_UNPAID_WORK: dict[str, Cell] = {"r416a": "1", "r416b": "10", "r417": "01", "r418": "8", "r419": "2"}
_FREE_OF_DIFFICULTY = pl.all_horizontal(*(number(f"r428{letter}") >= 3 for letter in "abcdefghij"))
_WITHOUT_PKH_COMPONENT = (
    is_code("r409", 1) & (pl.col("r112") == "1") & number("r407").is_between(22, 59) & _FREE_OF_DIFFICULTY
    & pl.col("r410").is_null()
)  # fmt: skip
_DAY_OF_WOMEN = (pl.col("r403").str.slice(6, 2).cast(pl.Int64, strict=False) + 40).cast(pl.String)
_NIK_OF_A_WOMAN = pl.col("r403").str.slice(0, 6) + _DAY_OF_WOMEN + pl.col("r403").str.slice(8)


def _family(kind: str, rule: str, eligible: pl.Expr, **cells: Cell) -> Planting:
    return in_family(kind, rule, RATE, eligible, cells)


def _person(kind: str, rule: str, eligible: pl.Expr, **cells: Cell) -> Planting:
    return in_person(kind, rule, RATE, _RESIDENT & eligible, cells)


# Those with few rows to choose from come first.
UNLIKELY_ANSWERS = (
    _person("child_older_than_head", "C03", is_code("r409", 6), r409="3"),
    _person("degree_of_poor_head", "A02", _POOR & is_code("r409", 1) & is_code("r412", 3) & (number("r407") >= 25),
            r413="19", r415="19"),
    _person("civil_servant_of_poor_family", "A04", _POOR & is_code("r418", 4) & (number("r407") >= 18),
            r418="5", r431f="8"),
    _person("child_at_work", "C07", number("r407").is_between(5, 9), **_UNPAID_WORK),
    _person("pupil_at_university", "C04", number("r407").is_between(7, 14) & is_code("r412", 2), r413="22"),
    _person("scholar_out_of_school", "C14", number("r407").is_between(7, 30) & is_code("r412", 3), r431e="1"),
    _person("spouse_never_married", "C02", is_code("r409", 2), r408="1", r410=None),
    _person("certificate_above_level", "C05", is_code("r412", 3) & is_code("r413", 3, 4, 8, 9) & ~is_code("r409", 1),
            r415="22"),
    _person("age_beside_birth_date", "C01", number("r407").is_between(35, 45),
            r407=(number("r407") + 3).cast(pl.String)),
    _person("two_kinds_of_insurance", "C15", _ANY, r431a="3"),
    _person("illness_not_asked", "P13", _ANY, r430=None),
    _person("dummy_nik", "N02", _ANY, r403=_ALL_NINES),
    _person("birth_day_beside_nik", "N04", pl.col("r403").is_not_null() & number("r406d").is_between(1, 27),
            r406d=(number("r406d") + 1).cast(pl.String)),
    _person("nik_of_other_sex", "N05", pl.col("r403").is_not_null() & is_code("r405", 1), r403=_NIK_OF_A_WOMAN),
    _person("nik_from_elsewhere", "N01", pl.col("r403").is_not_null(), r403="31" + pl.col("r403").str.slice(2)),
    _family("gold_of_poor", "A01", _POOR, r502g="1"),
    _family("marble_of_poor", "A03", _POOR, r303="1"),
    _family("large_house_of_poor", "A05", _POOR, r302="150"),
    _family("air_conditioner_of_poor", "A06", _POOR & is_code("r307b1", 1), r502c="1"),
    _family("disposal_missing", "F07W", is_code("r309a", 1, 2, 3), r310=None),
    _family("floor_not_asked", "F24", _ANY, r303=None),
    _family("family_card_missing", "F25", pl.col("r114").is_not_null(), r114=None, r115=None),
    _family("dummy_kk", "N03", pl.col("r114").is_not_null(), r114=_ALL_NINES),
    _family("located_at_sea", "C09", pl.col("latitude").is_not_null(), latitude="-9.5"),
)  # fmt: skip


def inject_unlikely_answers(bench: Workbench, plan: Plan) -> None:
    """Plant each in a few documents."""
    _inject_pkh_without_component(bench)
    for planting in (*UNLIKELY_ANSWERS, *_misdated(plan)):
        plant(bench, planting)


def _misdated(plan: Plan) -> tuple[Planting, Planting]:
    """A visit before the window opens, and one that is still to come when its document arrives."""
    day_before, day_after = FIELD_WINDOW[0] - _DAY, FIELD_WINDOW[1] + _DAY
    # A day before the frame counts would be in no known sub-SLS.
    outside = day_before if plan.frame_day <= day_before else day_after
    return (
        _family("visit_outside_window", "C11", _ANY, r201=outside.isoformat()),
        _family("visit_still_to_come", "C12", _ANY, r201=(plan.last_day + _DAY).isoformat()),
    )


def _inject_pkh_without_component(bench: Workbench) -> None:
    kind = "pkh_without_component"
    heads = bench.pick_persons(kind, _WITHOUT_PKH_COMPONENT, bench.share(kind, RATE))
    documents = bench.person_document[heads]
    bench.set_families(documents, {"r501b": "1", "r501b_month": None, "r501b_year": None, "r506": "1"})
    bench.note_families(kind, documents, "C06")
