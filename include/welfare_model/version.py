"""A version of the weights as data: lines of seeds ``pmt_weights`` and ``pmt_models``."""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from include.durable import replace_text
from include.welfare_model.cross_validation import Merit
from include.welfare_model.linear_model import CONSTANT, MEAN_DIGITS, WEIGHT_DIGITS, LinearModel
from include.welfare_model.survey import Survey
from include.welfare_model.variables import MODELS, WEIGHTS, known_variables

NEVER = date(9999, 12, 31)
COEFFICIENT_LIMIT, MEAN_LIMIT = 100, 10_000  # decimal(10, 8) and decimal(8, 4) of the seed
_INTERCEPT_NOTE = "The mean of every variable held at its mean is added to it."
_Lines = list[dict[str, str]]


class VersionError(ValueError):
    """The version cannot be added; the message says which name, day or figure stands in the way."""


@dataclass(frozen=True)
class Version:
    """What a version is called, since when it holds and who vouches for it."""

    name: str
    valid_from: date
    source: str
    licence: str
    approved_by: str | None = None

    def __post_init__(self) -> None:
        """Refuse a name that could not stand in a file name or a seed."""
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", self.name):
            raise VersionError(f"version {self.name!r}: letters, digits, dot, dash and underscore only")

    @property
    def note(self) -> str:
        """Who approved it, or that nobody did."""
        return f"Approved by {self.approved_by}." if self.approved_by else "Not approved for anybody's aid."


def weight_lines(version: Version, model: LinearModel) -> _Lines:
    """Lines of ``pmt_weights``, in the order in which the seed lists variables.

    Raises:
        VersionError: a figure does not fit the seed's type.
    """
    too_large = [
        name for name, coefficient in model.coefficients.items()
        if abs(coefficient) >= COEFFICIENT_LIMIT or abs(model.means[name]) >= MEAN_LIMIT
    ]  # fmt: skip
    if too_large:
        raise VersionError(f"{too_large[0]}: a weight of {COEFFICIENT_LIMIT} or a mean of {MEAN_LIMIT} fits no seed")
    return [
        {
            "model_version": version.name, "variable": variable.name, "label": variable.label,
            "coefficient": f"{model.coefficients[variable.name]:.{WEIGHT_DIGITS}f}",
            "mean_value": f"{model.means[variable.name]:.{MEAN_DIGITS}f}",
            "treatment": variable.treatment, "form_source": variable.form_source,
            "note": _INTERCEPT_NOTE if variable.name == CONSTANT else variable.note,
        }
        for variable in known_variables()
        if variable.name in model.coefficients
    ]  # fmt: skip


def model_line(version: Version, survey: Survey, merit: Merit) -> dict[str, str]:
    """Line of ``pmt_models``; its figures are out of fold."""
    return {
        "model_version": version.name, "valid_from": version.valid_from.isoformat(),
        "residual_sd": f"{merit.residual_sd:.6f}", "r2": f"{merit.r2:.6f}", "households": str(survey.households),
        "is_illustrative": str(version.approved_by is None).lower(), "source": version.source,
        "licence": version.licence, "note": version.note,
    }  # fmt: skip


def append_version(weights: _Lines, model: dict[str, str], seeds: Path, out: Path) -> None:
    """Write both seeds of folder `seeds` with the version's lines into folder `out`, which may be the same.

    Raises:
        VersionError: the version or its day is taken.
    """
    for column in ("model_version", "valid_from"):
        with (seeds / MODELS).open(encoding="utf-8", newline="") as lines:
            taken = {line[column] for line in csv.DictReader(lines)}
        if model[column] in taken:
            raise VersionError(f"{MODELS}: {column} {model[column]} is taken; a version is never overwritten")
    texts = {name: _appended(seeds / name, lines) for name, lines in ((WEIGHTS, weights), (MODELS, [model]))}
    for name, text in texts.items():
        replace_text(out / name, text)


def _appended(path: Path, lines: _Lines) -> str:
    text = io.StringIO(path.read_text(encoding="utf-8"))
    [header, *_] = csv.reader(text)
    text.seek(0, io.SEEK_END)
    csv.DictWriter(text, header, lineterminator="\n").writerows(lines)
    return text.getvalue()
