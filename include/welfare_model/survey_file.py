"""A survey's file as it lies there: CSV or Stata, its columns by name, refusals by file, column and row."""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import polars as pl
import pyreadstat
import yaml


class SurveyError(ValueError):
    """The survey cannot be fitted; the message names file, column, row and reason, and never a value."""


@dataclass(frozen=True)
class Cells:
    """A file's columns, text in a CSV; `first_row` is the file's number of the first household."""

    file: str
    table: pl.DataFrame
    first_row: int

    def column(self, name: str) -> pl.Series:
        """Give a column.

        Raises:
            SurveyError: the file has none of this name.
        """
        if name not in self.table.columns:
            raise SurveyError(f"{self.file}: column {name} is missing")
        return self.table[name]

    def refuse_where(self, wrong: pl.Series, column: str, reason: str) -> None:
        """Let the column pass if no household is marked.

        Raises:
            SurveyError: names the first marked row and how many there are.
        """
        rows = wrong.fill_null(value=False).arg_true()
        if len(rows):
            more = f" (and {len(rows) - 1} more rows)" if len(rows) > 1 else ""
            raise SurveyError(f"{self.file}: column {column}, row {rows[0] + self.first_row}: {reason}{more}")


def read_cells(path: Path) -> Cells:
    """Read a CSV or Stata file whole.

    Raises:
        SurveyError: there is no such file, it is of another kind, cannot be read, or names a column twice.
    """
    if not path.is_file():
        raise SurveyError(f"{path}: no such file")
    if path.suffix.lower() == ".csv":
        return _read_csv(path)
    if path.suffix.lower() == ".dta":
        return _read_stata(path)
    raise SurveyError(f"{path.name}: neither .csv nor .dta")


def _read_csv(path: Path) -> Cells:
    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            header = next(csv.reader(lines), [])
        twice = [name for name, count in Counter(header).items() if count > 1]
        if twice:
            raise SurveyError(f"{path.name}: column {twice[0]} stands twice")
        table = pl.read_csv(path, infer_schema_length=0)
    except UnicodeDecodeError:
        raise SurveyError(f"{path.name}: not UTF-8") from None
    except pl.exceptions.PolarsError as error:
        _unreadable(path, "CSV", error)
    return Cells(path.name, table, first_row=2)


def _read_stata(path: Path) -> Cells:
    try:
        columns, _ = pyreadstat.read_dta(str(path), output_format="dict")
    except Exception as error:  # the reader's errors have no other kind in common
        _unreadable(path, "Stata", error)
    return Cells(path.name, pl.DataFrame(columns, strict=False), first_row=1)


def _unreadable(path: Path, kind: str, error: Exception) -> NoReturn:
    raise SurveyError(f"{path.name}: cannot be read as {kind} ({type(error).__name__})") from None


def read_mapping(path: Path | None, known: tuple[str, ...]) -> dict[str, str]:
    """Read how a survey names its columns: our name to its own; a name not listed is the survey's too.

    Raises:
        SurveyError: no mapping, or it names a variable that is not known.
    """
    if path is None:
        return {name: name for name in known}
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise SurveyError(f"{path.name}: no mapping ({type(error).__name__})") from None
    if not isinstance(said, dict) or not all(isinstance(name, str) for name in said.values()):
        raise SurveyError(f"{path.name}: a mapping says `our name: the survey's column`, one a line")
    unknown = [str(name) for name in said if name not in known]
    if unknown:
        raise SurveyError(f"{path.name}: {unknown[0]} is no variable of the score")
    return {name: said.get(name, name) for name in known}
