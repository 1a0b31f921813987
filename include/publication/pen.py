"""Cells of a workbook in its formats; text is text, whatever it begins with."""

import textwrap
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from include.publication.list_sheets import Both, Cell

# What Excel takes into one cell is 32,767 characters.
_LONGEST = 32_000
_LINE_POINTS = 15
_HIGHEST_POINTS = 409  # of a row in Excel

_FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 14},
    "light": {"italic": True, "font_color": "#7F7F7F", "font_size": 9},
    "bold": {"bold": True},
    "heading": {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": "#DCE6F1", "border": 1},
    "cell": {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#BFBFBF", "num_format": "@"},
    "number": {"valign": "top", "border": 1, "border_color": "#BFBFBF", "num_format": "0"},
    "date": {"valign": "top", "border": 1, "border_color": "#BFBFBF", "num_format": "dd/mm/yyyy", "align": "left"},
    "error": {"bold": True, "text_wrap": True, "valign": "top", "border": 1, "bg_color": "#F8CBAD"},
    "warning": {"text_wrap": True, "valign": "top", "border": 1, "bg_color": "#FFF2CC"},
    "wrapped": {"text_wrap": True, "valign": "top"},
}


class Pen:
    """Writes cells in the formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        """Make the formats in one book."""
        self.formats = {name: book.add_format(how) for name, how in _FORMATS.items()}

    def write(
        self, sheet: Worksheet, row: int, column: int, cell: Cell, style: str = "cell", *, graded: bool = True
    ) -> None:
        """Write one cell: both languages one below the other, a number, a date, or text.

        The second language is light where cells are ``graded``; in the rows of a long list that costs too much time.
        """
        form = self.formats[style]
        if isinstance(cell, Both) and not graded:
            self.write(sheet, row, column, "\n".join(part for part in (cell.indonesian, cell.english) if part), style)
        elif isinstance(cell, Both) and cell.indonesian and cell.english:
            indonesian, english = (part[: _LONGEST // 2] for part in (cell.indonesian, cell.english))
            sheet.write_rich_string(row, column, f"{indonesian}\n", self.formats["light"], english, form)
        elif isinstance(cell, Both):
            self.write(sheet, row, column, cell.indonesian or cell.english, style)
        elif isinstance(cell, date):
            day = datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001 - a spreadsheet's day has no zone
            sheet.write_datetime(row, column, day, self.formats["date" if style == "cell" else style])
        elif isinstance(cell, int):
            sheet.write_number(row, column, cell, self.formats["number" if style == "cell" else style])
        elif cell:
            sheet.write_string(row, column, cell[:_LONGEST], form)
        else:
            sheet.write_blank(row, column, None, form)


def height(cells: Iterable[tuple[Cell, int]]) -> float:
    """How high a row must be, in points, that the longest of its cells (with their widths) is read whole.

    Excel measures a row itself only when somebody edits it; a list is printed as it comes.
    """
    return min(_HIGHEST_POINTS, _LINE_POINTS * max((_lines(cell, width) for cell, width in cells), default=1))


def _lines(cell: Cell, width: int) -> int:
    if isinstance(cell, Both):
        return _lines(cell.indonesian, width) + _lines(cell.english, width)
    return len(wrapped(cell, width - 1)) if isinstance(cell, str) and len(cell) >= width else 1


@lru_cache(maxsize=4096)
def wrapped(text: str, width: int) -> tuple[str, ...]:
    """The lines of a text. Rules have few texts and lists many rows, hence the memory."""
    if len(text) <= width:
        return (text,) if text else ()
    return tuple(textwrap.wrap(text, max(1, width)))
