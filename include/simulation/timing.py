"""When an interview began and ended: one after the other through the enumerator's day."""

import numpy as np
import polars as pl

from include.simulation.documents import INCOMPLETE, Documents
from include.simulation.draws import Days, Draws, Floats, Ints
from include.simulation.families import Families

UTC_OFFSET = "+07:00"
_EARLIEST_START_S, _START_SPREAD_S = 7 * 3600 + 1800, 3600
_LONGEST_DAY_S = 13 * 3600
_BASE_S, _PER_PERSON_S, _BRIEF_S = 1000, 270, 240


def interview_times(draws: Draws, families: Families, documents: Documents, persons: Ints) -> tuple[Ints, Ints]:
    """Start and end of each document, seconds after midnight of its day; `persons` a document.

    Documents must come in order of staff and day.
    """
    key = families.key[documents.family] * 4 + documents.revision
    lasts = _duration_s(draws, key, documents, persons)
    gap = 180 + 600 * draws.uniform("gap", key)
    group = documents.staff * 4096 + documents.day
    spent = _running_total(lasts + gap, group)
    _, place = np.unique(group, return_inverse=True)
    total = np.bincount(place, weights=lasts + gap)[place].astype(np.float64)
    squeeze = np.minimum(1.0, _LONGEST_DAY_S / np.maximum(total, 1.0))
    opens = _EARLIEST_START_S + _START_SPREAD_S * draws.uniform("day begins", group)
    end = opens + (spent - gap) * squeeze
    return (end - lasts * squeeze).astype(np.int64), end.astype(np.int64)


def _duration_s(draws: Draws, key: Ints, documents: Documents, persons: Ints) -> Floats:
    full = _BASE_S + _PER_PERSON_S * persons
    brief = (documents.outcome > INCOMPLETE) | documents.is_deleted | documents.is_correction
    return np.where(brief, _BRIEF_S, full) * np.exp(0.25 * draws.normal("duration", key))


def _running_total(amounts: Floats, group: Ints) -> Floats:
    total = np.cumsum(amounts)
    begins = np.r_[True, group[1:] != group[:-1]] if len(group) else np.zeros(0, dtype=bool)
    first = np.maximum.accumulate(np.where(begins, np.arange(len(group)), 0))
    return total - (total[first] - amounts[first]) if len(group) else total


def clock_text(day: Days, seconds: Ints) -> pl.Series:
    """ISO 8601 with the offset of Asia/Jakarta."""
    moment = pl.Series((day.astype("datetime64[s]") + seconds.astype("timedelta64[s]")).astype("datetime64[ms]"))
    return moment.dt.strftime("%Y-%m-%dT%H:%M:%S") + UTC_OFFSET
