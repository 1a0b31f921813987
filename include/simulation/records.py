"""Rows held as columns: a frozen dataclass whose fields are arrays (or series) of one length."""

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import polars as pl

from include.simulation.draws import Flags, Ints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Record = TypeVar("Record", bound=DataclassInstance)
else:
    Record = TypeVar("Record")


def take(record: Record, which: Ints | Flags) -> Record:
    """The rows at these positions (or where the flag is set)."""
    positions: Ints = np.flatnonzero(which) if which.dtype == bool else which.astype(np.int64)
    return type(record)(**{f.name: _at(getattr(record, f.name), positions) for f in fields(record)})


def stack(records: Sequence[Record]) -> Record:
    """The rows of all, one after the other."""
    names = [f.name for f in fields(records[0])]
    return type(records[0])(**{name: _joined([getattr(record, name) for record in records]) for name in names})


def _at(column: Any, positions: Ints) -> Any:  # noqa: ANN401 - an array or a series
    return column.gather(positions) if isinstance(column, pl.Series) else column[positions]


def _joined(columns: list[Any]) -> Any:  # noqa: ANN401 - arrays or series
    return pl.concat(columns) if isinstance(columns[0], pl.Series) else np.concatenate(columns)
