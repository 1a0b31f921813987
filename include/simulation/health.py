"""Health, r427 to r430 (form REGSOSEK22-K, block IV E)."""

import numpy as np

from include.simulation.draws import Ints
from include.simulation.interview import Answers, Interview, only

NO_DIFFICULTY = 4
WORST_DIFFICULTY_WITH_CARE = 2

_NUTRITION = {1: 0.03, 2: 0.09, 3: 0.80, 8: 0.08}
_EARLY = "abcdef"
_LATER = "ghij"
_DIFFICULTY_BY_AGE = ((2, 40, 60, 75, 90), (0.004, 0.012, 0.05, 0.14, 0.3))
_DEGREE = {3: 0.72, 2: 0.20, 1: 0.08}
_CAREGIVER = {1: 0.82, 2: 0.04, 3: 0.14}
_LIVES_ALONE = 3
_ILL_BY_AGE = ((0, 30, 45, 60, 80), (0.008, 0.03, 0.12, 0.28, 0.4))
_ILLNESS = {
    2: 0.36, 3: 0.2, 4: 0.07, 5: 0.05, 6: 0.12, 7: 0.01, 8: 0.03, 9: 0.01, 10: 0.01, 12: 0.002, 13: 0.06, 14: 0.003,
    17: 0.005, 18: 0.07,
}  # fmt: skip
_CHILD_ILLNESS = {4: 0.4, 5: 0.1, 7: 0.1, 15: 0.03, 16: 0.02, 18: 0.35}


def health(interview: Interview) -> Answers:
    """r427 child nutrition, r428a-j functioning, r429 caregiver, r430 chronic illness."""
    key, age, draws = interview.people.key, interview.age, interview.passing
    resident = interview.is_resident
    functioning = _functioning(interview)
    hampered = np.any([(v >= 1) & (v <= WORST_DIFFICULTY_WITH_CARE) for v in functioning.values()], axis=0)
    alone = interview.count(resident)[interview.people.family] == 1
    caregiver = np.where(alone, _LIVES_ALONE, draws.choice("caregiver", key, _CAREGIVER))
    return {
        "r427": only(resident & (age < 5), draws.choice("nutrition", key, _NUTRITION)),
        **functioning,
        "r429": only(resident & ((age >= 60) | hampered), caregiver),
        "r430": only(resident, _illness(interview)),
    }


def _functioning(interview: Interview) -> Answers:
    key, draws = interview.people.key, interview.passing
    share = np.interp(interview.age, *_DIFFICULTY_BY_AGE)
    answers = {}
    for letter in _EARLY + _LATER:
        asked = interview.is_resident & (interview.age >= (2 if letter in _EARLY else 5))
        degree = draws.choice(f"degree {letter}", key, _DEGREE)
        has = draws.happens(f"difficulty {letter}", key, share)
        answers[f"r428{letter}"] = only(asked, np.where(has, degree, NO_DIFFICULTY))
    return answers


def _illness(interview: Interview) -> Ints:
    key, draws = interview.people.key, interview.passing
    is_ill = draws.happens("ill", key, np.interp(interview.age, *_ILL_BY_AGE))
    group = (interview.age >= 18).astype(np.int64)
    return np.where(is_ill, draws.choice_by("illness", key, group, (_CHILD_ILLNESS, _ILLNESS)), 1)
