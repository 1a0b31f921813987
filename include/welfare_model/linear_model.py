"""The model whose coefficients are the weights: weighted least squares with errors robust to clusters."""

import warnings
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy.linalg import null_space
from statsmodels.tools.sm_exceptions import SingularMatrixWarning
from threadpoolctl import threadpool_limits

from include.welfare_model.survey import Survey

CONSTANT = "const"
WEIGHT_DIGITS, MEAN_DIGITS = 8, 4  # of seed pmt_weights
# The last digit may not depend on a machine's cores, and on so few rows threads only wait for each other.
one_thread = threadpool_limits.wrap(limits=1)


@dataclass(frozen=True)
class LinearModel:
    """Weights of the score by variable, the intercept under ``const``; rounded as the seed holds them."""

    coefficients: dict[str, float]
    standard_errors: dict[str, float]
    means: dict[str, float]
    r2_in_sample: float
    undetermined: tuple[str, ...]

    def scores(self, survey: Survey) -> NDArray[np.float64]:
        """Score households as the warehouse does: what the form does not ask stands at its mean."""
        held = survey.present("held_at_mean")
        score = np.full(survey.households, self.coefficients[CONSTANT])
        for name, coefficient in self.coefficients.items():
            if name != CONSTANT:
                score += coefficient * (self.means[name] if name in held else survey.variables[name])
        return score


@one_thread
def fit_linear(survey: Survey, rows: NDArray[np.int64] | None = None) -> LinearModel:
    """Fit on the survey's rows, by default all."""
    names = survey.present("asked", "held_at_mean", "derived")
    rows = np.arange(survey.households) if rows is None else rows
    design, weight = survey.matrix(names)[rows], survey.weight[rows]
    unfitted = sm.WLS(survey.log_consumption[rows], sm.add_constant(design, has_constant="add"), weights=weight)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SingularMatrixWarning)  # `undetermined` names the variables
        fitted = unfitted.fit(cov_type="cluster", cov_kwds={"groups": survey.cluster[rows]})
    terms = (CONSTANT, *names)
    means = np.average(design, axis=0, weights=weight)
    return LinearModel(
        dict(zip(terms, np.round(fitted.params, WEIGHT_DIGITS).tolist(), strict=True)),
        dict(zip(terms, fitted.bse.tolist(), strict=True)),
        {CONSTANT: 1.0} | dict(zip(names, np.round(means, MEAN_DIGITS).tolist(), strict=True)),
        float(fitted.rsquared),
        _undetermined(design, names),
    )


def _undetermined(design: NDArray[np.float64], names: tuple[str, ...]) -> tuple[str, ...]:
    """Name the variables that others determine to the last household."""
    spread = design.std(axis=0)
    centred = (design - design.mean(axis=0)) / np.where(spread > 0, spread, 1)
    free = np.abs(null_space(centred.T @ centred / len(design), rcond=1e-10)).max(axis=1, initial=0)
    return tuple(name for name, part in zip(names, free, strict=True) if part > 1e-6)
