"""A workbook that is made in memory, and its pages on paper: the same for supervisors and desa."""

import io
from datetime import date, datetime

import xlsxwriter
from xlsxwriter.worksheet import Worksheet


def new_book(title: str, day: date) -> tuple[xlsxwriter.Workbook, io.BytesIO]:
    """Begin a workbook, and the memory it is in once closed; the day stands for the time it was made."""
    buffer = io.BytesIO()
    # In memory: xlsxwriter's own way would leave names unencrypted in the temporary folder.
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    created = datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a label, not an instant
    book.set_properties({"title": title, "created": created})
    return book, buffer


def on_a4(page: Worksheet) -> None:
    """Print a page on A4, as wide as the paper, confidential on every sheet."""
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.set_footer("&L&F&CRAHASIA / confidential&R&P / &N")
