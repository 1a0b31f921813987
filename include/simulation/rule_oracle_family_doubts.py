"""The rules that doubt a family page, nothing of which the form forbids (docs/rules.md): A, C, N and R."""

from functools import cache

from include.settings import Settings
from include.simulation.reference_data import desas
from include.simulation.rule_answers import day_of
from include.simulation.rule_oracle_identity import is_dummy_number
from include.simulation.rule_reading import Document, FamilyRule

FIELD_WINDOW = (Settings.model_fields["field_start"].default, Settings.model_fields["field_end"].default)
_DESA_MARGIN_DEGREES = 0.005
_PROGRAMMES = tuple(f"r501{letter}" for letter in "abcdefg")
_METERS = ("r307b1", "r307b2", "r307b3")


def _has(document: Document, *columns: str) -> bool:
    return any(document.family[column] == 1 for column in columns)


def _is_poor(document: Document) -> bool:
    return document.family["r111"] in (1, 2)


def _has_pkh_component(document: Document) -> bool:
    for person in document.residents:
        age = -1 if person.age is None else person.age
        if person.answers["r410"] == 1 or 0 <= age <= 6 or age >= 60 or person.difficulties > 0:
            return True
        if person.answers["r412"] == 2 and 6 <= age <= 21:
            return True
    return False


def _is_outside_desa(document: Document) -> bool:
    family = document.family
    here = [_degrees(family.text(axis)) for axis in ("latitude", "longitude")]
    box = _boxes().get("".join(family.text(column) or "" for column in ("r101", "r102", "r103", "r104")))
    if box is None or None in here:
        return False
    return any(
        at is not None and not low - _DESA_MARGIN_DEGREES <= at <= high + _DESA_MARGIN_DEGREES
        for at, (low, high) in zip(here, box, strict=True)
    )


def _degrees(text: str | None) -> float | None:
    try:
        return float(text) if text and text.isascii() else None
    except ValueError:
        return None


@cache
def _boxes() -> dict[str, tuple[tuple[float, float], tuple[float, float]]]:
    """By BPS code of the desa: south and north, west and east, in degrees."""
    rows = desas().select("bps_desa_code", "min_lat", "max_lat", "min_lon", "max_lon")
    return {code: ((south, north), (west, east)) for code, south, north, west, east in rows.iter_rows()}


def _is_outside_window(document: Document) -> bool:
    day = day_of(document.family.text("r201"))
    return day is not None and not FIELD_WINDOW[0] <= day <= FIELD_WINDOW[1]


def _is_in_the_future(document: Document) -> bool:
    day = day_of(document.family.text("r201"))
    return day is not None and day > document.arrival_day


# Asked where somebody was reached.
DOUBTS: dict[str, FamilyRule] = {
    "A01": lambda d: _is_poor(d) and _has(d, "r502k", "r502h", "r502g", "r502m"),
    "A02": lambda d: _is_poor(d) and any(head.answers["r415"] in range(19, 23) for head in d.heads),
    "A03": lambda d: _is_poor(d) and d.family["r303"] == 1,
    "A04": lambda d: _is_poor(d) and any(person.answers["r418"] == 5 for person in d.residents),
    "A05": lambda d: _is_poor(d) and (d.family["r302"] or 0) > 100,
    "A06": lambda d: _is_poor(d) and d.family["r307b1"] == 1 and d.family["r502c"] == 1,
    "C06": lambda d: d.family["r501b"] == 1 and not _has_pkh_component(d),
    "C09": _is_outside_desa,
    "C11": _is_outside_window,
    "C12": _is_in_the_future,
    "N03": lambda d: is_dummy_number(d.family.text("r114") or ""),
    "R01": lambda d: d.family["r506"] == 4 and _has(d, *_PROGRAMMES),
    "R04": lambda d: d.family["r502n"] == 1 and d.family["r505"] == 0,
    "R05": lambda d: _is_poor(d) and any(d.family[meter] in (3, 4, 5) for meter in _METERS),
    "R11": lambda d: _is_poor(d) and d.family["r502d"] == 1,
    "R12": lambda d: d.family["r301a"] == 1 and d.family["r302"] in range(1, 6),
}
