"""The sheets of a supervisor's workbook and their columns: Indonesian first, English beside.

No column changes merely because a day passes: how long an item waits is said by the day since when (docs/adr/0018).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True)
class Both:
    """One text in both languages."""

    indonesian: str
    english: str


Cell = str | int | date | Both | None


@dataclass(frozen=True)
class Column:
    """One column: its heading, its width in characters, and what it shows of a row."""

    heading: Both
    width: int
    shows: Callable[[Row], Cell]


@dataclass(frozen=True)
class Sheet:
    """One sheet: its tab, its title, the kinds of items on it and how many of its first columns are printed."""

    tab: str
    title: Both
    kinds: tuple[str, ...]
    columns: tuple[Column, ...]
    printed: int


SEVERITIES = {"error": Both("KESALAHAN", "error"), "warning": Both("Peringatan", "warning")}


_ORDER = ("enumerator_id", "idsubsls", "building_number", "family_number", "person_line", "rule_id", "item_id")


def place_order(row: Row) -> tuple:
    """Errors before warnings, then the way a supervisor goes: enumerator, sub-SLS, building, family, line."""
    severities = list(SEVERITIES)
    severity = severities.index(row["severity"]) if row.get("severity") in severities else len(severities)
    values = [row.get(name) for name in _ORDER]
    return severity, [(value is not None, value) if value is not None else (False,) for value in values]


def text_of(name: str) -> Callable[[Row], Cell]:
    """What a column of the mart says, as text."""
    return lambda row: None if row.get(name) is None else str(row[name])


def as_it_is(name: str) -> Callable[[Row], Cell]:
    """What a column of the mart says, a number or a day."""
    return lambda row: row.get(name)


def _both(stem: str) -> Callable[[Row], Cell]:
    return lambda row: Both(row.get(f"{stem}_id") or "", row.get(f"{stem}_en") or "")


def _as_on_the_form(name: str) -> Callable[[Row], Cell]:
    """A building or family number as the form prints it, three digits."""
    return lambda row: None if row.get(name) is None else f"{row[name]:03d}"


def _severity(row: Row) -> Cell:
    return SEVERITIES.get(str(row.get("severity")), row.get("severity"))


def _line(row: Row) -> Cell:
    line = row.get("person_line")
    if line == 0:
        return Both("Keluarga", "family page")
    if line is not None and line < 0:  # stands for a line number that cannot be read
        return Both("Tidak terbaca", "unreadable")
    return None if line is None else str(line)


def _sub_sls(row: Row) -> Cell:
    code = row.get("idsubsls")
    return Both("Tidak dikenal", "unknown") if code == "UNKNOWN" else code


def _place(row: Row) -> Cell:
    names = [row.get(name) for name in ("sls_name", "desa_name", "kecamatan_name")]
    return ", ".join(name for name in names if name)


SEVERITY = Column(Both("Tingkat", "Severity"), 12, _severity)
ENUMERATOR = Column(Both("Pencacah", "Enumerator"), 11, text_of("enumerator_id"))
SUB_SLS = Column(Both("ID sub-SLS", "Sub-SLS"), 17, _sub_sls)
PLACE = Column(Both("SLS, desa/kelurahan, kecamatan", "Place"), 18, _place)
BUILDING = Column(Both("Bangunan", "r109"), 9, _as_on_the_form("building_number"))
FAMILY = Column(Both("Keluarga", "r110"), 9, _as_on_the_form("family_number"))
HEAD = Column(Both("Kepala keluarga", "Head of family"), 15, text_of("head_name"))
LINE = Column(Both("No. ART", "r401"), 9, _line)
PERSON = Column(Both("Nama ART", "Person"), 15, text_of("person_name"))
RULE = Column(Both("Aturan", "Rule"), 10, text_of("rule_id"))
REASON = Column(Both("Alasan", "Reason"), 20, text_of("rule_id"))
PROBLEM = Column(Both("Masalah", "Problem"), 32, _both("problem"))
TREATMENT = Column(Both("Yang harus dilakukan", "What to do"), 32, _both("treatment"))
VALUES = Column(Both("Isian tertulis", "Written values"), 18, text_of("written_values"))
FOUND = Column(Both("Rincian teknis", "Technical detail"), 18, text_of("written_values"))
FIELD_DAY = Column(Both("Tgl. pencacahan", "Field day"), 12, as_it_is("field_day"))
ARRIVAL_DAY = Column(Both("Tgl. diterima", "Arrival day"), 12, as_it_is("arrival_day"))
FIRST_SEEN = Column(Both("Menunggu sejak", "Waiting since"), 12, as_it_is("first_seen_day"))
BUNDLE = Column(Both("Berkas bundel", "Bundle"), 34, text_of("bundle_name"))
ROW_NUMBER = Column(Both("Baris", "Row"), 7, as_it_is("row_number"))
DOCUMENT = Column(Both("ID dokumen", "Document id"), 38, text_of("submission_id"))
REVISION = Column(Both("Revisi", "Revision"), 8, text_of("revision"))

SHEETS = (
    Sheet(
        "Perbaikan",
        Both("Dokumen yang harus diperbaiki atau diperiksa", "Documents to correct or to check"),
        ("rule", "conflict"),
        (
            SEVERITY, ENUMERATOR, SUB_SLS, PLACE, BUILDING, FAMILY, HEAD, LINE, PERSON, RULE, PROBLEM, TREATMENT,
            VALUES, FIRST_SEEN, FIELD_DAY, ARRIVAL_DAY, BUNDLE, ROW_NUMBER, DOCUMENT, REVISION,
        ),
        14,
    ),
    Sheet(
        "Dokumen ditolak",
        Both("Dokumen dan anggota yang ditolak: belum masuk data", "Rejected documents and persons: not in the data"),
        ("rejected_document", "rejected_person"),
        (
            ENUMERATOR, BUNDLE, ROW_NUMBER, REASON, PROBLEM, TREATMENT, VALUES, SUB_SLS, PLACE, BUILDING, FAMILY, HEAD,
            LINE, PERSON, FIRST_SEEN, FIELD_DAY, ARRIVAL_DAY, DOCUMENT, REVISION,
        ),
        15,
    ),
    Sheet(
        "Bundel ditolak",
        Both("Bundel yang ditolak: seluruh isinya belum masuk data", "Rejected bundles: nothing in them counts yet"),
        ("rejected_bundle",),
        (ENUMERATOR, BUNDLE, REASON, PROBLEM, TREATMENT, FOUND, FIRST_SEEN, ARRIVAL_DAY),
        8,
    ),
    Sheet(
        "Koreksi kedaluwarsa",
        Both("Koreksi yang tidak diterapkan", "Corrections that were not applied"),
        ("stale_correction",),
        (
            ENUMERATOR, SUB_SLS, PLACE, BUILDING, FAMILY, HEAD, LINE, PERSON, PROBLEM, TREATMENT, VALUES, FIRST_SEEN,
            ARRIVAL_DAY, DOCUMENT, REVISION,
        ),
        12,
    ),
)  # fmt: skip


def sheet_of(row: Row) -> Sheet:
    """The sheet of an item; the first also takes kinds that no sheet names, so that none is lost."""
    return next((sheet for sheet in SHEETS if row.get("item_kind") in sheet.kinds), SHEETS[0])
