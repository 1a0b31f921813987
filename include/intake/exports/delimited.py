"""Comma- and tab-separated text: ODK Central, SurveyCTO, Survey Solutions."""

from collections import Counter

from include.intake.exports.files import SourceFile
from include.intake.exports.table import Table, from_rows
from include.intake.finding import BundleRejected, Finding
from include.intake.member import records


def read_delimited(file: SourceFile, sheet: str | None = None) -> Table:
    """Read one text file; ``.tab`` and ``.tsv`` are separated by tabs. There are no sheets to choose from.

    Raises:
        BundleRejected: BAD_ENCODING or BAD_CSV, with the row where there is one.
    """
    delimiter = "\t" if file.name.lower().endswith((".tab", ".tsv")) else ","
    lines = records(file.name, file.content, delimiter)
    header = next(lines, [])
    if any(count > 1 for count in Counter(header).values()):
        raise BundleRejected(Finding("BAD_CSV", file.name, detail="a header name stands twice"))
    rows = list(lines)
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            detail = f"{len(row)} fields, header has {len(header)}"
            raise BundleRejected(Finding("BAD_CSV", file.name, number, detail))
    return from_rows(file.name, header, rows)
