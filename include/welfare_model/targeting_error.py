"""Whom a ranking misses and whom it takes in by mistake, against a truth (docs/pmt_fitting.md, "Errors")."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

CUT_OFFS = (10, 20, 30, 40)  # the poorest per cent


@dataclass(frozen=True)
class TargetingError:
    """Sums of weights of units at one cut-off."""

    cut_off: int
    eligible: float
    ineligible: float
    served: float
    eligible_unserved: float
    ineligible_served: float

    @property
    def exclusion_error(self) -> float:
        """Eligible units not served / eligible units; also called undercoverage."""
        return _quotient(self.eligible_unserved, self.eligible)

    @property
    def inclusion_error(self) -> float:
        """Ineligible units served / ineligible units."""
        return _quotient(self.ineligible_served, self.ineligible)

    @property
    def leakage(self) -> float:
        """Ineligible units served / served units."""
        return _quotient(self.ineligible_served, self.served)


def targeting_error(truth: NDArray, score: NDArray, weight: NDArray, cut_off: int) -> TargetingError:
    """Compare the poorest `cut_off` per cent by score with those by truth; low is poor in both.

    Raises:
        ValueError: the three differ in length, or a weight is not above 0.
    """
    if not len(truth) == len(score) == len(weight) or not (weight > 0).all():
        raise ValueError("truth, score and weight must be of one length, and weights above 0")
    eligible, served = poorest(truth, weight, cut_off), poorest(score, weight, cut_off)
    return TargetingError(
        cut_off,
        eligible=float(weight[eligible].sum()),
        ineligible=float(weight[~eligible].sum()),
        served=float(weight[served].sum()),
        eligible_unserved=float(weight[eligible & ~served].sum()),
        ineligible_served=float(weight[~eligible & served].sum()),
    )


def poorest(value: NDArray, weight: NDArray, cut_off: int) -> NDArray[np.bool_]:
    """Mark the units whose middle lies below `cut_off` per cent of the weight; equal values stand as given."""
    order = np.argsort(value, kind="stable")
    to_here = np.cumsum(weight[order])
    marked = np.empty(len(value), dtype=bool)
    marked[order] = (2 * to_here - weight[order]) * 100 < 2 * to_here[-1:] * cut_off
    return marked


def rank_correlation(one: NDArray, other: NDArray) -> float:
    """Spearman's rank correlation; nan where one of them does not vary."""
    ranks = [rankdata(values) - (len(values) + 1) / 2 for values in (one, other)]
    spread = float(np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum()))
    return float((ranks[0] * ranks[1]).sum()) / spread if spread else float("nan")


def _quotient(numerator: float, denominator: float) -> float:
    return numerator / denominator if denominator else float("nan")
