"""A desa's workbook, made in memory: a page that explains, then a sheet for each list."""

from datetime import date

from xlsxwriter.worksheet import Worksheet

from include.publication.book import new_book, on_a4
from include.publication.desa_sheets import BOOKS, CONFIDENTIAL, DesaBook, DesaList, listed, place_name
from include.publication.list_sheets import Both, Cell, Row
from include.publication.list_workbook import write_sheet
from include.publication.pen import Pen, height

_WIDTHS = (34, 16, 16, 16, 16)


def workbook(mart: str, rows: list[Row], desa_code: str, as_of: str) -> bytes:
    """Make one desa's workbook of the rows of a mart that are its own; ``as_of`` is the day of their last change."""
    day, book = date.fromisoformat(as_of), BOOKS[mart]
    made, buffer = new_book(f"{book.title.indonesian} {desa_code} {as_of}", day)
    pen = Pen(made)
    lists = listed(book, rows)
    _write_summary(made.add_worksheet("Ringkasan"), pen, book, lists, place_name(rows, desa_code), day)
    for one, on_it in lists:
        write_sheet(made.add_worksheet(one.sheet.tab), pen, one.sheet, on_it)
    made.close()
    return buffer.getvalue()


def _write_summary(
    page: Worksheet, pen: Pen, book: DesaBook, lists: list[tuple[DesaList, list[Row]]], place: str, as_of: date
) -> None:
    for column, width in enumerate(_WIDTHS):
        page.set_column(column, column, width)
    pen.write(page, 0, 0, book.title.indonesian, "title")
    pen.write(page, 1, 0, book.title.english, "light")
    head: list[tuple[Both, Cell]] = [
        (Both("Desa/kelurahan", "Village or ward"), place),
        (Both("Keadaan per", "As of the last change on"), as_of),
        *((Both(one.sheet.tab, one.sheet.title.english), len(on_it)) for one, on_it in lists),
    ]
    for number, (title, cell) in enumerate(head, start=3):
        page.set_row(number, height([(title, _WIDTHS[0])]))
        pen.write(page, number, 0, title)
        if isinstance(cell, str):
            page.merge_range(number, 1, number, len(_WIDTHS) - 1, "")
        pen.write(page, number, 1, cell)
    texts = [f"{one.sheet.tab}: {one.purpose} {one.task}" for one, _ in lists]
    for number, text in enumerate([*texts, CONFIDENTIAL], start=4 + len(head)):
        page.merge_range(number, 0, number, len(_WIDTHS) - 1, "")
        page.set_row(number, height([(text, sum(_WIDTHS))]) + 6)
        pen.write(page, number, 0, text, "wrapped")
    page.set_portrait()
    on_a4(page)
