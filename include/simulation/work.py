"""Work and own business, r416a to r426 (form REGSOSEK22-K, blocks IV C and D)."""

import numpy as np

from include.simulation.draws import Flags, Ints
from include.simulation.household import HEAD
from include.simulation.interview import Answers, Interview, only
from include.simulation.schooling import ATTENDING, FIRST_TERTIARY_CERTIFICATE, NO_CERTIFICATE

YES, NO = 1, 2
OWN_ACCOUNT, OWN_WITH_UNPAID, OWN_WITH_PAID, EMPLOYEE, CIVIL_SERVANT = 1, 2, 3, 4, 5
CASUAL_FARM, CASUAL_OTHER, UNPAID_FAMILY = 6, 7, 8
LAST_FARM_SECTOR = 6

_WORKING_SHARE = {
    1: ((10, 15, 20, 25, 58, 62, 75, 90), (0.0, 0.1, 0.6, 0.9, 0.92, 0.72, 0.35, 0.05)),
    2: ((10, 15, 20, 25, 58, 62, 75, 90), (0.0, 0.06, 0.38, 0.52, 0.56, 0.42, 0.18, 0.02)),
}
# Status by place and standing: rural poor, middle, rich; then urban poor, middle, rich.
_STATUS = (
    {1: 0.16, 2: 0.14, 3: 0.005, 4: 0.10, 6: 0.32, 7: 0.14, 8: 0.135},
    {1: 0.20, 2: 0.22, 3: 0.02, 4: 0.22, 6: 0.12, 7: 0.10, 8: 0.12},
    {1: 0.20, 2: 0.20, 3: 0.08, 4: 0.40, 6: 0.02, 7: 0.03, 8: 0.07},
    {1: 0.28, 2: 0.06, 3: 0.005, 4: 0.25, 6: 0.04, 7: 0.30, 8: 0.065},
    {1: 0.24, 2: 0.08, 3: 0.02, 4: 0.50, 6: 0.005, 7: 0.10, 8: 0.055},
    {1: 0.18, 2: 0.07, 3: 0.09, 4: 0.60, 7: 0.02, 8: 0.04},
)
_CIVIL_SERVANT_SHARE = 0.3
# Sector by kind of work: rural own, urban own, employee, civil servant, casual farm, casual other.
_SECTOR = (
    {1: 0.42, 2: 0.10, 3: 0.05, 4: 0.04, 5: 0.09, 8: 0.06, 12: 0.17, 13: 0.03, 14: 0.04},
    {1: 0.05, 5: 0.02, 8: 0.10, 12: 0.45, 13: 0.10, 14: 0.18, 24: 0.10},
    {8: 0.33, 11: 0.06, 12: 0.20, 13: 0.07, 14: 0.08, 16: 0.04, 21: 0.06, 22: 0.04, 24: 0.07, 25: 0.05},
    {20: 0.40, 21: 0.42, 22: 0.18},
    {1: 0.50, 2: 0.20, 3: 0.15, 4: 0.07, 5: 0.04, 6: 0.04},
    {8: 0.13, 11: 0.50, 12: 0.10, 13: 0.12, 24: 0.05, 25: 0.10},
)
_KIND_OF_STATUS = np.array([0, 0, 0, 0, 2, 3, 4, 5, 0])
_FARM_BUSINESS_SHARE = 0.5
_LICENCE = {11: 0.86, 4: 0.08, 2: 0.03, 5: 0.02, 10: 0.01}
_TURNOVER = ({1: 0.86, 2: 0.11, 3: 0.02, 4: 0.01}, {1: 0.15, 2: 0.40, 3: 0.25, 4: 0.18, 5: 0.02})
_BUSINESS_INTERNET = {0: 0.58, 1: 0.18, 3: 0.08, 5: 0.05, 13: 0.08, 31: 0.02, 16: 0.01}


def work(interview: Interview, school: Answers) -> Answers:
    """r416a-r419 of who works, r420a-r426 of who runs a business; everyone of five and over is asked."""
    key, passing = interview.people.key, interview.passing
    asked = interview.is_resident & (interview.age >= 5)
    works = asked & _works(interview, school)
    status = _status(interview, school)
    sector = _sector(interview, status)
    taxed = np.where(status == CIVIL_SERVANT, 0.9, np.where(interview.latent > 1, 0.35, 0.06))
    shown = passing.choice("NPWP shown", key, {1: 0.3, 2: 0.7})
    return {
        "r416a": only(asked, np.where(works, YES, NO)),
        "r416b": only(works, passing.between("hours", key, 15, 60)),
        "r417": only(works, sector),
        "r418": only(works, status),
        "r419": only(works, np.where(passing.happens("NPWP", key, taxed), shown, 3)),
        **_business(interview, asked, works, status, sector),
    }


def _works(interview: Interview, school: Answers) -> Flags:
    share = np.where(interview.people.sex == 1, *(np.interp(interview.age, *_WORKING_SHARE[sex]) for sex in (1, 2)))
    share = np.where(school["r412"] == ATTENDING, share * 0.08, share)
    return interview.passing.happens("works", interview.people.key, share) & (interview.age >= 10)


def _status(interview: Interview, school: Answers) -> Ints:
    key, draws = interview.people.key, interview.lasting
    standing = np.digitize(0.7 * interview.latent + 0.6 * draws.normal("standing", key), (-0.5, 0.5))
    status = draws.choice_by("status", key, interview.is_urban * 3 + standing, _STATUS)
    schooled = (school["r415"] >= FIRST_TERTIARY_CERTIFICATE) & (school["r415"] != NO_CERTIFICATE)
    serves = schooled & (status == EMPLOYEE) & draws.happens("civil servant", key, _CIVIL_SERVANT_SHARE)
    status = np.where(serves & (interview.age <= 58), CIVIL_SERVANT, status)
    status = np.where((interview.people.relation == HEAD) & (status == UNPAID_FAMILY), OWN_ACCOUNT, status)
    return np.where((interview.age < 17) & (status <= OWN_WITH_PAID), UNPAID_FAMILY, status)


def _sector(interview: Interview, status: Ints) -> Ints:
    kind = _KIND_OF_STATUS[status]
    kind = np.where((kind == 0) & (interview.is_urban == 1), 1, kind)
    return interview.lasting.choice_by("sector", interview.people.key, kind, _SECTOR)


def _business(interview: Interview, asked: Flags, works: Flags, status: Ints, sector: Ints) -> Answers:
    key, draws = interview.people.key, interview.passing
    counted = (sector > LAST_FARM_SECTOR) | interview.lasting.happens("farm business", key, _FARM_BUSINESS_SHARE)
    runs = works & (status <= OWN_WITH_PAID) & counted
    employs = status == OWN_WITH_PAID
    paid = np.where(employs, 1 + draws.poisson("paid workers", key, np.full(len(key), 1.2), 6), 0)
    unpaid = np.where(status == OWN_WITH_UNPAID, draws.between("unpaid workers", key, 1, 2), 0)
    internet = draws.choice("business internet", key, _BUSINESS_INTERNET)
    return {
        "r420a": only(asked, np.where(runs, YES, NO)),
        "r420b": only(runs, draws.choice("businesses", key, {1: 0.96, 2: 0.04})),
        "r421": only(runs, sector),
        "r422": only(runs, paid),
        "r423": only(runs, unpaid),
        "r424": only(runs, draws.choice("licence", key, _LICENCE)),
        "r425": only(runs, draws.choice_by("turnover", key, employs.astype(np.int64), _TURNOVER)),
        "r426": only(runs, np.where(employs, internet | 1, internet)),
    }
