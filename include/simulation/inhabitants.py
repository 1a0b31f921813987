"""Families with their persons and KK numbers, taken together."""

from dataclasses import dataclass, replace

import numpy as np

from include.simulation.draws import EMPTY, Flags, Ints
from include.simulation.families import Families, Province
from include.simulation.people import People, kk_of, people_of
from include.simulation.records import take


@dataclass(frozen=True)
class Inhabitants:
    """`people.family` is the position in `families`; `kk` has one value a family, EMPTY for those without."""

    families: Families
    people: People
    kk: Ints


def inhabitants_of(province: Province, families: Families) -> Inhabitants:
    """Everyone in these families.

    The families must be all or the first so many of each load: serials of NIK and KK are given out in that order.
    """
    return Inhabitants(families, people_of(province, families), kk_of(province, families))


def only_families(inhabitants: Inhabitants, which: Flags) -> Inhabitants:
    """Some of the families with their persons, their numbers unchanged."""
    position = np.where(which, np.cumsum(which) - 1, EMPTY)
    people = take(inhabitants.people, which[inhabitants.people.family])
    return Inhabitants(
        families=take(inhabitants.families, which),
        people=replace(people, family=position[people.family]),
        kk=inhabitants.kk[which],
    )
