"""Programmes as the family tells of them, r501a to r501g with month and year, and the field welfare class, r111."""

import numpy as np

from include.simulation.aid import Aid
from include.simulation.draws import Flags, Ints
from include.simulation.dwelling import POWER_900_W
from include.simulation.interview import Answers, Interview, only
from include.simulation.schooling import ATTENDING, NO_CERTIFICATE
from include.simulation.work import CIVIL_SERVANT, NO, OWN_ACCOUNT, OWN_WITH_UNPAID, YES

VERY_POOR, POOR, NOT_POOR = 1, 2, 3

_TOLD_SHARE, _FALSELY_TOLD_SHARE = 0.94, 0.008
_LPG_3_KG = 4
_LAST_CROP_SECTOR = 3
_WINDOW_MONTHS = 13
_WINDOW_START = (2021, 10)
_UNKNOWN_MONTH = 98
_HIGHEST_SECONDARY_CERTIFICATE = 18
_LARGE_FLOOR_M2 = 100
_MARBLE_FLOOR = 1
_OLDEST_SMALL_CHILD, _OLDEST_PUPIL, _OLD = 6, 21, 60
_ASSETS_OF_THE_BETTER_OFF = ("r502d", "r502g", "r502h", "r502k", "r502m")


def programmes(interview: Interview, aid: Aid, house: Answers, school: Answers, working: Answers) -> Answers:
    """r501a-g (1 yes, 2 no); month and year of the last receipt only where yes, October 2021 to October 2022.

    Nobody tells of PKH, truly or falsely, in a family where nobody could be its reason.
    """
    draws, key = interview.passing, interview.families.key
    grows_crops = (working["r417"] <= _LAST_CROP_SECTOR) & np.isin(working["r418"], (OWN_ACCOUNT, OWN_WITH_UNPAID))
    farms = interview.family_has(grows_crops)
    received = {
        "r501a": _told(interview, "Sembako", aid.sembako),
        "r501b": _told(interview, "PKH", aid.pkh) & _has_pkh_component(interview, school),
        "r501c": _told(interview, "BLT Desa", aid.blt_desa),
        "r501d": (house["r307b1"] == 1) & draws.happens("electricity subsidy", key, 0.5),
        "r501e": draws.happens("local aid", key, 0.04),
        "r501f": farms & draws.happens("fertiliser subsidy", key, 0.4),
        "r501g": (house["r308"] == _LPG_3_KG) & draws.happens("LPG subsidy", key, 0.6),
    }
    answers: Answers = {}
    for programme, is_received in received.items():
        answers[programme] = np.where(is_received, YES, NO)
        answers |= _last_receipt(interview, programme, is_received)
    return answers


def _has_pkh_component(interview: Interview, school: Answers) -> Flags:
    """Whether there is a small child, a pupil or somebody old."""
    age = interview.age
    is_pupil = (school["r412"] == ATTENDING) & (age <= _OLDEST_PUPIL)
    return interview.family_has((age <= _OLDEST_SMALL_CHILD) | (age >= _OLD) | is_pupil)


def _told(interview: Interview, programme: str, receives: Flags) -> Flags:
    share = np.where(receives, _TOLD_SHARE, _FALSELY_TOLD_SHARE)
    return interview.passing.happens(f"{programme} told", interview.families.key, share)


def _last_receipt(interview: Interview, programme: str, is_received: Flags) -> Answers:
    draws, key = interview.passing, interview.families.key
    since = np.maximum(draws.between(f"{programme} month", key, 0, _WINDOW_MONTHS - 1), draws.between("m", key, 4, 11))
    start_year, start_month = _WINDOW_START
    month = (start_month - 1 + since) % 12 + 1
    year = start_year + (start_month - 1 + since) // 12
    forgotten = draws.uniform(f"{programme} forgotten", key)
    return {
        f"{programme}_month": only(is_received & (forgotten > 0.02), np.where(forgotten < 0.06, _UNKNOWN_MONTH, month)),
        f"{programme}_year": only(is_received & (forgotten > 0.02), year),
    }


def welfare_class(interview: Interview, house: Answers, owned: Answers, school: Answers, working: Answers) -> Ints:
    """r111 as the enumerator judges it: from welfare with error, and never poor against plain evidence."""
    families = interview.families
    judged = families.latent + 0.5 * interview.passing.normal("judgement", families.key)
    grade = np.select([judged < -1.5, judged < -0.75], [VERY_POOR, POOR], NOT_POOR)
    head_certificate = np.zeros(len(families.slot), dtype=np.int64)
    is_head = interview.people.relation == 1
    head_certificate[interview.people.family[is_head]] = school["r415"][is_head]
    evidence = (
        np.any([owned[asset] == YES for asset in _ASSETS_OF_THE_BETTER_OFF], axis=0)
        | ((head_certificate > _HIGHEST_SECONDARY_CERTIFICATE) & (head_certificate != NO_CERTIFICATE))
        | (house["r303"] == _MARBLE_FLOOR)
        | interview.family_has(working["r418"] == CIVIL_SERVANT)
        | (house["r302"] > _LARGE_FLOOR_M2)
        | (house["r307b1"] > POWER_900_W)
    )
    return np.where(evidence, NOT_POOR, grade)
