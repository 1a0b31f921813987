"""How far each enumerator gets each day: a pace of their own, good and bad days, some slow, some fallen silent."""

import numpy as np

from include.simulation.draws import Ints
from include.simulation.families import Province, slots_per_enumerator

_PACE_SPREAD = 0.2
_SLOW_SHARE, _SLOW_PACE = 0.05, 0.35
_SILENT_SHARE, _LONGEST_BEFORE_SILENCE_DAYS = 0.025, 10
_BUSIEST_DAY = 2.0


def reached_slots(province: Province, first: int, last: int) -> Ints:
    """Slots passed by the start of each day and by the end of the last: enumerators x (days + 1)."""
    plan = province.plan
    enumerator = np.arange(first, last)
    days = np.arange(plan.days)
    key = enumerator[:, None] * 4096 + days
    pace = plan.families_per_day * np.exp(_PACE_SPREAD * province.draws.normal("pace", enumerator))
    pace = np.where(province.draws.happens("slow", enumerator, _SLOW_SHARE), _SLOW_PACE * pace, pace)
    luck = np.exp(_PACE_SPREAD * province.draws.normal("day's luck", key.ravel())).reshape(key.shape)
    visits = np.minimum(pace[:, None] * luck, _BUSIEST_DAY * plan.families_per_day)
    visits = np.floor(visits + province.draws.uniform("visits", key.ravel()).reshape(key.shape)).astype(np.int64)
    visits = np.where(days < silent_from(province, enumerator)[:, None], visits, 0)
    reached = np.minimum(np.cumsum(visits, axis=1), slots_per_enumerator(plan))
    return np.concatenate([np.zeros((len(enumerator), 1), dtype=np.int64), reached], axis=1)


def silent_from(province: Province, enumerator: Ints) -> Ints:
    """The day number from which nothing comes any more (past the last day for nearly all)."""
    silent = province.draws.happens("silent", enumerator, _SILENT_SHARE)
    since = province.draws.between("silent from", enumerator, 0, _LONGEST_BEFORE_SILENCE_DAYS)
    return np.where(silent, since, province.plan.days)
