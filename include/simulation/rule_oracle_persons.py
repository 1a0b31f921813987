"""The rules of persons (docs/rules.md), each as a question to a resident, or to anybody.

A comparison with what is missing is neither true nor false. Where it must be *filled if and only if*, that counts: an
age nobody can read asks for nothing and forbids nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from include.simulation.rule_oracle_identity import NikParts, nik_class, nik_parts
from include.simulation.rule_reading import Answers, Document, Person, person_columns, unlike

_EAST_JAVA = 35
_OLDEST_WRITTEN_AGE = 98
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
_LEVELS = ((range(1, 6), 5, 1), (range(6, 11), 11, 2), (range(11, 18), 14, 3), (range(18, 19), 17, 4),
           (range(19, 20), 17, 5), (range(20, 21), 21, 6), (range(21, 22), 21, 7), (range(22, 23), 23, 8))  # fmt: skip
_LEAST_AGE = {code: age for codes, age, _ in _LEVELS for code in codes}
_STEP = {code: step for codes, _, step in _LEVELS for code in codes}


@dataclass(frozen=True)
class Asked:
    """A person within the document."""

    person: Person
    document: Document
    nik_class: str

    @property
    def answers(self) -> Answers:
        """The person's cells."""
        return self.person.answers

    @property
    def age(self) -> int | None:
        """Years, where readable."""
        return self.person.age

    @property
    def nik(self) -> NikParts | None:
        """The NIK's parts, where it is valid."""
        return nik_parts(self.answers.text("r403") or "") if self.nik_class == "valid" else None

    def is_aged(self, low: int, high: int | None = None) -> bool | None:
        """Whether the age lies in low..high; None where it is not known."""
        return None if self.age is None else low <= self.age and (high is None or self.age <= high)


PersonRule = Callable[[Asked], bool]


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


def ages_of_birth(answers: Answers, field_day: date) -> tuple[int, int] | None:
    """Youngest and oldest age, in full years on the field day, that a birth date leaves; None without a year."""
    day, month, year = (answers[column] for column in ("r406d", "r406m", "r406y"))
    if year is None or not 1900 <= year <= field_day.year:
        return None
    oldest = field_day.year - year
    if day not in range(1, 32) or month not in range(1, 13):
        return oldest - 1, oldest
    is_before_birthday = (field_day.month, field_day.day) < (month, day)
    return oldest - is_before_birthday, oldest - is_before_birthday


def _age_does_not_fit_birth(asked: Asked) -> bool:
    span = ages_of_birth(asked.answers, asked.document.field_day)
    if span is None or asked.age is None:
        return False
    youngest, oldest = span
    is_oldest_written = asked.age == _OLDEST_WRITTEN_AGE and youngest > _OLDEST_WRITTEN_AGE
    return asked.age > oldest or (asked.age < youngest and not is_oldest_written)


def _is_early_head_or_unmarried_spouse(asked: Asked) -> bool:
    relation = asked.answers["r409"]
    too_young = relation in (1, 2) and asked.is_aged(0, 9) is True
    return too_young or (relation == 2 and asked.answers["r408"] == 1)


def _is_child_as_old_as_head(asked: Asked) -> bool:
    head_age = asked.document.head_age
    return asked.answers["r409"] == 3 and head_age is not None and asked.is_aged(head_age) is True


def _is_too_young_for_level(asked: Asked) -> bool:
    least = _LEAST_AGE.get(asked.answers["r413"] or 0)
    return least is not None and asked.age is not None and asked.age < least


def _certificate_above_level(asked: Asked) -> bool:
    level, certificate = (_STEP.get(asked.answers[column] or 0) for column in ("r413", "r415"))
    return level is not None and certificate is not None and certificate > level


def _birth_differs_from_nik(asked: Asked) -> bool:
    nik, (day, month, year) = asked.nik, (asked.answers[column] for column in ("r406d", "r406m", "r406y"))
    return nik is not None and (
        (day in range(1, 32) and day != nik.day)
        or (month in range(1, 13) and month != nik.month)
        or (year is not None and year >= 1900 and year % 100 != nik.year)
    )


def _has_workers(asked: Asked, column: str) -> bool:
    return (asked.answers[column] or 0) > 0


def _does_not_communicate(asked: Asked) -> bool:
    use = asked.answers["r426"]
    return _has_workers(asked, "r422") and use in range(0, 64, 2)


def _is_civil_servant_without_pension(asked: Asked) -> bool:
    cover = asked.answers["r431f"]
    return asked.answers["r418"] == 5 and cover is not None and 0 <= cover <= 31 and not cover & 8


def _sector_does_not_fit(asked: Asked) -> bool:
    status, sector = asked.answers["r418"], asked.answers["r417"]
    return (status == 6 and sector in range(7, 27)) or (status == 7 and sector in (*range(1, 7), 16))


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
    "C01": _age_does_not_fit_birth,
    "C02": _is_early_head_or_unmarried_spouse,
    "C03": _is_child_as_old_as_head,
    "C04": _is_too_young_for_level,
    "C05": _certificate_above_level,
    "C07": lambda p: p.answers["r416a"] == 1 and p.is_aged(0, 9) is True,
    "C14": lambda p: p.answers["r431e"] == 1 and p.answers["r412"] in (1, 3),
    "C15": lambda p: p.answers["r431a"] in (3, 5, 7, 11, 13, 15),
    "N04": _birth_differs_from_nik,
    "N05": lambda p: p.nik is not None and p.answers["r405"] in (1, 2) and p.answers["r405"] != p.nik.sex,
    "R02": lambda p: p.answers["r418"] == 1 and (_has_workers(p, "r422") or _has_workers(p, "r423")),
    "R03": _does_not_communicate,
    "R08": _is_civil_servant_without_pension,
    "R09": lambda p: p.answers["r420a"] == 1 and p.answers["r416a"] == 2,
    "R10": _sector_does_not_fit,
    "R14": lambda p: (p.answers["r422"] or 0) >= 10 and p.answers["r425"] == 1,
}


def broken_by_person(person: Person, document: Document) -> list[str]:
    """The rules that a person of a reached document breaks, those across documents aside."""
    asked = Asked(person, document, nik_class(person.answers.text("r403"), document.family.text("r114")))
    rules = {**RULES_OF_ALL, **(RULES_OF_RESIDENTS if person.is_resident else {})}
    return [rule for rule, is_broken in rules.items() if is_broken(asked)]
