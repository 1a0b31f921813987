"""Which documents travel together: an enumerator's day is one bundle, now and then two, now and then late."""

from dataclasses import dataclass

import numpy as np

from include.simulation.documents import Documents
from include.simulation.draws import Draws, Flags, Ints, rank_within
from include.simulation.families import Families
from include.simulation.plan import Plan
from include.simulation.records import take

_LATE_SHARE, _TWO_DAYS_LATE_SHARE = 0.02, 0.4
_TWO_BUNDLES_SHARE = 0.03
_DRAFT_FORM_EVERY = 40
_DAYS = 4096


@dataclass(frozen=True)
class Bundles:
    """Bundles by position; days are numbers counted from the first field day."""

    staff: Ints
    day: Ints
    sequence: Ints
    arrival: Ints
    is_draft_form: Flags


def bundled(plan: Plan, draws: Draws, families: Families, documents: Documents) -> tuple[Bundles, Documents, Ints]:
    """The bundles that arrive in time, their documents in order of bundle and row, and each document's bundle."""
    order = np.lexsort((families.slot[documents.family], documents.revision == 1, documents.day, documents.staff))
    documents = take(documents, order)
    key = (documents.staff * _DAYS + documents.day) * 4 + _sequence(draws, documents)
    keys, bundle = np.unique(key, return_inverse=True)
    bundles = _bundles(plan, draws, keys)
    arrives = bundles.arrival < plan.days
    position = np.cumsum(arrives) - 1
    kept = arrives[bundle]
    return take(bundles, arrives), take(documents, kept), position[bundle[kept]]


def _sequence(draws: Draws, documents: Documents) -> Ints:
    """1, or 2 for the second half of a day whose enumerator sends twice."""
    key = documents.staff * _DAYS + documents.day
    position = rank_within(key)
    size = np.bincount(np.unique(key, return_inverse=True)[1])[np.unique(key, return_inverse=True)[1]]
    splits = draws.happens("two bundles", key, _TWO_BUNDLES_SHARE)
    return np.where(splits & (position * 2 >= size) & (size > 1), 2, 1)


def _bundles(plan: Plan, draws: Draws, keys: Ints) -> Bundles:
    staff, day = keys // 4 // _DAYS, keys // 4 % _DAYS
    late = draws.happens("late", keys, _LATE_SHARE)
    delay = late * (1 + draws.happens("two days late", keys, _TWO_DAYS_LATE_SHARE))
    every = min(_DRAFT_FORM_EVERY, plan.enumerators)
    return Bundles(
        staff=staff,
        day=day,
        sequence=keys % 4,
        arrival=day + delay,
        is_draft_form=(staff + plan.seed) % every == every - 1,
    )
