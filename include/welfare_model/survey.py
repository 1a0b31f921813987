"""A consumption survey, read and checked: one row per household, numbers only (docs/pmt_fitting.md)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from include.welfare_model.survey_file import Cells, SurveyError, read_cells, read_mapping
from include.welfare_model.variables import RANGES, named, with_derived

CONSUMPTION = "consumption_per_head"
HOUSEHOLDS_MIN = 500  # ten to each of some fifty terms
CLUSTERS_MIN = 30  # below, errors robust to clusters are too small to be believed


@dataclass(frozen=True)
class Survey:
    """Columns of equal length, a household each; `variables` holds asked, derived and held ones by name."""

    name: str
    variables: dict[str, NDArray[np.float64]]
    log_consumption: NDArray[np.float64]
    weight: NDArray[np.float64]
    cluster: NDArray[np.int64]
    is_weighted: bool
    is_clustered: bool

    @property
    def households(self) -> int:
        """Rows of the survey."""
        return len(self.log_consumption)

    @property
    def clusters(self) -> int:
        """Sampling clusters; as many as households where the survey names none."""
        return len(np.unique(self.cluster))

    @property
    def persons(self) -> NDArray[np.float64]:
        """Weight of the household's persons together."""
        return self.weight * self.variables["hhsize"]

    def present(self, *treatments: str) -> tuple[str, ...]:
        """Variables of these treatments that the survey has; only held ones may be missing."""
        return tuple(name for treatment in treatments for name in named(treatment) if name in self.variables)

    def matrix(self, names: tuple[str, ...]) -> NDArray[np.float64]:
        """Households by variables."""
        return np.column_stack([self.variables[name] for name in names])


def read_survey(
    path: Path, mapping: Path | None = None, weight: str | None = None, cluster: str | None = None
) -> Survey:
    """Read and check a survey; `mapping` names its columns, `weight` and `cluster` are columns of the file.

    Raises:
        SurveyError: names file, column, row and reason.
    """
    held = named("held_at_mean")
    columns = read_mapping(mapping, (CONSUMPTION, *named("asked"), *held))
    cells = read_cells(path)
    here = {ours: its for ours, its in columns.items() if ours not in held or its in cells.table.columns}
    numbers = {ours: _numbers(cells, its) for ours, its in here.items()}
    for ours, its in here.items():
        _check(cells, its, ours, numbers[ours])
    survey = Survey(
        path.name,
        with_derived({ours: values.to_numpy() for ours, values in numbers.items() if ours != CONSUMPTION}),
        np.log(numbers[CONSUMPTION].to_numpy()),
        _weights(cells, weight),
        _groups(cells, cluster),
        bool(weight),
        bool(cluster),
    )
    _check_size(survey)
    return survey


def _numbers(cells: Cells, column: str) -> pl.Series:
    written = cells.column(column)
    if written.dtype == pl.String:
        written = written.str.strip_chars().replace("", None)
    cells.refuse_where(written.is_null(), column, "empty")
    values = written.cast(pl.Float64, strict=False)
    cells.refuse_where(values.is_null() | ~values.is_finite(), column, "not a number")
    return values


def _check(cells: Cells, column: str, ours: str, values: pl.Series) -> None:
    if ours == CONSUMPTION:
        cells.refuse_where(values <= 0, column, "not above 0")
    elif ours in RANGES:
        low, high = RANGES[ours]
        cells.refuse_where(~values.is_between(low, high), column, f"not within {low:g} to {high:g}")
    else:
        cells.refuse_where(~values.is_in([0.0, 1.0]), column, "neither 0 nor 1")
    if values.n_unique() < 2:
        raise SurveyError(f"{cells.file}: column {column}: the same in all {len(values)} rows")


def _weights(cells: Cells, column: str | None) -> NDArray[np.float64]:
    if column is None:
        return np.ones(len(cells.table))
    values = _numbers(cells, column)
    cells.refuse_where(values <= 0, column, "not above 0")
    return values.to_numpy()


def _groups(cells: Cells, column: str | None) -> NDArray[np.int64]:
    if column is None:
        return np.arange(len(cells.table))
    written = cells.column(column).cast(pl.String).str.strip_chars().replace("", None)
    cells.refuse_where(written.is_null(), column, "empty")
    return np.unique(written.to_numpy(), return_inverse=True)[1].astype(np.int64)


def _check_size(survey: Survey) -> None:
    if survey.households < HOUSEHOLDS_MIN:
        raise SurveyError(f"{survey.name}: {survey.households} households, at least {HOUSEHOLDS_MIN} are needed")
    if survey.clusters < CLUSTERS_MIN:
        raise SurveyError(f"{survey.name}: {survey.clusters} clusters, at least {CLUSTERS_MIN} are needed")
