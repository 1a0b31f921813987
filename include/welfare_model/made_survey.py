"""A synthetic consumption survey, to try the fit and to test it: ``python -m include.welfare_model.made_survey``.

Consumption follows the weights of seed ``pmt_weights`` exactly, plus a part of the cluster and a part of the household
that nothing explains. No figure of it says anything about anybody.
"""

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from include.welfare_model.survey import CONSUMPTION
from include.welfare_model.variables import SEEDS, WEIGHTS, named, with_derived

CLUSTER_SD, HOUSEHOLD_SD = 0.2, 0.4  # of ln(consumption per head)
CLUSTER_SIZE = 10
# How strongly a household's hidden wealth shows in what it owns and how it lives, and in its cooking with firewood.
_SHOWS, _HIDES = 0.6, ("fcook", "cow", "informal", "hhsector1")


@dataclass(frozen=True)
class TrueModel:
    """Weights and means that the survey is made from."""

    weights: dict[str, float]
    means: dict[str, float]


def true_model() -> TrueModel:
    """Read the first version of the seed."""
    with (SEEDS / WEIGHTS).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    first = [row for row in rows if row["model_version"] == rows[0]["model_version"]]
    return TrueModel(*({row["variable"]: float(row[c]) for row in first} for c in ("coefficient", "mean_value")))


def make_survey(households: int, seed: int) -> pl.DataFrame:
    """Draw a survey: cluster, weight, consumption per head, and every asked and held variable of the score."""
    draws, truth = np.random.default_rng(seed), true_model()
    cluster = np.arange(households) // CLUSTER_SIZE
    wealth = draws.normal(size=households)
    columns = _people(draws, households) | _answers(draws, wealth, truth)
    full = with_derived(columns)
    explained = truth.weights["const"] + sum(truth.weights[name] * values for name, values in full.items())
    unexplained = draws.normal(0, CLUSTER_SD, cluster.max() + 1)[cluster] + draws.normal(0, HOUSEHOLD_SD, households)
    return pl.DataFrame({
        "cluster": [f"C{number:04d}" for number in cluster],
        "weight": np.round(draws.uniform(50, 150, cluster.max() + 1)[cluster], 2),
        CONSUMPTION: np.round(np.exp(explained + unexplained), 6),
        **{name: columns[name] for name in (*named("asked"), *named("held_at_mean"))},
    })  # fmt: skip


def _people(draws: np.random.Generator, households: int) -> dict[str, NDArray]:
    adults = 1 + draws.binomial(4, 0.4, households)
    small, primary, junior, senior = (draws.binomial(2, p, households) for p in (0.18, 0.24, 0.08, 0.05))
    size = adults + small + primary + junior + senior
    return {
        "hhsize": size,
        "hhage": draws.integers(20, 85, households),
        "age04": small,
        "depratio": np.round((small + primary) / adults, 4),
        "eschild": primary,
        "jschild": junior,
        "sschild": senior,
        "pcfloor": np.round(draws.gamma(4, 25, households) / size, 4),
    }


def _answers(draws: np.random.Generator, wealth: NDArray, truth: TrueModel) -> dict[str, NDArray]:
    """Yes or no, as often as the seed's means say, more often where hidden wealth is larger (or smaller)."""
    names = [n for n in (*named("asked"), *named("held_at_mean")) if 0 < truth.means[n] < 1]
    yes = {}
    for name in names:
        sign = -_SHOWS if name in _HIDES else _SHOWS
        inclined = sign * wealth + np.sqrt(1 - _SHOWS**2) * draws.normal(size=len(wealth))
        yes[name] = (inclined > np.quantile(inclined, 1 - truth.means[name])).astype(int)
    return yes


def main(arguments: list[str] | None = None) -> int:
    """Write a survey."""
    parser = argparse.ArgumentParser(
        prog="python -m include.welfare_model.made_survey", description="A synthetic survey."
    )
    parser.add_argument("--out", type=Path, required=True, help="CSV file to write")
    parser.add_argument("--households", type=int, default=1200)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args(arguments)
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    make_survey(asked.households, asked.seed).write_csv(asked.out)
    sys.stdout.write(f"{asked.out}: {asked.households:,} households, synthetic\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
