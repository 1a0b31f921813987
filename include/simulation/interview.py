"""A visit that got answers: who was asked, on which day, and how old everyone was by then."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from include.simulation.draws import EMPTY, Days, Draws, Flags, Floats, Ints
from include.simulation.families import Families
from include.simulation.people import People

Answers = dict[str, Ints]


@dataclass(frozen=True)
class Interview:
    """Families, their persons and the day of each family's answers.

    `lasting` answers what stays the same at a second visit (dwelling, schooling); `passing` what may be told
    otherwise (work, health), so that a re-check finds content error.
    """

    families: Families
    people: People
    kk: Ints
    day: Days
    lasting: Draws
    passing: Draws

    @cached_property
    def is_resident(self) -> Flags:
        """Whether the person lives with the family."""
        return self.people.left == 0

    @cached_property
    def age(self) -> Ints:
        """Completed years on the day of the interview."""
        return self.people.age_on(self.day[self.people.family])

    @cached_property
    def latent(self) -> Floats:
        """The family's welfare, one value a person."""
        return self.families.latent[self.people.family]

    @cached_property
    def is_urban(self) -> Ints:
        """1 in a town, one value a person."""
        return self.families.is_urban[self.people.family]

    def family_has(self, person: Flags) -> Flags:
        """Whether some resident of each family is so."""
        families = self.people.family[person & self.is_resident]
        return np.bincount(families, minlength=len(self.families.slot)) > 0

    def count(self, person: Flags) -> Ints:
        """How many persons of each family are so."""
        return np.bincount(self.people.family[person], minlength=len(self.families.slot))


def only(asked: Flags, answers: Ints) -> Ints:
    """The answers where the question was asked, EMPTY elsewhere."""
    return np.where(asked, answers, EMPTY)
