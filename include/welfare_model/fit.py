"""From a survey to a version of the weights with its card, plot and seeds."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from include.welfare_model.calibration import plot_calibration
from include.welfare_model.cross_validation import LINEAR, Merit, judge
from include.welfare_model.linear_model import LinearModel, fit_linear
from include.welfare_model.model_card import model_card
from include.welfare_model.survey import Survey
from include.welfare_model.variables import SEEDS
from include.welfare_model.version import Version, append_version, model_line, weight_lines

CARD, PLOT = "model_card.md", "calibration.png"


@dataclass(frozen=True)
class Fitted:
    """A survey's linear model and what both models are worth out of fold."""

    survey: Survey
    model: LinearModel
    merits: dict[str, Merit]


def fit(survey: Survey) -> Fitted:
    """Fit on the whole survey and judge on folds of it."""
    return Fitted(survey, fit_linear(survey), judge(survey))


def write_version(fitted: Fitted, version: Version, out: Path, seeds: Path = SEEDS) -> None:
    """Write card, plot and both seeds with the version appended into a folder.

    Raises:
        VersionError: the version or its day is taken, or a figure does not fit.
    """
    weights = weight_lines(version, fitted.model)
    line = model_line(version, fitted.survey, fitted.merits[LINEAR])
    out.mkdir(parents=True, exist_ok=True)
    append_version(weights, line, seeds, out)
    plot_calibration(fitted.survey, fitted.merits, out / PLOT)
    card = model_card(version, fitted.survey, fitted.model, fitted.merits)
    (out / CARD).write_text(card, encoding="utf-8")


def default_name(path: Path) -> str:
    """Name a version by its survey's file and content."""
    stem = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in path.stem).strip("-")
    return f"{stem or 'survey'}-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"
