"""Stata's .dta and SPSS's .sav: typed values with the value labels the file carries; user-missing is missing."""

import io
from collections.abc import Callable

import pyreadstat

from include.intake.exports.files import SourceFile
from include.intake.exports.table import Table, text_of
from include.intake.finding import BundleRejected, Finding

# Values of one file; asked of the reader as a number of rows, since a header may understate what follows.
FILE_VALUES_MAX = 40_000_000


def read_stata(file: SourceFile, sheet: str | None = None) -> Table:
    """Read a Stata file. There are no sheets to choose from.

    Raises:
        BundleRejected: NOT_A_ZIP, BAD_ENCODING or TOO_LARGE.
    """
    return _read(file, pyreadstat.read_dta, "Stata")


def read_spss(file: SourceFile, sheet: str | None = None) -> Table:
    """Read an SPSS file. There are no sheets to choose from.

    Raises:
        BundleRejected: NOT_A_ZIP, BAD_ENCODING or TOO_LARGE.
    """
    return _read(file, pyreadstat.read_sav, "SPSS")


def _read(file: SourceFile, read: Callable, kind: str) -> Table:
    try:
        _, about = read(io.BytesIO(file.content), metadataonly=True)
        most = FILE_VALUES_MAX // max(len(about.column_names), 1)
        values, about = read(io.BytesIO(file.content), output_format="dict", row_limit=most + 1)
    except UnicodeDecodeError:
        raise BundleRejected(Finding("BAD_ENCODING", file.name, detail=f"text of the {kind} file")) from None
    except Exception as error:  # the reader's errors have no other kind in common
        raise BundleRejected(
            Finding("NOT_A_ZIP", file.name, detail=f"no {kind} file: {type(error).__name__}")
        ) from None
    columns = {name: [text_of(value) for value in column] for name, column in values.items()}
    table = Table(file.name, columns, _labels(about.variable_value_labels))
    if table.height > most:
        raise BundleRejected(Finding("TOO_LARGE", file.name, detail=f"more than {FILE_VALUES_MAX} values"))
    return table


def _labels(by_column: dict[str, dict]) -> dict[str, dict[str, str]]:
    return {
        name: {text_of(float(code) if isinstance(code, int) else code): label for code, label in labels.items()}
        for name, labels in by_column.items()
    }
