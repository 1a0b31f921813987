"""Everything that a set of interviews answers, by family and by person."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from include.simulation.aid import aid_of
from include.simulation.belongings import YES, belongings
from include.simulation.documents import Documents, interview_days
from include.simulation.draws import Draws, Ints
from include.simulation.dwelling import dwelling
from include.simulation.families import Province
from include.simulation.health import health
from include.simulation.inhabitants import Inhabitants
from include.simulation.interview import Answers, Interview, only
from include.simulation.names import as_heard
from include.simulation.protection import papers, pregnancy, protection
from include.simulation.records import take
from include.simulation.reported_aid import programmes, welfare_class
from include.simulation.schooling import schooling
from include.simulation.work import work

LISTED_AND_PRESENT, NEW_MEMBER = 1, 5
_UNKNOWN_BIRTH_DAY_SHARE = 0.02
_UNKNOWN_DAY = 98
_OLDEST_AGE_CODE = 98
_PROGRAMMES = "abcdefg"


@dataclass(frozen=True)
class Answered:
    """The interview with its answers: one value a family in `family`, one a person in `person`."""

    interview: Interview
    family: Answers
    person: Answers
    heard_name: pl.Series


def ask(
    province: Province, inhabitants: Inhabitants, documents: Documents, salt: str = "", missing_share: float = 0.0
) -> Answered:
    """Interview these families; `missing_share` of the persons other than heads go unmentioned."""
    families, people = inhabitants.families, inhabitants.people
    passing = Draws(province.plan.seed, salt)
    mentioned = ~passing.happens("unmentioned", people.key, missing_share) | (people.relation == 1)
    on_form = mentioned & ((people.left == 0) | people.is_prelisted)
    day = np.datetime64(province.plan.first_day) + interview_days(families, documents)
    interview = Interview(families, take(people, on_form), inhabitants.kk, day, province.draws, passing)
    return _answered(province, interview)


def _answered(province: Province, interview: Interview) -> Answered:
    people = interview.people
    aid = aid_of(province.draws, interview.families, people, np.datetime64(province.plan.first_day))
    school = schooling(interview)
    working = work(interview, school)
    house = dwelling(interview)
    received = programmes(interview, aid, house, school, working)
    receives = np.any([received[f"r501{letter}"] == YES for letter in _PROGRAMMES], axis=0)
    owned = belongings(interview, house, receives)
    poverty = welfare_class(interview, house, owned, school, working)
    residents = interview.count(interview.is_resident)
    person = {
        **_demography(interview),
        **school,
        **working,
        **health(interview),
        **protection(interview, aid, school, working),
    }
    family = {"r111": poverty, "r112": residents, **house, **received, **owned}
    return Answered(interview, family, person, as_heard(interview.passing, people.key, people.name))


def _demography(interview: Interview) -> Answers:
    people, resident = interview.people, interview.is_resident
    present = np.where(people.is_prelisted, LISTED_AND_PRESENT, NEW_MEMBER)
    return {
        "r404": np.where(resident, present, people.left),
        "r405": only(resident, people.sex),
        **_birth(interview),
        "r407": only(resident, np.minimum(interview.age, _OLDEST_AGE_CODE)),
        "r408": only(resident, people.marital),
        "r409": only(resident, people.relation),
        "r410": pregnancy(interview),
        "r411": papers(interview),
    }


def _birth(interview: Interview) -> Answers:
    people, resident = interview.people, interview.is_resident
    month = people.birth.astype("datetime64[M]")
    day = (people.birth - month.astype("datetime64[D]")).astype(np.int64) + 1
    old = interview.age >= 60
    forgotten = old & interview.lasting.happens("birth day unknown", people.key, _UNKNOWN_BIRTH_DAY_SHARE)

    def known(value: Ints) -> Ints:
        return only(resident, np.where(forgotten, _UNKNOWN_DAY, value))

    return {
        "r406d": known(day),
        "r406m": known(month.astype(np.int64) % 12 + 1),
        "r406y": only(resident, month.astype(np.int64) // 12 + 1970),
    }
