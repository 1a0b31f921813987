"""The rules that doubt a resident's answers, none of which the form forbids (docs/rules.md): C, N and R."""

from datetime import date

from include.simulation.rule_answers import Answers
from include.simulation.rule_reading import Asked, PersonRule

_OLDEST_WRITTEN_AGE = 98
_LEVELS = ((range(1, 6), 5, 1), (range(6, 11), 11, 2), (range(11, 18), 14, 3), (range(18, 19), 17, 4),
           (range(19, 20), 17, 5), (range(20, 21), 21, 6), (range(21, 22), 21, 7), (range(22, 23), 23, 8))  # fmt: skip
_LEAST_AGE = {code: age for codes, age, _ in _LEVELS for code in codes}
_STEP = {code: step for codes, _, step in _LEVELS for code in codes}


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


# Asked of residents.
DOUBTS: dict[str, PersonRule] = {
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
