"""Predicted against observed, by tenth of the prediction: a table and a plot."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from include.welfare_model.cross_validation import Merit
from include.welfare_model.survey import Survey

mpl.use("Agg")
TENTHS = 10


def tenths(survey: Survey, predicted: NDArray[np.float64]) -> list[tuple[float, float]]:
    """Weighted means of prediction and observation in each tenth of households, the poorest first."""
    order = np.argsort(predicted, kind="stable")
    weight = survey.weight[order]
    middle = (np.cumsum(weight) - weight / 2) / weight.sum()
    tenth = np.minimum((TENTHS * middle).astype(int), TENTHS - 1)
    means = [np.bincount(tenth, weight * v[order], TENTHS) for v in (predicted, survey.log_consumption)]
    return list(zip(*[(m / np.bincount(tenth, weight, TENTHS)).tolist() for m in means], strict=True))


def plot_calibration(survey: Survey, merits: dict[str, Merit], path: Path) -> None:
    """Draw both models' tenths; the same survey gives the same bytes."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(6, 6), dpi=120)
    for (name, merit), mark in zip(merits.items(), "os", strict=True):
        axes.plot(*zip(*tenths(survey, merit.predicted), strict=True), marker=mark, linewidth=1, label=name)
    limits = [*axes.get_xlim(), *axes.get_ylim()]
    axes.plot([min(limits), max(limits)], [min(limits), max(limits)], color="grey", linewidth=0.8, linestyle="--")
    axes.set_xlabel("predicted ln(consumption per head), out of fold")
    axes.set_ylabel("observed ln(consumption per head)")
    axes.set_title(f"Kalibrasi / calibration: means of tenths by score, {survey.households:,} households", fontsize=10)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, metadata={"Software": None})
    pyplot.close(figure)
