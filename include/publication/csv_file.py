"""CSV papers of a snapshot: UTF-8, one line feed a row, on every system the same bytes."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path


def write_csv(path: Path, heading: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    """Write a heading and rows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
