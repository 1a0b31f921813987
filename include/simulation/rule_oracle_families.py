"""The rules of the form about family pages (docs/rules.md), each as a question to a document."""

from collections.abc import Mapping

from include.simulation.rule_answers import Answers, family_columns
from include.simulation.rule_oracle_family_doubts import DOUBTS
from include.simulation.rule_oracle_identity import is_sixteen_digits
from include.simulation.rule_reading import Document, FamilyRule

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
    "F09": lambda d: d.family["r307a"] == 4 and any(d.family[f"r502{x}"] == 1 for x in "bcdfh"),
    "F10": lambda d: any(_is_misdated(d.family, programme) for programme in _PROGRAMMES),
    "F11": lambda d: d.family.outside(_ASSET_CODES),
    "F20": _has_wrong_count,
    "F21": _has_wrong_heads,
    "F23": lambda d: d.family.outside(_CODES),
    "F24": lambda d: d.family.count_filled(_REQUIRED) < len(_REQUIRED),
    "F25": lambda d: not d.family.filled("r114"),
}


RULES = RULES_OF_ALL | RULES_OF_REACHED | DOUBTS


def broken_by_family(document: Document) -> list[str]:
    """The rules that the family page breaks, those across documents aside."""
    asked = RULES_OF_ALL if document.is_unreached else RULES
    return [rule for rule, is_broken in asked.items() if is_broken(document)]
