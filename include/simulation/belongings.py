"""Assets, livestock, internet and account, r502a to r506 (form REGSOSEK22-K, block V)."""

import numpy as np

from include.simulation.draws import Flags, Ints
from include.simulation.dwelling import NO_ELECTRICITY
from include.simulation.interview import Answers, Interview

YES, NO = 1, 2
NO_ACCOUNT = 4
LPG_ABOVE_3_KG = (2, 3)

_SHARES = {
    "r502b": 0.60, "r502c": 0.09, "r502d": 0.02, "r502e": 0.02, "r502f": 0.25, "r502g": 0.25, "r502h": 0.20,
    "r502i": 0.85, "r502k": 0.12, "r502m": 0.005, "r502n": 0.83, "r503a": 0.25, "r503b": 0.08,
}  # fmt: skip
_LOADING = 0.6
_BICYCLE_SHARE, _BOAT_SHARE = 0.45, 0.01
_NEEDS_ELECTRICITY = ("r502b", "r502c", "r502d", "r502f", "r502h")
_NEEDS_MORE_THAN_450_W = ("r502c", "r502d")
_LIVESTOCK = {"r504a": (0.25, 4), "r504b": (0.006, 3), "r504c": (0.004, 2), "r504d": (0.002, 6), "r504e": (0.20, 8)}
_INTERNET = {3: 0.80, 2: 0.12, 1: 0.08}
_ACCOUNT = {4: 0.30, 2: 0.55, 1: 0.05, 3: 0.10}
_RECIPIENTS_ACCOUNT = {2: 0.88, 1: 0.04, 3: 0.08}


def belongings(interview: Interview, house: Answers, receives_aid: Flags) -> Answers:
    """Answers of r502a to r506; one who receives a programme has an account (r506), as payment asks for it."""
    draws, key, latent = interview.lasting, interview.families.key, interview.families.latent
    owned = {
        asset: draws.graded(asset, key, latent, {NO: 1 - share, YES: share}, _LOADING)
        for asset, share in _SHARES.items()
    }
    owned = _as_power_allows(owned, house)
    owned["r502a"] = np.where(np.isin(house["r308"], LPG_ABOVE_3_KG), YES, NO)
    owned["r502j"] = np.where(draws.happens("bicycle", key, _BICYCLE_SHARE), YES, NO)
    owned["r502l"] = np.where(draws.happens("boat", key, _BOAT_SHARE), YES, NO)
    connected = draws.graded("internet", key, latent, _INTERNET, _LOADING)
    account = draws.graded("account", key, latent, _ACCOUNT, _LOADING)
    return {
        **owned,
        **_livestock(interview),
        "r505": np.where(owned["r502n"] == YES, connected, 0),
        "r506": np.where(receives_aid, draws.choice("recipient account", key, _RECIPIENTS_ACCOUNT), account),
    }


def _as_power_allows(owned: Answers, house: Answers) -> Answers:
    dark = house["r307a"] == NO_ELECTRICITY
    weak = house["r307b1"] == 1
    allowed = dict(owned)
    for asset in _NEEDS_ELECTRICITY:
        lacking = dark | weak if asset in _NEEDS_MORE_THAN_450_W else dark
        allowed[asset] = np.where(lacking, NO, owned[asset])
    return allowed


def _livestock(interview: Interview) -> Answers:
    draws, families = interview.lasting, interview.families
    keeps = np.where(families.is_urban == 1, 0.1, 1.0)
    heads: dict[str, Ints] = {}
    for kind, (share, most) in _LIVESTOCK.items():
        has = draws.happens(kind, families.key, share * keeps)
        heads[kind] = np.where(has, draws.between(f"{kind} heads", families.key, 1, most), 0)
    return heads
