"""A desa's lists on paper: the same sheets as its workbook, in Indonesian, drawn without a clock or a random id."""

import io
from datetime import date
from itertools import pairwise

from reportlab import rl_config
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from include.publication.desa_sheets import BOOKS, CONFIDENTIAL, listed, place_name
from include.publication.list_sheets import Both, Cell, Row, Sheet
from include.publication.pen import wrapped

# Pages as they are compressed, not once more as letters.
rl_config.useA85 = 0
_WIDTH, _HEIGHT = landscape(A4)
_LEFT, _TOP, _BOTTOM = 28.0, _HEIGHT - 34.0, 34.0
_SIZE, _LINE = 7.5, 9.0
_FONT, _BOLD = "Helvetica", "Helvetica-Bold"
# Letters of a table's size across the page; names are written in capitals, which are wider.
_LETTERS, _CAPITALS = 200, 1.35


def pdf(mart: str, rows: list[Row], desa_code: str, as_of: str) -> bytes:
    """Make one desa's PDF of the rows of a mart that are its own; ``as_of`` is the day of their last change."""
    book, buffer = BOOKS[mart], io.BytesIO()
    day = _text(date.fromisoformat(as_of))
    foot = f"RAHASIA   {desa_code}   keadaan per {day}"
    canvas = Canvas(buffer, landscape(A4), invariant=1, pageCompression=1)
    canvas.setTitle(f"{book.title.indonesian} {desa_code}")
    paper = _Paper(canvas, foot)
    lists = listed(book, rows)
    paper.write(book.title.indonesian, _BOLD, 14)
    paper.write(f"Desa/kelurahan {place_name(rows, desa_code)}, keadaan per {day} (hari perubahan terakhir)")
    for text in [*(f"{one.sheet.tab} ({len(on)} baris): {one.purpose} {one.task}" for one, on in lists), CONFIDENTIAL]:
        paper.write(text)
    for one, on_it in lists:
        if on_it:
            paper.table(one.sheet, on_it)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


class _Paper:
    """The pages of a document, filled from the top."""

    def __init__(self, canvas: Canvas, foot: str) -> None:
        self._canvas, self._foot, self._page = canvas, foot, 0
        self._begin()

    def write(self, text: str, font: str = _FONT, size: float = 9) -> None:
        """A paragraph across the page."""
        for line in wrapped(_latin(text), int(_LETTERS * _SIZE / size)):
            self._room(size + 3)
            self._canvas.setFont(font, size)
            self._canvas.drawString(_LEFT, self._y - size, line)
            self._y -= size + 3
        self._y -= 4

    def table(self, sheet: Sheet, rows: list[Row]) -> None:
        """A titled table; its head stands on every page it goes over."""
        self._room(90)
        self._y -= 6
        self.write(sheet.title.indonesian, _BOLD, 11)
        edges = _edges(sheet)
        letters = _LETTERS / (_WIDTH - 2 * _LEFT)
        widths = [int((right - left - 4) * letters) for left, right in pairwise(edges)]
        head = [_fitted(column.heading.indonesian, width) for column, width in zip(sheet.columns, widths, strict=True)]
        self._line(head, edges, _BOLD)
        for row in rows:
            cells = [_text(column.shows(row)) for column in sheet.columns]
            lines = [_fitted(_latin(cell), width) for cell, width in zip(cells, widths, strict=True)]
            if self._y - _LINE * max(map(len, lines)) - 4 < _BOTTOM:
                self._close(edges)
                self._end()
                self._begin()
                self._line(head, edges, _BOLD)
            self._line(lines, edges, _FONT)
        self._close(edges)

    def _line(self, cells: list[tuple[str, ...]], edges: list[float], font: str) -> None:
        canvas, high = self._canvas, _LINE * max(1, *map(len, cells)) + 4
        canvas.line(_LEFT, self._y, edges[-1], self._y)
        text = canvas.beginText()
        text.setFont(font, _SIZE, _LINE)
        for edge, lines in zip(edges, cells, strict=False):
            if lines:
                text.setTextOrigin(edge + 2, self._y - _SIZE - 1)
                for line in lines:
                    text.textLine(line)
        canvas.drawText(text)
        self._y -= high

    def _close(self, edges: list[float]) -> None:
        self._canvas.line(_LEFT, self._y, edges[-1], self._y)

    def _room(self, high: float) -> None:
        if self._y - high < _BOTTOM:
            self._end()
            self._begin()

    def _begin(self) -> None:
        self._page += 1
        self._y = _TOP
        self._canvas.setLineWidth(0.3)
        self._canvas.setFont(_FONT, _SIZE)
        self._canvas.drawString(_LEFT, 18, f"{self._foot}   halaman {self._page}")

    def _end(self) -> None:
        self._canvas.showPage()


def _fitted(text: str, letters: int) -> tuple[str, ...]:
    return wrapped(text, int(letters / _CAPITALS) if text.isupper() else letters)


def _edges(sheet: Sheet) -> list[float]:
    whole = sum(column.width for column in sheet.columns)
    edges = [_LEFT]
    for column in sheet.columns:
        edges.append(edges[-1] + column.width / whole * (_WIDTH - 2 * _LEFT))
    return edges


def _text(cell: Cell) -> str:
    if isinstance(cell, Both):
        return cell.indonesian or cell.english
    return "" if cell is None else f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)


def _latin(text: str) -> str:
    """Letters that the fonts every reader has can show; the workbook has the others."""
    return text.encode("cp1252", "replace").decode("cp1252")
