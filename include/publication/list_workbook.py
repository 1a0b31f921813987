"""A supervisor's workbook, made in memory: the same rows give the same bytes, whatever day it is."""

from datetime import date

from xlsxwriter.worksheet import Worksheet

from include.publication.book import new_book, on_a4
from include.publication.list_sheets import SEVERITIES, SEVERITY, SHEETS, Row, Sheet, place_order, sheet_of
from include.publication.list_summary import write_summary
from include.publication.pen import Pen, height

_HEADINGS = 3


def workbook(rows: list[Row], supervisor_id: str, kab_code: str, as_of: str) -> bytes:
    """Make one supervisor's workbook of the rows of ``correction_list`` that are theirs."""
    day = date.fromisoformat(as_of)
    book, buffer = new_book(f"Daftar perbaikan {supervisor_id} {as_of}", day)
    pen = Pen(book)
    rows = sorted(rows, key=place_order)
    write_summary(book.add_worksheet("Ringkasan"), pen, rows, supervisor_id, kab_code, day)
    for sheet in SHEETS:
        on_it = [row for row in rows if sheet_of(row) is sheet]
        write_sheet(book.add_worksheet(sheet.tab), pen, sheet, on_it)
    book.close()
    return buffer.getvalue()


def write_sheet(page: Worksheet, pen: Pen, sheet: Sheet, rows: list[Row]) -> None:
    """Write the rows of one sheet under its headings, ready to print."""
    pen.write(page, 0, 0, sheet.title.indonesian, "title")
    pen.write(page, 1, 0, sheet.title.english, "light")
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        pen.write(page, _HEADINGS - 1, place, column.heading, "heading")
    page.set_row(_HEADINGS - 1, height((column.heading, column.width) for column in sheet.columns))
    widths = [column.width for column in sheet.columns]
    for number, row in enumerate(rows, start=_HEADINGS):
        cells = [column.shows(row) for column in sheet.columns]
        page.set_row(number, height(zip(cells, widths, strict=True)))
        for place, (cell, column) in enumerate(zip(cells, sheet.columns, strict=True)):
            is_marked = column is SEVERITY and row.get("severity") in SEVERITIES
            style = row["severity"] if is_marked else "cell"
            pen.write(page, number, place, cell, style, graded=is_marked)
    if not rows:
        pen.write(page, _HEADINGS, 0, "Tidak ada.", "bold")
        pen.write(page, _HEADINGS + 1, 0, "None.", "light")
    page.freeze_panes(_HEADINGS, 0)
    page.autofilter(_HEADINGS - 1, 0, max(_HEADINGS, _HEADINGS + len(rows) - 1), len(sheet.columns) - 1)
    _print_on_paper(page, sheet, _HEADINGS + max(1, len(rows)))


def _print_on_paper(page: Worksheet, sheet: Sheet, last_row: int) -> None:
    page.set_landscape()
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    on_a4(page)
    page.repeat_rows(_HEADINGS - 1)
    page.print_area(0, 0, last_row, sheet.printed - 1)
