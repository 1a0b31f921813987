"""The rules of the form about persons (docs/rules.md), each as a question to a resident, or to anybody.

A comparison with what is missing is neither true nor false. Where it must be *filled if and only if*, that counts: an
age nobody can read asks for nothing and forbids nothing.
"""

from collections.abc import Mapping

from include.simulation.rule_answers import person_columns, unlike
from include.simulation.rule_oracle_person_doubts import DOUBTS
from include.simulation.rule_reading import Asked, Document, Person, PersonRule

_EAST_JAVA = 35
_DEMOGRAPHY = ("r405", "r406d", "r406m", "r406y", "r407", "r408", "r409")
_OF_RESIDENTS = (
    *person_columns("r405", "r410"), *person_columns("r412", "r429"), *person_columns("r431b", "r431f"),
)  # fmt: skip
_OF_FIVE = person_columns("r412", "r426")
_FUNCTIONING = {f"r428{letter}": 2 if letter in "abcdef" else 5 for letter in "abcdefghij"}
_CODES: Mapping[str, range | tuple[int, ...]] = {
    "r401": range(1, 100), "r404": range(1, 7), "r405": (1, 2), "r406d": (*range(1, 32), 98),
    "r406m": (*range(1, 13), 98), "r407": range(99), "r408": range(1, 5), "r409": range(1, 9), "r410": (1, 2),
    "r412": (1, 2, 3), "r413": range(1, 23), "r414": range(1, 9), "r415": range(1, 24), "r416a": (1, 2),
    "r416b": range(1, 100), "r417": range(1, 27), "r418": range(1, 9), "r419": (1, 2, 3), "r420a": (1, 2),
    "r421": range(1, 27), "r422": range(1000), "r423": range(100), "r424": range(1, 13), "r425": range(1, 8),
    "r427": (1, 2, 3, 8), **dict.fromkeys(_FUNCTIONING, range(1, 5)), "r429": (1, 2, 3), "r430": range(1, 19),
}  # fmt: skip
_SUMS: Mapping[str, range | tuple[int, ...]] = {
    "r411": range(8), "r426": range(64), "r431a": (*range(16), 99), "r431f": (*range(32), 99),
}  # fmt: skip


def _differs_anywhere(asked: Asked, columns: tuple[str, ...], wanted: bool | None) -> bool:
    return any(unlike(asked.answers.filled(column), wanted) for column in columns)


def _has_wrong_demography(asked: Asked) -> bool:
    if asked.person.is_resident:
        return asked.answers.count_filled(_DEMOGRAPHY) < len(_DEMOGRAPHY)
    return asked.person.is_gone and asked.answers.count_filled(_OF_RESIDENTS) > 0


def _pregnancy_does_not_fit(asked: Asked) -> bool:
    answers = asked.answers
    terms = (
        None if answers["r405"] is None else answers["r405"] == 2,
        asked.is_aged(10, 54),
        None if answers["r408"] is None else answers["r408"] in (2, 3, 4),
    )
    wanted = False if False in terms else None if None in terms else True
    return unlike(answers.filled("r410"), wanted)


def _schooling_does_not_fit(asked: Asked) -> bool:
    of_five = asked.is_aged(5)
    if of_five is None:
        return False
    if not of_five:
        return asked.answers.count_filled(_OF_FIVE) > 0
    return _differs_anywhere(asked, ("r413", "r414", "r415"), asked.answers["r412"] in (2, 3))


def _caregiver_does_not_fit(asked: Asked) -> bool:
    wanted = True if asked.person.difficulties > 0 else asked.is_aged(60)
    return unlike(asked.answers.filled("r429"), wanted)


def _programmes_do_not_fit(asked: Asked) -> bool:
    return (
        _differs_anywhere(asked, ("r431b", "r431c", "r431d"), asked.is_aged(5))
        or _differs_anywhere(asked, ("r431e",), asked.is_aged(5, 30))
        or _differs_anywhere(asked, ("r431f",), asked.is_aged(15))
        or asked.answers.outside(dict.fromkeys(("r431b", "r431c", "r431d", "r431e"), (1, 2, 8)))
    )


def _holds_outside_codes(asked: Asked) -> bool:
    years = {"r406y": range(1900, asked.document.field_day.year + 1)}
    return asked.answers.outside(_CODES) or asked.answers.outside(years)


def _misses_answers(asked: Asked) -> bool:
    answers = asked.answers
    if not (answers.filled("r401") and answers.filled("r402") and answers.filled("r404")):
        return True
    needed = ("r411", "r430", "r431a", *(("r416a", "r420a") if asked.is_aged(5) else ()))
    return asked.person.is_resident and answers.count_filled(needed) < len(needed)


_WORK = ("r416b", "r417", "r418", "r419")
_BUSINESS = person_columns("r421", "r426")

# Asked of every person.
RULES_OF_ALL: dict[str, PersonRule] = {
    "P01": lambda p: p.nik_class == "malformed",
    "P02": _has_wrong_demography,
    "P11": lambda p: p.answers.outside(_SUMS),
    "P12": _holds_outside_codes,
    "P13": _misses_answers,
    "N01": lambda p: p.nik is not None and p.nik.province != _EAST_JAVA,
    "N02": lambda p: p.nik_class == "dummy",
}

# Asked of residents.
RULES_OF_RESIDENTS: dict[str, PersonRule] = {
    "P03": _pregnancy_does_not_fit,
    "P04": _schooling_does_not_fit,
    "P05": lambda p: _differs_anywhere(p, _WORK, p.answers["r416a"] == 1),
    "P06": lambda p: _differs_anywhere(p, _BUSINESS, p.answers["r420a"] == 1),
    "P07": lambda p: _differs_anywhere(p, ("r427",), p.age < 5 if p.age is not None else None),
    "P08": lambda p: any(_differs_anywhere(p, (column,), p.is_aged(age)) for column, age in _FUNCTIONING.items()),
    "P09": _caregiver_does_not_fit,
    "P10": _programmes_do_not_fit,
}


RULES = RULES_OF_ALL | RULES_OF_RESIDENTS | DOUBTS


def broken_by_person(person: Person, document: Document) -> list[str]:
    """The rules that a person of a reached document breaks, those across documents aside."""
    asked = Asked(person, document)
    rules = RULES if person.is_resident else RULES_OF_ALL
    return [rule for rule, is_broken in rules.items() if is_broken(asked)]
