"""The families of a load: where they live, whether the prelist knows them, how well off they are."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from include.simulation.draws import Draws, Flags, Floats, Ints
from include.simulation.identity_numbers import HomeSerials
from include.simulation.plan import Plan
from include.simulation.territory import Territory

_FAMILIES_PER_SUB_SLS = 62.5
_PRELISTED_SHARE = 0.96
_GONE_SHARE, _MISSED_SHARE = 0.015, 0.015
_SHARED_BUILDING_SHARE = 0.07
_SLOTS = 4096

PRESENT, GONE, MISSED = 0, 1, 2


@dataclass(frozen=True)
class Families:
    """Families by position; `slot` is the order of visit within an enumerator's load.

    `status`: PRESENT, GONE (listed, no longer there), MISSED (there, and never found by the enumerator).
    `building` and `number` are r109 and r110; `latent` is the welfare in standard deviations.
    """

    enumerator: Ints
    slot: Ints
    sub_sls: Ints
    building: Ints
    number: Ints
    status: Ints
    is_prelisted: Flags
    is_urban: Ints
    latent: Floats

    @property
    def key(self) -> Ints:
        """A number of its own for each family of the province."""
        return self.enumerator * _SLOTS + self.slot


@dataclass(frozen=True)
class Province:
    """What every part of a simulation needs: the plan, the places, the sub-SLS and the serials of the numbers."""

    plan: Plan
    place: Territory
    sub_sls_per_enumerator: int
    idsubsls: pl.Series
    sls_name: pl.Series
    latitude: Floats
    longitude: Floats
    home: HomeSerials

    @property
    def draws(self) -> Draws:
        """The province's own chance."""
        return Draws(self.plan.seed)


def slots_per_enumerator(plan: Plan) -> int:
    """Families of a load, so many that the prelisted ones make the norm."""
    return max(1, round(plan.load_families / _PRELISTED_SHARE))


def sub_sls_per_enumerator(plan: Plan) -> int:
    """Sub-SLS of a load: about 62 families each."""
    return max(1, round(plan.load_families / _FAMILIES_PER_SUB_SLS))


def families_of(province: Province, first: int, last: int) -> Families:
    """All families of the enumerators first..last-1, in order of enumerator and visit."""
    draws, slots = province.draws, slots_per_enumerator(province.plan)
    enumerator = np.repeat(np.arange(first, last), slots)
    slot = np.tile(np.arange(slots), last - first)
    key = enumerator * _SLOTS + slot
    sub_sls = _sub_sls(province, first, last, slots)
    building, number = _numbers(draws, key, sub_sls)
    is_prelisted = draws.happens("prelisted", key, _PRELISTED_SHARE)
    desa = province.place.desa[enumerator]
    return Families(
        enumerator=enumerator,
        slot=slot,
        sub_sls=sub_sls,
        building=building,
        number=number,
        status=_status(draws, key, is_prelisted),
        is_prelisted=is_prelisted,
        is_urban=province.place.is_urban[desa],
        latent=province.place.area_welfare[desa] + 0.88 * draws.normal("welfare", key),
    )


def _status(draws: Draws, key: Ints, is_prelisted: Flags) -> Ints:
    status = draws.choice("status", key, {GONE: _GONE_SHARE, MISSED: _MISSED_SHARE, PRESENT: 1 - 0.03})
    return np.where((status == GONE) & ~is_prelisted, PRESENT, status)


def _sub_sls(province: Province, first: int, last: int, slots: int) -> Ints:
    """The sub-SLS of each slot: an enumerator's slots are cut into consecutive parts of uneven size."""
    count = province.sub_sls_per_enumerator
    part = np.arange(first * count, last * count)
    weight = 1.0 + 0.5 * province.draws.uniform("sub-SLS size", part).reshape(-1, count)
    ends = np.round(np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True) * slots).astype(np.int64)
    sizes = np.diff(ends, axis=1, prepend=0).ravel()
    return np.repeat(part, sizes)


def _numbers(draws: Draws, key: Ints, sub_sls: Ints) -> tuple[Ints, Ints]:
    """Building and family number, both running from 1 within the sub-SLS; some families share a building."""
    begins = np.r_[True, sub_sls[1:] != sub_sls[:-1]]
    first = np.maximum.accumulate(np.where(begins, np.arange(len(key)), 0))
    new_building = begins | ~draws.happens("shared building", key, _SHARED_BUILDING_SHARE)
    buildings = np.cumsum(new_building)
    return buildings - buildings[first] + 1, np.arange(len(key)) - first + 1
