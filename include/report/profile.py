"""What is published of families by attribute: deciles, and whom programmes reach. Cells not there are withheld."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from include.report.areas import Area
from include.report.marts import Marts, Row

_CATEGORIES = {
    "eligible_served": ("layak, menerima", "eligible, served"),
    "eligible_unserved": ("layak, tidak menerima", "eligible, not served"),
    "ineligible_served": ("tidak layak, menerima", "not eligible, served"),
    "ineligible_unserved": ("tidak layak, tidak menerima", "not eligible, not served"),
}
_DECILES = tuple(str(n) for n in range(1, 11))
# A rate: its name, the cell counted, and the other cell of its denominator.
_RATES = (
    (("tidak terjangkau (exclusion)", "exclusion error"), "eligible_unserved", "eligible_served"),
    (("kebocoran (leakage)", "leakage"), "ineligible_served", "eligible_served"),
)


@dataclass(frozen=True)
class Cells:
    """One attribute by area: rows have ``cells`` by category, ``None`` where withheld."""

    attribute: str
    categories: list[str]
    rows: list[dict[str, Any]]

    @property
    def name(self) -> str:
        """What follows the colon of an attribute, a programme's name."""
        return self.attribute.partition(":")[2].upper()

    @property
    def rates(self) -> list[dict[str, Any]]:
        """Errors in the province, each with its numerator and denominator; ``None`` where a cell is withheld."""
        province = self.rows[0]["cells"] if self.rows else {}
        if not {"eligible_served", "eligible_unserved"} <= set(self.categories):
            return []
        return [_rate(name, province.get(counted), province.get(other)) for name, counted, other in _RATES]


def read_profile(marts: Marts) -> list[Row]:
    """Every published cell of the province and the kab/kota, in order; empty where none is published."""
    return marts.rows(
        "area_profile",
        """
        select area_code, attribute, category, families, attribute_families, released_on
        from mart
        where area_level in ('province', 'kab_kota')
            and (attribute = 'decile' or attribute like 'targeting:%')
        order by attribute, area_code, category
        """,
    )


def cells_of(profile: list[Row], attribute: str, areas: dict[str, Area]) -> Cells:
    """Arrange one attribute's cells by area: the province and every kab/kota, whether or not a cell is published."""
    found = [row for row in profile if row["attribute"] == attribute]
    expected = _DECILES if attribute == "decile" else ()
    categories = sorted({*expected, *(row["category"] for row in found)}, key=_in_order)
    by_area: dict[str, list[Row]] = {}
    for row in found:
        by_area.setdefault(row["area_code"], []).append(row)
    shown = [area for area in areas.values() if area.level in ("province", "kab_kota")]
    return Cells(attribute, categories, [_area_row(area, by_area.get(area.code, []), categories) for area in shown])


def category_name(category: str) -> tuple[str, str]:
    """A category in both languages; one that needs no translation stands as it is."""
    return _CATEGORIES.get(category, (category, category))


def _area_row(area: Area, found: list[Row], categories: list[str]) -> dict[str, Any]:
    shown = {row["category"]: row["families"] for row in found}
    released: list[date] = [row["released_on"] for row in found if row["released_on"]]
    return {
        "name": area.name,
        "page": area.page,
        "cells": {category: shown.get(category) for category in categories},
        "total": found[0]["attribute_families"] if found else None,
        "released_on": min(released, default=None),
    }


def _rate(name: tuple[str, str], counted: int | None, other: int | None) -> dict[str, Any]:
    if counted is None or other is None:
        return {"name": name, "numerator": None, "denominator": None, "share": None}
    total = counted + other
    return {"name": name, "numerator": counted, "denominator": total, "share": counted / total if total else None}


def _in_order(category: str) -> tuple[int, int, str]:
    if category.isdigit():
        return (0, int(category), category)
    known = list(_CATEGORIES)
    return (1, known.index(category) if category in known else len(known), category)
