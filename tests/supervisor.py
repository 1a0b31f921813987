"""What a supervisor reads: the live snapshot's zip opened with the own password, as a spreadsheet program shows it."""

import io
from typing import Any

import pyzipper
from python_calamine import CalamineWorkbook

from include.publication.keys import password, read_keys
from include.publication.pointer import live
from include.settings import Settings
from tests.builders import SUPERVISOR

Line = dict[str, Any]
HEADINGS = 2  # the row of a sheet that names its columns, from 0


def opened(configured: Settings, supervisor_id: str = SUPERVISOR, kab_code: str = "3573") -> bytes | None:
    """The workbook in the supervisor's zip of the live snapshot; nothing where there is no zip."""
    current = live(configured.published)
    assert current
    snapshot = configured.published / current["tiers"]["operational"]["path"]
    file = snapshot / "supervisor_list" / f"kab_code={kab_code}" / f"{supervisor_id}.zip"
    if not file.exists():
        return None
    with pyzipper.AESZipFile(file) as archive:
        archive.setpassword(password(read_keys(configured.keys_file).of(kab_code), supervisor_id).encode())
        (name,) = archive.namelist()
        return archive.read(name)


def read(configured: Settings, supervisor_id: str = SUPERVISOR, kab_code: str = "3573") -> dict[str, list[Line]]:
    """The lines of every list sheet, by Indonesian heading; a sheet without items has none."""
    book = opened(configured, supervisor_id, kab_code)
    return {} if book is None else {name: _lines(page) for name, page in sheets(book).items() if name != "Ringkasan"}


def sheets(book: bytes) -> dict[str, list[list[Any]]]:
    """Every sheet as rows of cells."""
    found = CalamineWorkbook.from_filelike(io.BytesIO(book))
    return {name: found.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in found.sheet_names}


def _lines(page: list[list[Any]]) -> list[Line]:
    headings = [str(cell).split("\n")[0] for cell in page[HEADINGS]]
    lines = [dict(zip(headings, row, strict=True)) for row in page[HEADINGS + 1 :]]
    return [line for line in lines if "Tidak ada." not in line.values() and "None." not in line.values()]
