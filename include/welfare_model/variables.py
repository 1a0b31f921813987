"""Variables of the welfare score as seed ``pmt_weights`` lists them, and what a survey may say of each."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from include.settings import PROJECT

SEEDS = PROJECT / "dbt_project" / "seeds" / "targeting"
WEIGHTS, MODELS = "pmt_weights.csv", "pmt_models.csv"
# Numbers, with their range; every other variable is 1 for yes and 0 for no.
RANGES: dict[str, tuple[float, float]] = {
    "pcfloor": (0, 997), "hhsize": (1, 99), "hhage": (0, 98), "age04": (0, 99), "depratio": (0, 99),
    "eschild": (0, 99), "jschild": (0, 99), "sschild": (0, 99),
}  # fmt: skip
_PARTS = {"hhsize2": ("hhsize", "hhsize"), "hhage2": ("hhage", "hhage"), "hhmalemarr": ("hhmale", "hhmarried")}


@dataclass(frozen=True)
class Variable:
    """One line of the weights without its figures."""

    name: str
    label: str
    treatment: str
    form_source: str
    note: str


@cache
def known_variables(seeds: Path = SEEDS) -> tuple[Variable, ...]:
    """Every variable of the seed in its order, the intercept first; the first version says what it is."""
    found: dict[str, Variable] = {}
    with (seeds / WEIGHTS).open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            name = line["variable"]
            told = (line[column] for column in ("label", "treatment", "form_source", "note"))
            found.setdefault(name, Variable(name, *told))
    return tuple(found.values())


def named(treatment: str) -> tuple[str, ...]:
    """Names of the variables treated so: intercept, asked, derived or held_at_mean."""
    return tuple(variable.name for variable in known_variables() if variable.treatment == treatment)


def with_derived(columns: dict[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Add the terms that are products of two variables."""
    return columns | {name: columns[one] * columns[other] for name, (one, other) in _PARTS.items()}
