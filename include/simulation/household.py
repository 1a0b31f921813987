"""How a family is made up: who belongs to it, and how old each one is. Poorer families are larger."""

from dataclasses import dataclass

import numpy as np

from include.simulation.draws import Draws, Flags, Floats, Ints, ranges
from include.simulation.families import Families

HEAD, SPOUSE, CHILD, CHILD_IN_LAW, GRANDCHILD, PARENT, HELPER, OTHER = range(1, 9)
LEFT = 0

_HEAD_AGE_QUANTILES = ((0.0, 0.03, 0.10, 0.33, 0.58, 0.79, 0.93, 1.0), (20, 25, 30, 40, 50, 60, 70, 88))
_CHILDREN_BY_HEAD_AGE = ((20, 25, 30, 37, 45, 55, 65, 75), (0.4, 0.9, 1.6, 2.25, 2.2, 1.6, 0.9, 0.5))
_MOST_CHILDREN = 6
_FEMALE_HEAD_SHARE = 0.15
_LEFT_SHARE = 0.05


@dataclass(frozen=True)
class Household:
    """One entry a family: the head, and how many of each relation, in the order in which the form lists them."""

    head_sex: Ints
    head_age: Floats
    eldest_age: Floats
    child_gap: Floats
    counts: dict[int, Ints]


def households(draws: Draws, families: Families) -> Household:
    """Draw the make-up of each family; ages in years on the first field day."""
    key = families.key
    head_sex = 1 + draws.happens("female head", key, _FEMALE_HEAD_SHARE).astype(np.int64)
    head_age = np.interp(draws.uniform("head age", key), *_HEAD_AGE_QUANTILES)
    has_spouse = draws.happens("spouse", key, np.where(head_sex == 2, 0.08, np.where(head_age < 26, 0.6, 0.91)))
    mother_age = head_age - np.where(head_sex == 2, 0.0, 3.0)
    eldest = np.minimum(mother_age - 19 - 7 * draws.uniform("first birth", key), 16 + 14 * draws.uniform("leaves", key))
    gap = 2.0 + 2.5 * draws.uniform("child gap", key)
    children = _children(draws, families, head_age, has_spouse)
    children = np.where(eldest >= 0, np.minimum(children, np.floor(np.maximum(eldest, 0) / gap) + 1), 0)
    counts = {
        HEAD: np.ones(len(key), dtype=np.int64),
        SPOUSE: has_spouse.astype(np.int64),
        CHILD: children.astype(np.int64),
        **_relatives(draws, key, head_age, (children >= 1) & (eldest >= 21)),
        LEFT: draws.happens("left", key, _LEFT_SHARE).astype(np.int64),
    }
    return Household(head_sex, head_age, eldest, gap, counts)


def _children(draws: Draws, families: Families, head_age: Floats, has_spouse: Flags) -> Ints:
    mean = np.interp(head_age, *_CHILDREN_BY_HEAD_AGE) * np.exp(-0.28 * families.latent)
    ever_had = has_spouse | draws.happens("children alone", families.key, 0.65)
    return draws.poisson("children", families.key, mean * ever_had, _MOST_CHILDREN)


def _relatives(draws: Draws, key: Ints, head_age: Floats, has_grown_child: Flags) -> dict[int, Ints]:
    three_generations = has_grown_child & draws.happens("child-in-law", key, 0.3)
    left_behind = (head_age >= 50) & draws.happens("grandchild alone", key, 0.1)
    grandchildren = np.where(three_generations, draws.between("grandchildren", key, 0, 2), left_behind)
    parents = draws.choice("parents", key, {0: 0.87, 1: 0.10, 2: 0.03}) * (head_age < 62)
    return {
        CHILD_IN_LAW: three_generations.astype(np.int64),
        GRANDCHILD: grandchildren.astype(np.int64),
        PARENT: parents,
        HELPER: draws.happens("helper", key, 0.002).astype(np.int64),
        OTHER: draws.happens("other", key, 0.04).astype(np.int64),
    }


@dataclass(frozen=True)
class Members:
    """One entry a person, family by family: the family's position, the relation and the place among its like."""

    family: Ints
    relation: Ints
    ordinal: Ints
    slot: Ints


def members(household: Household) -> Members:
    """Unfold the families into persons."""
    relations = np.array(list(household.counts))
    counts = np.stack(list(household.counts.values()), axis=1)
    family = np.repeat(np.arange(len(counts)), counts.sum(axis=1))
    relation = np.repeat(np.tile(relations, len(counts)), counts.ravel())
    zeros = np.zeros(counts.size, dtype=np.int64)
    return Members(
        family=family,
        relation=relation,
        ordinal=ranges(zeros, counts.ravel()),
        slot=ranges(zeros[: len(counts)], counts.sum(axis=1)),
    )


def ages(draws: Draws, keys: Ints, who: Members, household: Household) -> Floats:
    """Age in years, with its fraction, of each member."""
    head, eldest = household.head_age[who.family], household.eldest_age[who.family]
    chance = draws.uniform("age", keys)
    wife_younger = np.where(household.head_sex[who.family] == 1, -7 + 9 * chance, -2 + 8 * chance)
    by_relation = {
        HEAD: head,
        SPOUSE: np.maximum(head + wife_younger, 18),
        CHILD: np.maximum(eldest - who.ordinal * household.child_gap[who.family] - 0.9 * chance, 0.02),
        CHILD_IN_LAW: np.maximum(eldest - 3 + 6 * chance, 19),
        GRANDCHILD: np.maximum(np.minimum((head - 42) * chance, eldest - 18), 0.05 + chance),
        PARENT: np.minimum(head + 19 + 14 * chance, 94),
        HELPER: 18 + 37 * chance,
        OTHER: 8 + 60 * chance,
        LEFT: 5 + 75 * chance,
    }
    return np.select([who.relation == code for code in by_relation], list(by_relation.values()))


def sexes(draws: Draws, keys: Ints, who: Members, household: Household) -> Ints:
    """Sex of each member: 1 male, 2 female."""
    head = household.head_sex[who.family]
    drawn = draws.between("sex", keys, 1, 2)
    two_parents = household.counts[PARENT][who.family] == 2
    parent = np.where(two_parents, 1 + who.ordinal, 1 + draws.happens("mother", keys, 0.75))
    return np.select(
        [who.relation == HEAD, who.relation == SPOUSE, who.relation == PARENT, who.relation == HELPER],
        [head, 3 - head, parent, np.full(len(keys), 2)],
        drawn,
    )
