"""Simulated histories of field work for the forecast's back-test: who enumerated how many families on which day."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from include.settings import PROJECT

FIELD_START, FIELD_END = date(2022, 10, 15), date(2023, 1, 12)
DAYS = 300
KAB_CODES = ("3501", "3509", "3515", "3524", "3528", "3573", "3575", "3578")
KECAMATAN_PER_KAB = 3

_MEDIAN_PACE, _PACE_SPREAD, _KAB_SPREAD = 5.2, 0.3, 0.12
_NEVER_FINISH_SHARE = 0.015
_TAIL_SHARE, _TAIL_PACE = 0.08, 0.6
_LATE_SHARE, _LATEST_DAYS = 0.03, 3
_SUNDAY_SHARE, _SUNDAY_CHANCE = 0.12, 0.3
_ILL_CHANCE, _LONGEST_ILLNESS_DAYS = 0.012, 8

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]


@dataclass(frozen=True)
class Histories:
    """`visits`: families by enumerator, sub-SLS, progress day and arrival day; `loads`: the load of each enumerator."""

    visits: pl.DataFrame
    loads: pl.DataFrame


def histories(seed: int, enumerators: int = 240, unrest: float = 1.0) -> Histories:
    """Live through one field work, from its first day until nobody has anything left.

    `unrest` scales how much paces drift and how often people fall ill: 0.5 is a calm province, 1.5 a troubled one.
    """
    rng = np.random.default_rng(seed)
    kab = np.arange(enumerators) % len(KAB_CODES)
    kecamatan = (np.arange(enumerators) // len(KAB_CODES)) % KECAMATAN_PER_KAB
    loads = np.clip(np.round(rng.normal(250, 20, enumerators)), 150, 350).astype(int)
    counts = _counts(rng, _paces(rng, kab, enumerators, unrest), loads)
    codes = [
        (f"P{KAB_CODES[k]}{n:04d}", KAB_CODES[k], f"{KAB_CODES[k]}{c + 1:02d}0001{n:04d}00")
        for n, (k, c) in enumerate(zip(kab, kecamatan, strict=True))
    ]
    known = pl.DataFrame(codes, schema=["enumerator_id", "kab_code", "idsubsls"], orient="row").with_columns(
        load_families=pl.Series(loads)
    )
    return Histories(_visits(rng, known, counts), known)


def _paces(rng: np.random.Generator, kab: Ints, enumerators: int, unrest: float) -> Floats:
    """Families a day that each would do: enumerators x days, 0 on days off."""
    pace = _MEDIAN_PACE * np.exp(_PACE_SPREAD * rng.normal(size=enumerators) + _KAB_SPREAD * rng.normal(size=8)[kab])
    moods = _ar1(rng, enumerators, 0.93, 0.2)
    weather = _ar1(rng, len(KAB_CODES), 0.6, 0.15)[kab]
    season = np.cumsum(rng.normal(scale=0.012, size=DAYS))
    paces = pace[:, None] * np.exp(unrest * (moods + weather + season))
    paces[:, :7] *= rng.uniform(0.55, 0.95, size=8)[kab][:, None]  # week 1: in teams, not alone
    return np.where(_at_work(rng, enumerators, unrest), paces, 0.0)


def _ar1(rng: np.random.Generator, series: int, memory: float, deviation: float) -> Floats:
    """Stationary series with this standard deviation, series x days."""
    made = np.empty((series, DAYS))
    made[:, 0] = rng.normal(scale=deviation, size=series)
    for day in range(1, DAYS):
        made[:, day] = memory * made[:, day - 1] + rng.normal(scale=deviation * np.sqrt(1 - memory**2), size=series)
    return made


def _at_work(rng: np.random.Generator, enumerators: int, unrest: float) -> Flags:
    """Whether each works on each day: Sundays, holidays, late starts, illness, and some who stop for good."""
    days = [FIELD_START + timedelta(days=n) for n in range(DAYS)]
    sunday = np.array([day.isoweekday() == 7 for day in days])
    holiday = np.isin(np.array(days), np.array(_holidays()))
    works_sundays = rng.random(enumerators) < _SUNDAY_SHARE
    sundays = works_sundays[:, None] & (rng.random((enumerators, DAYS)) < _SUNDAY_CHANCE)
    at_work = np.where(sunday, sundays, True) & ~holiday
    begins = np.where(rng.random(enumerators) < 0.1, rng.integers(1, 8, enumerators), 0)
    stops = np.where(rng.random(enumerators) < _NEVER_FINISH_SHARE, rng.integers(5, 60, enumerators), DAYS)
    number = np.arange(DAYS)
    at_work &= (number >= begins[:, None]) & (number < stops[:, None])
    for n, first in zip(*np.nonzero(rng.random((enumerators, DAYS)) < unrest * _ILL_CHANCE), strict=True):
        at_work[n, first : first + rng.integers(2, _LONGEST_ILLNESS_DAYS + 1)] = False
    return at_work


def _holidays() -> list[date]:
    seed = pl.read_csv(PROJECT / "dbt_project/seeds/reference/holidays.csv", try_parse_dates=True)
    return seed["date"].to_list()


def _counts(rng: np.random.Generator, paces: Floats, loads: Ints) -> Ints:
    """Families by enumerator and day: overdispersed, slower over the last families, never beyond the load."""
    counts = np.zeros(paces.shape, dtype=np.int64)
    done = np.zeros(len(loads), dtype=np.int64)
    for day in range(DAYS):
        slowed = np.where(done > (1 - _TAIL_SHARE) * loads, _TAIL_PACE, 1.0) * paces[:, day]
        visits = rng.poisson(slowed * rng.gamma(10.0, 0.1, size=len(loads)))
        counts[:, day] = np.minimum(visits, loads - done)
        done += counts[:, day]
    return counts


def _visits(rng: np.random.Generator, known: pl.DataFrame, counts: Ints) -> pl.DataFrame:
    who, day = np.nonzero(counts)
    late = np.where(rng.random(len(who)) < _LATE_SHARE, rng.integers(1, _LATEST_DAYS + 1, len(who)), 0)
    days = np.datetime64(FIELD_START) + day.astype("timedelta64[D]")
    return known.select("enumerator_id", "idsubsls")[who].with_columns(
        progress_day=pl.Series(days),
        arrival_day=pl.Series(days + late.astype("timedelta64[D]")),
        families=pl.Series(counts[who, day]),
    )
