"""The persons of a province: name, sex, birth date, NIK, place in the family, and what headquarters knows of them."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from include.simulation.draws import EMPTY, Days, Draws, Flags, Floats, Ints
from include.simulation.families import Families, Province
from include.simulation.household import (
    CHILD,
    CHILD_IN_LAW,
    GRANDCHILD,
    HEAD,
    HELPER,
    LEFT,
    OTHER,
    PARENT,
    SPOUSE,
    Household,
    Members,
    ages,
    households,
    members,
    sexes,
)
from include.simulation.identity_numbers import kk_numbers, niks
from include.simulation.names import full_names

SINGLE, MARRIED, DIVORCED, WIDOWED = 1, 2, 3, 4
DIED, MOVED_WITHIN, MOVED_ABROAD, NOT_FOUND = 2, 3, 4, 6

_PERSON_SLOTS = 32
_WITHOUT_NIK_SHARE, _WITHOUT_KK_SHARE = 0.015, 0.02
_PRELISTED_PERSON_SHARE = 0.965
_MAY_ALREADY_BE_MARRIED = 20


@dataclass(frozen=True)
class People:
    """Persons by position, family by family; `family` is the position in the Families they were made from.

    `left` is 0 for a resident, else the r404 code of one who is listed and no longer there. `nik` may be EMPTY.
    """

    family: Ints
    key: Ints
    relation: Ints
    sex: Ints
    birth: Days
    marital: Ints
    left: Ints
    is_prelisted: Flags
    nik: Ints
    name: pl.Series

    def age_on(self, day: Days) -> Ints:
        """Completed years on a day (one a person)."""
        return completed_years(self.birth, day)


def completed_years(birth: Days, day: Days) -> Ints:
    """Whole years between two days; a birthday counts from its own day."""
    return (_calendar(day) - _calendar(birth)) // 10_000


def _calendar(day: Days) -> Ints:
    month = day.astype("datetime64[M]")
    months = month.astype(np.int64)
    day_of_month = (day.astype("datetime64[D]") - month.astype("datetime64[D]")).astype(np.int64) + 1
    return (1970 + months // 12) * 10_000 + (months % 12 + 1) * 100 + day_of_month


def people_of(province: Province, families: Families) -> People:
    """Every person of these families; a family's persons are the same whichever families they are made with."""
    draws = province.draws
    household = households(draws, families)
    who = members(household)
    key = families.key[who.family] * _PERSON_SLOTS + who.slot
    age = ages(draws, key, who, household)
    sex = sexes(draws, key, who, household)
    birth = np.datetime64(province.plan.first_day) - np.floor(age * 365.25 + 0.5).astype(np.int64)
    enumerator = families.enumerator[who.family]
    nik = niks(draws, key, enumerator, province.home, birth, sex)
    return People(
        family=who.family,
        key=key,
        relation=who.relation,
        sex=sex,
        birth=birth,
        marital=_marital(draws, key, who, household, age),
        left=_left(draws, key, who),
        is_prelisted=_prelisted(draws, key, who, families, age),
        nik=np.where(draws.happens("without NIK", key, _WITHOUT_NIK_SHARE), EMPTY, nik),
        name=full_names(draws, key, sex, age.astype(np.int64)),
    )


def kk_of(province: Province, families: Families) -> Ints:
    """The KK number of each family, EMPTY for the few that have none."""
    draws, key = province.draws, families.key
    kk = kk_numbers(draws, key, families.enumerator, province.home, np.datetime64(province.plan.first_day))
    return np.where(draws.happens("without KK", key, _WITHOUT_KK_SHARE), EMPTY, kk)


def _left(draws: Draws, key: Ints, who: Members) -> Ints:
    code = draws.choice("left why", key, {DIED: 0.4, MOVED_WITHIN: 0.4, MOVED_ABROAD: 0.08, NOT_FOUND: 0.12})
    return np.where(who.relation == LEFT, code, 0)


def _prelisted(draws: Draws, key: Ints, who: Members, families: Families, age: Floats) -> Flags:
    """Whoever left is known from the prelist only; infants are the ones it lacks most."""
    share = np.where(age < 1, 0.3, _PRELISTED_PERSON_SHARE)
    known = draws.happens("prelisted person", key, share) | np.isin(who.relation, (HEAD, LEFT))
    return known & families.is_prelisted[who.family]


def _marital(draws: Draws, key: Ints, who: Members, household: Household, age: Floats) -> Ints:
    alone = household.counts[SPOUSE][who.family] == 0
    with_child = household.counts[CHILD][who.family] > 0
    bereaved = np.where(draws.happens("widowed", key, np.clip((age - 25) / 45, 0.1, 0.95)), WIDOWED, DIVORCED)
    never = (age < 30) & ~with_child
    head = np.where(alone, np.where(never, SINGLE, bereaved), MARRIED)
    two_parents = household.counts[PARENT][who.family] == 2
    has_in_law = household.counts[CHILD_IN_LAW][who.family] > 0
    child = np.where(has_in_law & (who.ordinal == 0), MARRIED, SINGLE)
    other = np.where((age >= _MAY_ALREADY_BE_MARRIED) & draws.happens("other married", key, 0.6), bereaved, SINGLE)
    answers = {
        HEAD: head,
        SPOUSE: np.full(len(key), MARRIED),
        CHILD: child,
        CHILD_IN_LAW: np.full(len(key), MARRIED),
        GRANDCHILD: np.full(len(key), SINGLE),
        PARENT: np.where(two_parents, MARRIED, WIDOWED),
        HELPER: other,
        OTHER: other,
        LEFT: other,
    }
    return np.select([who.relation == code for code in answers], list(answers.values()))
