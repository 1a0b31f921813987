"""The rules of family documents that one document can answer for (docs/rules.md), each as a question to it."""

from collections.abc import Callable, Mapping
from itertools import chain

from include.settings import Settings
from include.simulation.reference_data import desas
from include.simulation.rule_oracle_identity import is_dummy_number, is_sixteen_digits
from include.simulation.rule_reading import Answers, Document, day_of, family_columns

FamilyRule = Callable[[Document], bool]

FIELD_WINDOW = (Settings.model_fields["field_start"].default, Settings.model_fields["field_end"].default)
_DESA_MARGIN_DEGREES = 0.005
_PROGRAMMES = tuple(f"r501{letter}" for letter in "abcdefg")
_GOODS = tuple(f"r502{letter}" for letter in "abcdefghijklmn")
_METERS = ("r307b1", "r307b2", "r307b3")
_ANSWERS = (*family_columns("r301a", "r310"), *family_columns("r501a", "r506"))
_REQUIRED = (
    "r205", "r301a", "r302", "r303", "r304", "r305", "r306a", "r307a", "r308", "r309a", *_PROGRAMMES,
    *family_columns("r502a", "r506"),
)  # fmt: skip
_CODES: Mapping[str, range | tuple[int, ...]] = {
    "r205": range(1, 6), "r301a": range(1, 6), "r301b": range(1, 7), "r303": range(1, 10), "r304": range(1, 8),
    "r305": range(1, 9), "r306a": range(1, 12), "r306b": (1, 2, 8), "r307a": range(1, 5),
    **dict.fromkeys(_METERS, range(1, 6)), "r308": range(12), "r309a": range(1, 7), "r309b": range(1, 5),
    "r310": range(1, 7),
}  # fmt: skip
_ASSET_CODES: Mapping[str, range] = {
    **dict.fromkeys((*_PROGRAMMES, *_GOODS, "r503a", "r503b"), range(1, 3)),
    **dict.fromkeys(family_columns("r504a", "r504e"), range(1000)), "r505": range(4), "r506": range(1, 5),
}  # fmt: skip


def _has(family: Answers, *columns: str) -> bool:
    return any(family[column] == 1 for column in columns)


def _misses_block_one(document: Document) -> bool:
    family = document.family
    if not family.filled("r106") or not family.filled("r108"):
        return True
    without_code = family.filled("r114") and not family.filled("r115")
    return not document.is_unreached and (not family.filled("r111") or not family.filled("r112") or without_code)


def _is_malformed_block_one(document: Document) -> bool:
    family = document.family
    members, kk = family["r112"], family.text("r114")
    return (
        family.outside({"r111": (1, 2, 3), "r115": (0, 1, 2)})
        or (members is not None and members < 1)
        or (kk is not None and not is_sixteen_digits(kk))
    )


def _meters_do_not_fit(document: Document) -> bool:
    family = document.family
    first, second, third = (family.filled(meter) for meter in _METERS)
    return first != (family["r307a"] == 1) or (not first and (second or third))


def _cylinder_does_not_fit(document: Document) -> bool:
    cylinder, fuel = document.family["r502a"], document.family["r308"]
    return cylinder is not None and fuel is not None and (cylinder == 1) != (fuel in (2, 3))


def _is_misdated(family: Answers, programme: str) -> bool:
    month, year = family[f"{programme}_month"], family[f"{programme}_year"]
    if month is None and year is None:
        return False
    if family[programme] != 1 or month not in (None, *range(1, 13), 98) or year not in (None, 2021, 2022):
        return True
    dated = month is not None and month != 98 and year is not None
    return dated and not (2021, 10) <= (year, month) <= (2022, 10)


def _has_wrong_count(document: Document) -> bool:
    members = document.family.readable("r112")
    return members is not None and members != len(document.residents)


def _has_wrong_heads(document: Document) -> bool:
    spouses = sum(person.answers["r409"] == 2 for person in document.residents)
    return len(document.heads) != 1 or spouses > 1


def _answers_though_unreached(document: Document) -> bool:
    return document.is_unreached and (bool(document.persons) or document.family.count_filled(_ANSWERS) > 0)


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
        return None if text is None else float(text)
    except ValueError:
        return None


def _boxes() -> dict[str, tuple[tuple[float, float], tuple[float, float]]]:
    if not _BOXES:
        rows = desas().select("bps_desa_code", "min_lat", "max_lat", "min_lon", "max_lon")
        _BOXES.update({code: ((south, north), (west, east)) for code, south, north, west, east in rows.iter_rows()})
    return _BOXES


_BOXES: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {}


def _is_outside_window(document: Document) -> bool:
    day = day_of(document.family.text("r201"))
    return day is not None and not FIELD_WINDOW[0] <= day <= FIELD_WINDOW[1]


def _is_in_the_future(document: Document) -> bool:
    day = day_of(document.family.text("r201"))
    return day is not None and day > document.arrival_day


# Asked of every document.
RULES_OF_ALL: dict[str, FamilyRule] = {
    "F01": _misses_block_one,
    "F02": _is_malformed_block_one,
    "F22": _answers_though_unreached,
}

# Asked where somebody was reached.
RULES_OF_REACHED: dict[str, FamilyRule] = {
    "F03": lambda d: d.family.filled("r301b") != (d.family["r301a"] == 1),
    "F04": lambda d: d.family.outside({"r302": range(1, 998)}),
    "F05": lambda d: d.family.filled("r306b") != (d.family["r306a"] in range(4, 9)),
    "F06": _meters_do_not_fit,
    "F07": lambda d: d.family.filled("r309b") != (d.family["r309a"] in (1, 2, 3)),
    "F07W": lambda d: d.family.filled("r310") != (d.family["r309a"] in (1, 2, 3)),
    "F08": _cylinder_does_not_fit,
    "F09": lambda d: d.family["r307a"] == 4 and _has(d.family, "r502b", "r502c", "r502d", "r502f", "r502h"),
    "F10": lambda d: any(_is_misdated(d.family, programme) for programme in _PROGRAMMES),
    "F11": lambda d: d.family.outside(_ASSET_CODES),
    "F20": _has_wrong_count,
    "F21": _has_wrong_heads,
    "F23": lambda d: d.family.outside(_CODES),
    "F24": lambda d: d.family.count_filled(_REQUIRED) < len(_REQUIRED),
    "F25": lambda d: not d.family.filled("r114"),
    "A01": lambda d: _is_poor(d) and _has(d.family, "r502k", "r502h", "r502g", "r502m"),
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
    "R01": lambda d: d.family["r506"] == 4 and _has(d.family, *_PROGRAMMES),
    "R04": lambda d: d.family["r502n"] == 1 and d.family["r505"] == 0,
    "R05": lambda d: _is_poor(d) and any(d.family[meter] in (3, 4, 5) for meter in _METERS),
    "R11": lambda d: _is_poor(d) and d.family["r502d"] == 1,
    "R12": lambda d: d.family["r301a"] == 1 and d.family["r302"] in range(1, 6),
}


def broken_by_family(document: Document) -> list[str]:
    """The rules that the family page breaks, those across documents aside."""
    asked = chain(RULES_OF_ALL.items(), () if document.is_unreached else RULES_OF_REACHED.items())
    return [rule for rule, is_broken in asked if is_broken(document)]
