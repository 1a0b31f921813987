"""Schooling, r412 to r415 (form REGSOSEK22-K, block IV B): what each person attends or has completed."""

import numpy as np

from include.simulation.draws import Flags, Floats, Ints
from include.simulation.interview import Answers, Interview, only
from include.simulation.people import MARRIED

NEVER, ATTENDING, NO_LONGER = 1, 2, 3
COMPLETED_GRADE = 8
NO_CERTIFICATE = 23
FIRST_TERTIARY_CERTIFICATE = 18

_UNFINISHED, _PRIMARY, _JUNIOR, _SENIOR, _DIPLOMA, _BACHELOR, _MASTER = range(1, 8)
_CODES = {
    _PRIMARY: {3: 0.85, 4: 0.15},
    _JUNIOR: {8: 0.75, 9: 0.25},
    _SENIOR: {13: 0.45, 14: 0.15, 15: 0.40},
    _DIPLOMA: {18: 1.0},
    _BACHELOR: {19: 1.0},
    _MASTER: {21: 1.0},
}
_EARLIEST_AGE = {_PRIMARY: 12, _JUNIOR: 15, _SENIOR: 18, _DIPLOMA: 21, _BACHELOR: 22, _MASTER: 26}
# Shares of the highest level reached by age group (under 30, 30-49, 50 and over), from none to master.
_ATTAINED = (
    {0: 0.005, 1: 0.02, 2: 0.12, 3: 0.25, 4: 0.45, 5: 0.04, 6: 0.11, 7: 0.005},
    {0: 0.02, 1: 0.08, 2: 0.30, 3: 0.23, 4: 0.26, 5: 0.03, 6: 0.075, 7: 0.005},
    {0: 0.15, 1: 0.25, 2: 0.33, 3: 0.09, 4: 0.12, 5: 0.02, 6: 0.035, 7: 0.005},
)
_LOADING = 0.6
_ATTENDANCE_BY_AGE = ((5, 6, 7, 12, 15, 16, 18, 19, 22, 23), (0.05, 0.6, 0.99, 0.99, 0.95, 0.85, 0.7, 0.3, 0.2, 0.0))


def schooling(interview: Interview) -> Answers:
    """r412 attendance, r413 level, r414 grade, r415 certificate; levels and certificates by the same code list."""
    age = interview.age
    asked = interview.is_resident & (age >= 5)
    attends = _attends(interview, age)
    attained = _attained(interview, age)
    level = np.where(attends, _stage(age), np.maximum(attained, _PRIMARY))
    grade = np.where(attends, _grade(age), COMPLETED_GRADE)
    unfinished = ~attends & (attained == _UNFINISHED)
    grade = np.where(unfinished, interview.lasting.between("last grade", interview.people.key, 1, 5), grade)
    certificate = np.where(attends, _level_before(level), np.where(unfinished, 0, level))
    status = np.where(attends, ATTENDING, np.where(attained == 0, NEVER, NO_LONGER))
    ever = asked & (status != NEVER)
    codes = _codes(interview)
    return {
        "r412": only(asked, status),
        "r413": only(ever, _code(level, codes)),
        "r414": only(ever, grade),
        "r415": only(ever, np.where(certificate == 0, NO_CERTIFICATE, _code(certificate, codes))),
    }


def _attends(interview: Interview, age: Ints) -> Flags:
    share = np.interp(age, *_ATTENDANCE_BY_AGE)
    # Beyond compulsory school it is welfare that decides who stays.
    pull = np.where(age >= 16, 0.16 * interview.latent, 0.0)
    drawn = interview.lasting.happens("attends", interview.people.key, np.clip(share + pull, 0.0, 0.995))
    return drawn & (age >= 5) & (age <= 22) & (interview.people.marital != MARRIED)


def _attained(interview: Interview, age: Ints) -> Ints:
    group = np.digitize(age, (30, 50))
    attained = np.zeros(len(age), dtype=np.int64)
    for number, shares in enumerate(_ATTAINED):
        mine = group == number
        key, latent = interview.people.key[mine], interview.latent[mine]
        attained[mine] = interview.lasting.graded("attained", key, latent, shares, _LOADING)
    for level, earliest in reversed(_EARLIEST_AGE.items()):
        attained = np.where((attained == level) & (age < earliest), level - 1, attained)
    return np.where(age < 8, 0, attained)


def _stage(age: Ints) -> Ints:
    return np.select([age <= 12, age <= 15, age <= 18], [_PRIMARY, _JUNIOR, _SENIOR], _BACHELOR)


def _grade(age: Ints) -> Ints:
    before = np.select([age <= 12, age <= 15, age <= 18], [6, 12, 15], 18)
    return np.maximum(age - before, 1)


def _level_before(level: Ints) -> Ints:
    return np.where(level == _BACHELOR, _SENIOR, np.maximum(level - 1, 1)) * (level != _PRIMARY)


def _codes(interview: Interview) -> dict[int, Ints]:
    key = interview.people.key
    return {level: interview.lasting.choice(f"school {level}", key, table) for level, table in _CODES.items()}


def _code(level: Ints, codes: dict[int, Ints]) -> Ints:
    return np.select([level == one for one in codes], list(codes.values()))


def years_equivalent(answers: Answers) -> Floats:
    """A rough number of years of schooling by certificate, for indices and tests."""
    certificate = answers["r415"]
    years = {3: 6, 4: 6, 8: 9, 9: 9, 13: 12, 14: 12, 15: 12, 18: 14, 19: 16, 21: 18}
    return np.select([certificate == code for code in years], list(years.values()), 0).astype(np.float64)
