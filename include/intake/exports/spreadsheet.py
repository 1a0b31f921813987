"""Spreadsheets: KoboToolbox's XLSX and tables kept in Excel. Cells become the text that was typed."""

import io
import re
import zipfile
from collections import Counter
from fnmatch import fnmatchcase

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from include.intake.exports.files import SourceFile, measure_zip
from include.intake.exports.table import Table, from_rows, text_of
from include.intake.finding import BundleRejected, Finding

# A sheet is held in memory as a full rectangle, however few of its cells are filled.
SHEET_CELLS_MAX = 40_000_000
# The .xls format, which cannot hold more than 65,536 rows of 256 cells a sheet.
_OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1")
_ROW = re.compile(rb'<row\b[^>]*?\br="(\d{1,7})"')
_COLUMN = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})\d')


def read_spreadsheet(file: SourceFile, sheet: str | None) -> Table:
    """Read one sheet, named by a pattern, or the first; its first row is the header. Empty rows do not count.

    Raises:
        BundleRejected: NOT_A_ZIP, ENCRYPTED or TOO_LARGE for the file; MISSING_MEMBER or UNSAFE_MEMBER for the sheet;
            BAD_CSV for its header.
    """
    if not file.content.startswith(_OLD_EXCEL):
        measure_zip(file.name, file.content)
        _judge_extent(file)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(file.content))
        found = book.get_sheet_by_name(_sheet_name(file, book.sheet_names, sheet))
        return _table(f"{file.name}/{found.name}", found)
    except (CalamineError, OSError, ValueError) as error:
        raise BundleRejected(Finding("NOT_A_ZIP", file.name, detail=type(error).__name__)) from None


def _judge_extent(file: SourceFile) -> None:
    """Refuse what is no XLSX (other zipped formats repeat cells by a number) and sheets that would fill the memory."""
    with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")]
        cells = max((_extent(archive.read(name)) for name in sheets), default=0)
    if not sheets:
        raise BundleRejected(Finding("NOT_A_ZIP", file.name, detail="a zip, but no XLSX"))
    if cells > SHEET_CELLS_MAX:
        raise BundleRejected(Finding("TOO_LARGE", file.name, detail=f"a sheet of {cells} cells"))


def _extent(sheet: bytes) -> int:
    height = max((int(found[1]) for found in _ROW.finditer(sheet)), default=1)
    width = max((_number(letters) for letters in {found[1] for found in _COLUMN.finditer(sheet)}), default=1)
    return height * width


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _sheet_name(file: SourceFile, names: list[str], pattern: str | None) -> str:
    matching = names[:1] if pattern is None else [name for name in names if fnmatchcase(name, pattern)]
    if len(matching) == 1:
        return matching[0]
    detail = f"{len(matching)} sheets have the name the mapping gives to one"
    raise BundleRejected(Finding("UNSAFE_MEMBER" if matching else "MISSING_MEMBER", file.name, detail=detail))


def _table(name: str, sheet: CalamineSheet) -> Table:
    lines = [[text_of(cell) for cell in row] for row in sheet.iter_rows()]
    header = lines[0] if lines else []
    rows = [row for row in lines[1:] if any(row)]
    named = [position for position, column in enumerate(header) if column]
    if any(row[i] for row in rows for i in range(len(header)) if not header[i]):
        raise BundleRejected(Finding("BAD_CSV", name, detail="a column without a header"))
    if any(count > 1 for count in Counter(header[i] for i in named).values()):
        raise BundleRejected(Finding("BAD_CSV", name, detail="a header name stands twice"))
    return from_rows(name, [header[i] for i in named], [[row[i] for i in named] for row in rows])
