"""The dwelling, r301a to r310 (form REGSOSEK22-K, block III); every list runs from poor to rich."""

import numpy as np

from include.simulation.draws import Ints
from include.simulation.interview import Answers, Interview, only

_LOADING = 0.6
_FLOOR = {8: 0.06, 7: 0.01, 6: 0.30, 5: 0.05, 9: 0.005, 4: 0.10, 2: 0.42, 3: 0.02, 1: 0.035}
_WALL = {6: 0.01, 4: 0.05, 5: 0.005, 3: 0.10, 2: 0.03, 7: 0.005, 1: 0.80}
_ROOF = {7: 0.005, 8: 0.005, 6: 0.005, 5: 0.01, 4: 0.07, 3: 0.07, 2: 0.81, 1: 0.025}
_WATER = {9: 0.01, 8: 0.02, 6: 0.05, 10: 0.01, 7: 0.04, 11: 0.005, 5: 0.20, 4: 0.35, 3: 0.15, 2: 0.125, 1: 0.04}
_LIGHTING = {4: 0.006, 3: 0.003, 2: 0.05, 1: 0.941}
_POWER = {1: 0.42, 2: 0.40, 3: 0.12, 4: 0.045, 5: 0.015}
_FUEL = {10: 0.20, 9: 0.005, 7: 0.01, 4: 0.70, 0: 0.015, 2: 0.035, 5: 0.005, 3: 0.02, 1: 0.01}
_TOILET = {6: 0.05, 4: 0.03, 3: 0.03, 2: 0.06, 5: 0.005, 1: 0.825}
_CLOSET = {4: 0.06, 3: 0.03, 2: 0.03, 1: 0.88}
_DISPOSAL = {5: 0.01, 3: 0.06, 4: 0.20, 6: 0.005, 2: 0.015, 1: 0.71}
_LAND_PROOF = {6: 0.05, 5: 0.35, 3: 0.03, 2: 0.05, 4: 0.05, 1: 0.47}
_TENURE = ({1: 0.90, 3: 0.08, 2: 0.01, 4: 0.005, 5: 0.005}, {1: 0.74, 2: 0.15, 3: 0.08, 4: 0.02, 5: 0.01})
_SEPTIC_DISTANCE = {1: 0.30, 2: 0.63, 8: 0.07}

OWN, METERED, NO_ELECTRICITY = 1, 1, 4
POWER_900_W = 2
_SECOND_METER_WELFARE, _SECOND_METER_SHARE = 1.2, 0.08
SMALLEST_FLOOR_M2, LARGEST_FLOOR_M2 = 16, 400


def dwelling(interview: Interview) -> Answers:
    """Answers of block III; questions that the skip rules leave out stay EMPTY."""
    return {**_building(interview), **_water_and_light(interview), **_kitchen_and_toilet(interview)}


def _graded(interview: Interview, question: str, shares: dict[int, float]) -> Ints:
    families = interview.families
    return interview.lasting.graded(question, families.key, families.latent, shares, _LOADING)


def _building(interview: Interview) -> Answers:
    families = interview.families
    tenure = interview.lasting.choice_by("tenure", families.key, families.is_urban, _TENURE)
    return {
        "r301a": tenure,
        "r301b": only(tenure == OWN, _graded(interview, "land proof", _LAND_PROOF)),
        "r302": _floor_area_m2(interview),
        "r303": _graded(interview, "floor", _FLOOR),
        "r304": _graded(interview, "wall", _WALL),
        "r305": _graded(interview, "roof", _ROOF),
    }


def _water_and_light(interview: Interview) -> Answers:
    draws, key = interview.lasting, interview.families.key
    water, lighting = _graded(interview, "water", _WATER), _graded(interview, "lighting", _LIGHTING)
    power = _graded(interview, "power", _POWER)
    rich = interview.families.latent > _SECOND_METER_WELFARE
    second_meter = (lighting == METERED) & rich & draws.happens("second meter", key, _SECOND_METER_SHARE)
    return {
        "r306a": water,
        "r306b": only((water >= 4) & (water <= 8), draws.choice("septic distance", key, _SEPTIC_DISTANCE)),
        "r307a": lighting,
        "r307b1": only(lighting == METERED, power),
        "r307b2": only(second_meter, np.full(len(key), POWER_900_W)),
        "r307b3": only(np.zeros(len(key), dtype=bool), power),
    }


def _kitchen_and_toilet(interview: Interview) -> Answers:
    toilet = _graded(interview, "toilet", _TOILET)
    has_closet = (toilet >= 1) & (toilet <= 3)
    return {
        "r308": _graded(interview, "fuel", _FUEL),
        "r309a": toilet,
        "r309b": only(has_closet, _graded(interview, "closet", _CLOSET)),
        "r310": only(has_closet, _graded(interview, "disposal", _DISPOSAL)),
    }


def _floor_area_m2(interview: Interview) -> Ints:
    key, latent = interview.families.key, interview.families.latent
    spread = _LOADING * latent + np.sqrt(1 - _LOADING**2) * interview.lasting.normal("floor area", key)
    return np.clip(np.round(62 * np.exp(0.38 * spread)), SMALLEST_FLOOR_M2, LARGEST_FLOOR_M2).astype(np.int64)
