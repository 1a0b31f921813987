"""From arrays to contract columns: EMPTY becomes missing, two-box and three-box codes get their zeros."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from include.contract import HEADQUARTERS
from include.simulation.draws import EMPTY, Flags, Ints

# The form prints two or three boxes for these and asks that all be filled.
_BOXES = {"r109": 3, "r110": 3, "r413": 2, "r415": 2, "r417": 2, "r421": 2, "r424": 2, "r430": 2}


def code_columns(answers: Mapping[str, Ints], at: Ints, asked: Flags | None = None) -> dict[str, pl.Series]:
    """The answers at these positions as columns, missing where EMPTY or not asked."""
    return {name: code_column(name, values[at], asked) for name, values in answers.items()}


def code_column(name: str, values: Ints, asked: Flags | None = None) -> pl.Series:
    """One column of codes."""
    if asked is not None:
        values = np.where(asked, values, EMPTY)
    series = pl.Series(name, values)
    filled = series.set(series == EMPTY, None)
    return filled.cast(pl.String).str.zfill(_BOXES[name]) if name in _BOXES else filled


def where(text: pl.Series, asked: Flags) -> pl.Series:
    """The text where asked, missing elsewhere."""
    return pl.select(pl.when(pl.Series(asked)).then(text))[:, 0] if len(text) else text


def headquarters_columns(folder: str, file: str) -> tuple[str, ...]:
    """The contract's columns of one of headquarters' files."""
    return HEADQUARTERS[folder][file]
