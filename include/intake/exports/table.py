"""One table of an export as its tool wrote it: columns of text, with the value labels the file carries."""

import math
import re
from dataclasses import dataclass, field
from datetime import date, datetime

_EXACT_INTEGERS = 2**53
_HEADER = re.compile(r"[A-Za-z_@][A-Za-z_ ./:-]{0,79}[0-9]{0,3}[A-Za-z_./-]{0,60}[0-9]{0,3}")


@dataclass
class Table:
    """Columns by name, all of one length. ``labels`` says by column and code what a value is called.

    ``name`` is the file's, with the sheet's where there is one: what a finding calls it.
    """

    name: str
    columns: dict[str, list[str]]
    labels: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """Count the data rows."""
        return len(next(iter(self.columns.values()), []))


def from_rows(name: str, header: list[str], rows: list[list[str]]) -> Table:
    """Make a table of rows that are all as long as the header."""
    values = [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in header]
    return Table(name, dict(zip(header, values, strict=True)))


def text_of(value: object) -> str:
    """Write a typed cell as the text its reader sees; whole numbers without a point, missing as ``""``."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_INTEGERS:
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def shown(name: str) -> str:
    """Show a name of a column or file only if it looks like one: a data row taken for a header stays unseen."""
    return name if _HEADER.fullmatch(name) else "(unprintable name)"
