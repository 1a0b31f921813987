"""Chance as a pure function: the same seed, question and keys always give the same answer.

No state runs from one draw to the next, so any family can be made alone, in any order, in any process.
"""

import math
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Days = NDArray[np.datetime64]

EMPTY = -1


class Draws:
    """Answers to named questions of chance about keyed things (enumerators, families, persons)."""

    def __init__(self, seed: int, salt: str = "") -> None:
        """Two salts give independent answers to the same questions."""
        self._root = f"{seed}/{salt}/"

    def bits(self, question: str, keys: Ints) -> NDArray[np.uint64]:
        """64 random bits a key (finaliser of splitmix64, Steele, Lea and Flood 2014)."""
        stream = int.from_bytes(blake2b((self._root + question).encode(), digest_size=8).digest(), "big")
        mixed = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(stream)
        mixed ^= mixed >> np.uint64(30)
        mixed *= np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(27)
        mixed *= np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(31)
        return mixed

    def uniform(self, question: str, keys: Ints) -> Floats:
        """Uniform in [0, 1)."""
        return (self.bits(question, keys) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def normal(self, question: str, keys: Ints) -> Floats:
        """Standard normal (Box and Muller 1958)."""
        radius = np.sqrt(-2.0 * np.log1p(-self.uniform(question, keys)))
        return radius * np.cos(2.0 * math.pi * self.uniform(question + "/angle", keys))

    def happens(self, question: str, keys: Ints, probability: float | Floats) -> Flags:
        """True with the given probability (one, or one a key)."""
        return self.uniform(question, keys) < probability

    def between(self, question: str, keys: Ints, low: int | Ints, high: int | Ints) -> Ints:
        """Whole numbers low..high, both ends in."""
        return low + np.floor(self.uniform(question, keys) * (high - low + 1)).astype(np.int64)

    def choice(self, question: str, keys: Ints, weights: Mapping[int, float]) -> Ints:
        """One of the codes, by weight."""
        codes = np.array(list(weights), dtype=np.int64)
        edges = np.cumsum(list(weights.values()))
        place = np.searchsorted(edges / edges[-1], self.uniform(question, keys), side="right")
        return codes[np.minimum(place, len(codes) - 1)]

    def choice_by(self, question: str, keys: Ints, group: Ints, tables: Sequence[Mapping[int, float]]) -> Ints:
        """One of the codes of the table that `group` names."""
        chosen = np.zeros(len(keys), dtype=np.int64)
        for number, weights in enumerate(tables):
            mine = group == number
            chosen[mine] = self.choice(question, keys[mine], weights)
        return chosen

    def graded(self, question: str, keys: Ints, latent: Floats, shares: Mapping[int, float], loading: float) -> Ints:
        """One of the codes, written from poor to rich; `loading` is the correlation with the latent welfare."""
        noise = self.normal(question, keys)
        score = loading * latent + math.sqrt(1.0 - loading**2) * noise
        cumulated = np.cumsum(list(shares.values()))
        cuts = [NormalDist().inv_cdf(edge / cumulated[-1]) for edge in cumulated[:-1]]
        return np.array(list(shares), dtype=np.int64)[np.searchsorted(cuts, score, side="right")]

    def poisson(self, question: str, keys: Ints, mean: Floats, most: int) -> Ints:
        """Poisson counts of the given means, at most `most`."""
        chance = self.uniform(question, keys)
        term = np.exp(-mean)
        reached = term.copy()
        count = np.zeros(len(keys), dtype=np.int64)
        for number in range(1, most + 1):
            count += chance >= reached
            term = term * mean / number
            reached += term
        return count


def ranges(starts: Ints, counts: Ints) -> Ints:
    """The numbers starts[i] … starts[i] + counts[i] - 1, one range after the other."""
    ends = np.cumsum(counts)
    return np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - counts), counts)


def rank_within(groups: Ints) -> Ints:
    """How many equal values stand before each value."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    first = np.r_[True, ordered[1:] != ordered[:-1]] if len(groups) else np.zeros(0, dtype=bool)
    start = np.maximum.accumulate(np.where(first, np.arange(len(groups)), 0))
    rank = np.empty(len(groups), dtype=np.int64)
    rank[order] = np.arange(len(groups)) - start
    return rank
