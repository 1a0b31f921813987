"""Both models judged on clusters they have not seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor
from sklearn.model_selection import GroupKFold

from include.welfare_model.linear_model import fit_linear, one_thread
from include.welfare_model.survey import Survey
from include.welfare_model.targeting_error import CUT_OFFS, TargetingError, rank_correlation, targeting_error

FOLDS = 5
LINEAR, TREES = "linear", "boosted trees"


@dataclass(frozen=True)
class Merit:
    """How well predictions out of fold order and fit; `errors` by basis (household, person), a cut-off each."""

    predicted: NDArray[np.float64]
    r2: float
    residual_sd: float
    rank_correlation: float
    errors: dict[str, list[TargetingError]]


@one_thread
def judge(survey: Survey) -> dict[str, Merit]:
    """Predict every household by models that saw none of its cluster."""
    predicted = {LINEAR: np.empty(survey.households), TREES: np.empty(survey.households)}
    asked = survey.matrix(survey.present("asked"))
    for seen, unseen in GroupKFold(FOLDS).split(asked, groups=survey.cluster):
        predicted[LINEAR][unseen] = fit_linear(survey, seen).scores(survey)[unseen]
        predicted[TREES][unseen] = _by_trees(survey, asked, seen, unseen)
    return {name: merit(survey, values) for name, values in predicted.items()}


def merit(survey: Survey, predicted: NDArray[np.float64]) -> Merit:
    """Judge predictions of the logarithm of consumption per head."""
    truth, weight = survey.log_consumption, survey.weight
    unexplained = float(np.average((truth - predicted) ** 2, weights=weight))
    variance = float(np.average((truth - np.average(truth, weights=weight)) ** 2, weights=weight))
    return Merit(
        predicted,
        r2=1 - unexplained / variance,
        residual_sd=float(np.sqrt(unexplained)),
        rank_correlation=rank_correlation(predicted, truth),
        errors={
            basis: [targeting_error(truth, predicted, units, cut_off) for cut_off in CUT_OFFS]
            for basis, units in (("household", weight), ("person", survey.persons))
        },
    )


def _by_trees(survey: Survey, asked: NDArray, seen: NDArray, unseen: NDArray) -> NDArray[np.float64]:
    trees = HistGradientBoostingRegressor(
        learning_rate=0.1, max_iter=80, max_leaf_nodes=15, min_samples_leaf=20, early_stopping=False, random_state=0
    )
    trees.fit(asked[seen], survey.log_consumption[seen], sample_weight=survey.weight[seen])
    return trees.predict(asked[unseen])
