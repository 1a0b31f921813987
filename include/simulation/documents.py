"""The documents of field life: first visits, and what follows them (corrections, revisits, withdrawals)."""

from dataclasses import dataclass

import numpy as np

from include.simulation.diary import reached_slots, silent_from
from include.simulation.draws import Draws, Flags, Floats, Ints
from include.simulation.families import GONE, MISSED, Families, Province
from include.simulation.records import stack, take

COMPLETE, INCOMPLETE, NO_RESPONDENT, REFUSED, MOVED = 1, 2, 3, 4, 5

_OUTCOMES = {COMPLETE: 0.9645, INCOMPLETE: 0.02, NO_RESPONDENT: 0.0105, REFUSED: 0.005}
_CORRECTED_SHARE, _COMPLETED_SHARE, _REVISITED_SHARE, _WITHDRAWN_SHARE = 0.055, 0.6, 0.6, 0.002
_CORRECTED_AGAIN_SHARE, _REVIVED_SHARE = 0.08, 0.15
_NEXT_DAY_SHARE = 0.8
_LAST_REVISION = 3


@dataclass(frozen=True)
class Documents:
    """Documents by position. Days are numbers counted from the first field day.

    `family` is the position in the Families, `staff` that in the field force; `interview_day` stands in r201,
    `day` is the day of the bundle. `is_correction`: nothing but a small change against the revision before.
    """

    family: Ints
    staff: Ints
    day: Ints
    interview_day: Ints
    revision: Ints
    outcome: Ints
    is_deleted: Flags
    is_correction: Flags

    def carries_persons(self) -> Flags:
        """Whether persons come with it: somebody answered, and it is no withdrawal."""
        return (self.outcome <= INCOMPLETE) & ~self.is_deleted


def visited(province: Province, families: Families, first: int, last: int) -> Families:
    """The families whom the simulated days reach, those missed on the way among them."""
    reached = reached_slots(province, first, last)
    return take(families, families.slot < reached[families.enumerator - first, -1])


def documents_of(province: Province, families: Families, first: int, last: int) -> Documents:
    """All documents about these visited families, whether or not their bundle arrives in time."""
    documents = _first_visits(province, families, first, last)
    chain = [documents]
    for revision in range(2, _LAST_REVISION + 1):
        documents = _followed_up(province, families, documents, revision)
        chain.append(documents)
    return stack(chain)


def _first_visits(province: Province, families: Families, first: int, last: int) -> Documents:
    reached = reached_slots(province, first, last)
    day = (families.slot[:, None] >= reached[families.enumerator - first, 1:]).sum(axis=1)
    outcome = province.draws.choice("outcome", families.key, _OUTCOMES)
    none = np.zeros(len(day), dtype=bool)
    visits = Documents(
        family=np.arange(len(day)),
        staff=families.enumerator,
        day=day,
        interview_day=day,
        revision=np.ones(len(day), dtype=np.int64),
        outcome=np.where(families.status == GONE, MOVED, outcome),
        is_deleted=none,
        is_correction=none,
    )
    return take(visits, families.status != MISSED)


def _followed_up(province: Province, families: Families, before: Documents, revision: int) -> Documents:
    draws = Draws(province.plan.seed, f"revision {revision}")
    key = families.key[before.family]
    day = before.day + 1 + ~draws.happens("next day", key, _NEXT_DAY_SHARE)
    withdrawn = ~before.is_deleted & draws.happens("withdrawn", key, _WITHDRAWN_SHARE)
    follows = withdrawn | draws.happens("follow-up", key, _follow_up_share(before, revision))
    unanswered = before.outcome == NO_RESPONDENT
    answered = np.where(before.outcome <= NO_RESPONDENT, COMPLETE, before.outcome)
    later = Documents(
        family=before.family,
        staff=before.staff,
        day=day,
        interview_day=np.where(unanswered & ~withdrawn, day, before.interview_day),
        revision=np.full(len(key), revision),
        outcome=np.where(withdrawn, before.outcome, answered),
        is_deleted=withdrawn,
        is_correction=~unanswered & ~withdrawn,
    )
    in_time = day < silent_from(province, before.staff)
    return take(later, follows & in_time)


def _follow_up_share(before: Documents, revision: int) -> Floats:
    if revision == _LAST_REVISION:
        return np.where(before.is_deleted, _REVIVED_SHARE, _CORRECTED_AGAIN_SHARE)
    shares = [_CORRECTED_SHARE, _COMPLETED_SHARE, _REVISITED_SHARE]
    return np.select([before.outcome == code for code in (COMPLETE, INCOMPLETE, NO_RESPONDENT)], shares, 0.0)


def interview_days(families: Families, documents: Documents) -> Ints:
    """The day number of each family's answers (0 where nobody answered)."""
    day = np.zeros(len(families.slot), dtype=np.int64)
    answered = documents.outcome <= INCOMPLETE
    day[documents.family[answered]] = documents.interview_day[answered]
    return day
