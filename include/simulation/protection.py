"""Social protection of persons, r431a to r431f, and their identity papers, r411, pregnancy, r410."""

import numpy as np

from include.simulation.aid import Aid
from include.simulation.draws import EMPTY, Flags, Ints
from include.simulation.interview import Answers, Interview, only
from include.simulation.people import SINGLE
from include.simulation.schooling import ATTENDING
from include.simulation.work import CIVIL_SERVANT, EMPLOYEE, NO, YES

_TOLD_SHARE = 0.95
_CERTIFICATE_BY_AGE = ((0, 5, 18, 40, 70), (0.8, 0.95, 0.95, 0.5, 0.2))
_OTHER_COVER = ({0: 0.62, 2: 0.2, 4: 0.15, 8: 0.01, 99: 0.02}, {0: 0.25, 2: 0.35, 4: 0.37, 8: 0.02, 99: 0.01})
_WORK_COVER = {0: 0.55, 3: 0.18, 7: 0.12, 15: 0.13, 99: 0.02}
_CIVIL_COVER = {15: 0.5, 8: 0.2, 11: 0.3}


def protection(interview: Interview, aid: Aid, school: Answers, working: Answers) -> Answers:
    """r431a health cover (bit sum), r431b-e schemes, r431f work cover (bit sum)."""
    key, age, draws = interview.people.key, interview.age, interview.passing
    resident = interview.is_resident
    school_aid = aid.pip & (school["r412"] == ATTENDING) & draws.happens("PIP told", key, _TOLD_SHARE)
    of_five = resident & (age >= 5)
    adult = age >= 18
    return {
        "r431a": only(resident, _health_cover(interview, aid)),
        "r431b": only(of_five, _yes_no(adult & draws.happens("Prakerja", key, 0.03))),
        "r431c": only(of_five, _yes_no(adult & draws.happens("KUR", key, 0.03))),
        "r431d": only(of_five, _yes_no(adult & draws.happens("UMi", key, 0.02))),
        "r431e": only(of_five & (age <= 30), _yes_no(school_aid)),
        "r431f": only(resident & (age >= 15), _work_cover(interview, working)),
    }


def _yes_no(is_so: Flags) -> Ints:
    return np.where(is_so, YES, NO)


def _health_cover(interview: Interview, aid: Aid) -> Ints:
    draws, key = interview.passing, interview.people.key
    family_key = interview.families.key[interview.people.family]
    better_off = (interview.latent > 0.4).astype(np.int64)
    other = interview.lasting.choice_by("other cover", family_key, better_off, _OTHER_COVER)
    return np.where(aid.pbi_jkn & draws.happens("PBI told", key, _TOLD_SHARE), 1, other)


def _work_cover(interview: Interview, working: Answers) -> Ints:
    draws, key = interview.passing, interview.people.key
    status = working["r418"]
    covered = draws.choice("work cover", key, _WORK_COVER)
    civil = draws.choice("civil cover", key, _CIVIL_COVER)
    return np.select([status == CIVIL_SERVANT, status == EMPLOYEE], [civil, covered], 0)


def papers(interview: Interview) -> Ints:
    """r411, a bit sum: 1 birth certificate, 2 child's card, 4 KTP (from 17)."""
    draws, key, age = interview.lasting, interview.people.key, interview.age
    certificate = draws.happens("birth certificate", key, np.interp(age, *_CERTIFICATE_BY_AGE))
    child_card = (age < 17) & draws.happens("child card", key, 0.4)
    identity_card = (age >= 17) & (interview.people.nik != EMPTY) & draws.happens("KTP", key, 0.985)
    return only(interview.is_resident, certificate * 1 + child_card * 2 + identity_card * 4)


def pregnancy(interview: Interview) -> Ints:
    """r410, asked of women of 10-54 who are or were married: 1 yes, 2 no."""
    age, people = interview.age, interview.people
    asked = interview.is_resident & (people.sex == 2) & (age >= 10) & (age <= 54) & (people.marital != SINGLE)
    pregnant = (age <= 43) & interview.lasting.happens("pregnant", people.key, 0.05)
    return only(asked, np.where(pregnant, YES, NO))
